package io.vitrail.runtime;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layers;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Compare the number of labels with the number of classes: a list of another length lies. */
final class LabelCount {
    private LabelCount() {}

    /**
     * Refuse labels that are not as many as the classes of any output that is a class vector.
     *
     * @throws VitrailException of kind {@code USAGE}
     */
    static void check(Layers layers, List<String> labels) {
        Set<Long> counts = new LinkedHashSet<>();
        List<Graph.Result> outputs = layers.graph().outputs();
        for (int i = 0; i < outputs.size() && !labels.isEmpty(); i++) {
            Shape shape = layers.type(outputs.get(i).value()).shape();
            if (shape.dimension() == 2) {
                counts.add(shape.get(1) < 1 ? (long) labels.size() : classes(layers, i));
            }
        }
        if (!counts.isEmpty() && !counts.contains((long) labels.size())) {
            throw refused(
                    layers.model(),
                    labels,
                    counts.stream().map(String::valueOf).collect(Collectors.joining(" or ")));
        }
    }

    private static long classes(Layers layers, int output) {
        return ClassReading.ofOutput(layers, output).classes();
    }

    /** Create the error for labels that are not as many as the classes. */
    static VitrailException refused(String model, List<String> labels, String classes) {
        return VitrailException.usage(
                model
                        + ": "
                        + labels.size()
                        + (labels.size() == 1 ? " label for " : " labels for ")
                        + classes
                        + " classes\n  do:      give one name for each class, the first for class 0,"
                        + " with --labels FILE or in the sidecar");
    }
}
