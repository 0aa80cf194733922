package io.vitrail.method.preact;

import io.vitrail.api.Layer;
import io.vitrail.api.Request;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Check the layers that a caller chose. */
final class Chosen {
    private Chosen() {}

    static List<Layer> layers(Request request) {
        if (request.chosen().isEmpty()) {
            throw VitrailException.usage(
                    request.layers().model()
                            + ": "
                            + request.method()
                            + " needs layers: choose with -l"
                            + "\n  all:     vitrail layers "
                            + request.layers().model());
        }
        return request.chosen();
    }

    /** Return the chosen layers, each an activation or ending in one. */
    static List<Layer> activations(Request request) {
        for (Layer layer : layers(request)) {
            if (!layer.isActivation()) {
                List<String> near = near(layer, request);
                throw VitrailException.usage(
                        request.layers().model()
                                + ": "
                                + request.method()
                                + ": layer '"
                                + layer.name()
                                + "' ends in "
                                + layer.kind()
                                + ", not in an activation"
                                + (near.isEmpty()
                                        ? "\n  the network has none"
                                        : "\n  near:    " + String.join(", ", near)));
            }
        }
        return request.chosen();
    }

    /** The activations that read the layer, then those around it, nearest first. */
    private static List<String> near(Layer layer, Request request) {
        List<Layer> all = new ArrayList<>(request.layers().matching(Layer::isActivation));
        int here = position(layer);
        all.sort(
                Comparator.comparing((Layer other) -> !other.inputs().contains(layer.value()))
                        .thenComparing(other -> Math.abs(position(other) - here)));
        return all.stream().limit(5).map(Layer::name).toList();
    }

    private static int position(Layer layer) {
        return layer.value() instanceof Value.Output output ? output.node() : -1;
    }
}
