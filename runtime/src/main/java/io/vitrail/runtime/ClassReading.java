package io.vitrail.runtime;

import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Source;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.Optional;

/**
 * Where a class vector and its logits stand.
 *
 * @param vector the vector as the network gives it, of shape {@code (N, columns)}
 * @param logits what stands in front of the final softmax or sigmoid, else the vector
 * @param ending what the vector ends in
 * @param columns the number of columns; one column is two classes
 */
record ClassReading(Source vector, Source logits, Ending ending, long columns) {

    /** What a class vector ends in. */
    enum Ending {
        NONE,
        SOFTMAX,
        LOG_SOFTMAX,
        SIGMOID
    }

    /** Read an output, by its position. */
    static ClassReading ofOutput(Layers layers, int output) {
        Value value = layers.graph().outputs().get(output).value();
        return of(
                new Source.Output(output),
                layers.finalActivation(output),
                layers.type(value).shape().get(1));
    }

    /** Read the output of a layer. */
    static ClassReading ofLayer(Layer layer) {
        return of(
                Source.of(layer),
                Optional.of(layer).filter(one -> ending(one) != Ending.NONE),
                layer.shape().get(1));
    }

    private static ClassReading of(Source vector, Optional<Layer> last, long columns) {
        Ending ending = last.map(ClassReading::ending).orElse(Ending.NONE);
        if (columns == 1 && ending != Ending.SIGMOID) {
            return new ClassReading(vector, vector, Ending.NONE, columns);
        }
        Source logits =
                last.<Source>map(layer -> new Source.At(layer.inputs().get(0))).orElse(vector);
        return new ClassReading(vector, logits, ending, columns);
    }

    private static Ending ending(Layer layer) {
        Operator operator = layer.operator();
        return operator instanceof Operator.Softmax
                ? Ending.SOFTMAX
                : operator instanceof Operator.LogSoftmax
                        ? Ending.LOG_SOFTMAX
                        : operator instanceof Operator.Sigmoid ? Ending.SIGMOID : Ending.NONE;
    }

    /** Return the number of classes: one column is two. */
    long classes() {
        return Math.max(columns, 2);
    }

    /** Return whether the vector itself holds probabilities. */
    boolean holdsProbabilities() {
        return ending == Ending.SOFTMAX || ending == Ending.SIGMOID;
    }
}
