package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.ArrayType;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A form of targets that callers type, such as {@code margin:A,B}; found through {@link
 * java.util.ServiceLoader}.
 *
 * <p>A form is stateless and used by many threads. It stands beside the built-in forms and never in
 * place of one; the prefixes {@code output:NAME/} and {@code at:LAYER/} work with it.
 */
public interface TargetForm {
    /** The words that built-in forms and prefixes begin with, which no plugin can take. */
    Set<String> BUILT_IN =
            Set.of(
                    "predicted",
                    "rank",
                    "top",
                    "class",
                    "label",
                    "sum",
                    "layer",
                    "channel",
                    "neuron",
                    "yolo",
                    "yolo-raw",
                    "box",
                    "output",
                    "at");

    /** Return the word that callers type first: lower case letters, digits and {@code -}. */
    String head();

    /** Return how it is typed, for help and errors: {@code margin:A,B}; begins with the head. */
    String form();

    /** Return what is explained, in one sentence. */
    String sentence();

    /**
     * Make the target of what a caller typed, for one batch.
     *
     * <p>It is named as the caller typed it, whatever its {@link Target#spelling()}. One that names
     * no {@link Target#sources() sources} is handed the array at {@link Question#source()}, not all
     * outputs.
     *
     * @throws IllegalArgumentException if the words behind the head are not understood; its message
     *     says what is, and is shown with the form
     * @throws VitrailException of kind {@code USAGE} if the target does not fit this network
     */
    Target bind(Question question);

    /** What a caller typed, and the network that it is about. */
    interface Question {
        /** Return it as it was typed: {@code at:fc/margin:281,282}. */
        String spelling();

        /** Return what follows the head's colon: {@code 281,282}; empty where nothing does. */
        String rest();

        /** Return the layers of the network, as it runs on this batch. */
        Layers layers();

        /** Return what the prefix names, as the network gives it; without one its first output. */
        Source source();

        /** Return the type of {@link #source()}; the first axis is the batch. */
        ArrayType type();

        /** Return the names of the classes, in order; empty where they have none. */
        List<String> labels();

        /**
         * Return the score of another form, read from the same place: {@code class:281}, {@code
         * label:tabby}, {@code sum}.
         *
         * <p>A class counts as {@code --score} says: its logit, wherever the network was cut, its
         * probability or its loss.
         *
         * @throws VitrailException of kind {@code USAGE} if there is no such class, label or layer
         */
        default Target target(String form) {
            return combined(List.of(form), NDList::head);
        }

        /**
         * Return a formula over the scores of other forms, read from the same place.
         *
         * @param forms {@code class:281}, {@code label:tabby}, ...; as in {@link #target}
         * @param formula from their scores, each of shape {@code (N)}, to one score an item
         * @throws VitrailException of kind {@code USAGE} if one of them does not fit
         */
        Target combined(List<String> forms, Function<NDList, NDArray> formula);
    }
}
