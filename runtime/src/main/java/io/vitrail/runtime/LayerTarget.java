package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.vitrail.api.Layer;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A score inside the network: a whole layer, a channel, a neuron.
 *
 * @param layer the layer's name
 * @param at the position: nothing, a channel, or one index an axis
 */
record LayerTarget(String head, String layer, List<Long> at) {

    /** Take {@code layer:LAYER}, {@code channel:LAYER:K} or {@code neuron:LAYER:i,j,k} apart. */
    static LayerTarget parse(TargetSpelling spelling) {
        if (spelling.head().equals("layer")) {
            return new LayerTarget("layer", spelling.rest(), List.of());
        }
        String rest = spelling.rest();
        int colon = rest.lastIndexOf(':');
        String numbers = rest.substring(colon + 1).replace(" ", "");
        boolean channel = spelling.head().equals("channel");
        if (colon < 1 || !numbers.matches(channel ? "[0-9]{1,18}" : "[0-9]{1,18}(,[0-9]{1,18})*")) {
            throw VitrailException.usage(
                    "target '"
                            + spelling.whole()
                            + "': write "
                            + (channel ? "channel:LAYER:K" : "neuron:LAYER:i,j,k"));
        }
        return new LayerTarget(
                spelling.head(),
                rest.substring(0, colon),
                Arrays.stream(numbers.split(",")).map(Long::valueOf).toList());
    }

    /** Make the target. */
    Target bind(String spelling, Layer at) {
        UnaryOperator<NDArray> formula =
                switch (head) {
                    case "layer" -> FormulaTarget::sum;
                    case "channel" -> channel(spelling, at);
                    default -> neuron(spelling, at);
                };
        return new FormulaTarget(
                spelling, List.of(Source.of(at)), values -> formula.apply(values.head()));
    }

    private UnaryOperator<NDArray> channel(String spelling, Layer layer) {
        int axis = layer.channelAxis();
        if (axis < 0) {
            throw VitrailException.usage(
                    "target '"
                            + spelling
                            + "': layer "
                            + layer
                            + " has no channels; use neuron:"
                            + layer.name()
                            + ":i,j,k or layer:"
                            + layer.name());
        }
        check(spelling, layer, axis, at.get(0), "channel");
        NDIndex index = new NDIndex().addAllDim(axis).addIndices(at.get(0));
        return values -> FormulaTarget.mean(values.get(index));
    }

    private UnaryOperator<NDArray> neuron(String spelling, Layer layer) {
        int rank = layer.shape().dimension();
        if (at.size() != rank - 1) {
            throw VitrailException.usage(
                    "target '"
                            + spelling
                            + "': layer "
                            + layer
                            + " needs "
                            + (rank - 1)
                            + (rank == 2 ? " index" : " indices")
                            + " behind the batch, not "
                            + at.size());
        }
        NDIndex index = new NDIndex().addAllDim();
        for (int axis = 1; axis < rank; axis++) {
            check(spelling, layer, axis, at.get(axis - 1), "index");
            index.addIndices(at.get(axis - 1));
        }
        return values -> values.get(index).reshape(values.getShape().get(0));
    }

    private static void check(String spelling, Layer layer, int axis, long number, String what) {
        long size = layer.shape().get(axis);
        if (size >= 0 && number >= size) {
            throw VitrailException.usage(
                    "target '"
                            + spelling
                            + "': no "
                            + what
                            + " "
                            + number
                            + " on axis "
                            + axis
                            + " of layer "
                            + layer
                            + "; 0 to "
                            + (size - 1));
        }
    }
}
