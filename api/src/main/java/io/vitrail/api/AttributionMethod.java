package io.vitrail.api;

import io.vitrail.api.graph.Operator;
import java.util.List;

/**
 * A method of attribution, found through {@link java.util.ServiceLoader}.
 *
 * <p>Implement {@link OnePassMethod} where one run of the network with rules and taps is enough,
 * {@link ManyPassMethod} where the method runs it several times. A method is stateless and used by
 * many threads.
 */
public sealed interface AttributionMethod permits OnePassMethod, ManyPassMethod {

    /** Where a method explains. */
    enum Place {
        /** At the network's inputs; with layers chosen, at those instead. */
        INPUT_OR_LAYERS,
        /**
         * At the network's inputs, with the help of one layer: the default is the last spatial one.
         */
        INPUT_THROUGH_LAYER,
        /** At layers with a spatial output; the default is the last of them. */
        SPATIAL_LAYERS,
        /** At layers, which the caller must choose. */
        LAYERS
    }

    /** Return the id that callers type: lower case letters, digits and {@code -}. */
    String id();

    /** Return what the method shows, in one sentence. */
    String sentence();

    /** Return where the method explains. */
    Place place();

    /** Return the paper: authors, year and a link; empty where there is none. */
    default String paper() {
        return "";
    }

    /** Return what the method costs: {@code 1 forward, 1 backward}. */
    default String cost() {
        return "1 forward, 1 backward";
    }

    /** Return the options that the method reads. */
    default List<Option<?>> options() {
        return List.of();
    }

    /** Return whether the method explains a score; {@code activation} does not. */
    default boolean usesTarget() {
        return true;
    }

    /**
     * Return whether the method can explain at a layer.
     *
     * <p>Of the layers that a glob stands for, those are taken; one that the caller names is handed
     * over whatever this says, for the method to refuse it in its own words.
     */
    default boolean fits(Layer layer) {
        if (usesTarget()
                && (layer.operator() instanceof Operator.Constant
                        || !layer.type().type().isFloating())) {
            return false;
        }
        return switch (place()) {
            case INPUT_THROUGH_LAYER, SPATIAL_LAYERS -> layer.isSpatial();
            case INPUT_OR_LAYERS, LAYERS -> true;
        };
    }
}
