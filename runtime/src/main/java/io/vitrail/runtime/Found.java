package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Check what a method returned against what it was asked for. */
final class Found {
    private Found() {}

    /**
     * Return what was found.
     *
     * <p>There is a map for each chosen layer, or for each input of the network, and for nothing
     * else. The first axis of each is the items; at a layer it may be the layer's own.
     *
     * @throws VitrailException of kind {@code FAILURE} if it is not so
     */
    static Attribution checked(Job job, @Nullable Attribution found) {
        if (found == null) {
            throw defect(job, "returned null");
        }
        if (!found.method().equals(job.method().id())) {
            throw defect(job, "returned maps in the name of '" + found.method() + "'");
        }
        Map<String, Values> atLayers = new LinkedHashMap<>();
        Map<String, Values> atInputs = new LinkedHashMap<>();
        found.parts()
                .forEach(
                        (part, values) ->
                                (part.atLayer() ? atLayers : atInputs).put(part.place(), values));
        if (atLayers.size() + atInputs.size() != found.parts().size()) {
            throw defect(job, "returned two maps for one place: " + found.parts().keySet());
        }
        Map<String, Long> layers = new LinkedHashMap<>();
        for (Layer layer : job.chosen()) {
            layers.put(layer.name(), first(layer.shape().getShape()));
        }
        Map<String, Long> inputs = new LinkedHashMap<>();
        for (Graph.Port input : job.layers().inputs()) {
            inputs.put(input.name(), first(input.type().shape().getShape()));
        }
        boolean throughLayers =
                switch (job.method().place()) {
                    case INPUT_THROUGH_LAYER -> false;
                    case INPUT_OR_LAYERS, SPATIAL_LAYERS, LAYERS -> !layers.isEmpty();
                };
        check(job, "layer", throughLayers ? layers : Map.of(), atLayers);
        check(job, "input", throughLayers ? Map.of() : inputs, atInputs);
        return found;
    }

    private static void check(
            Job job, String what, Map<String, Long> asked, Map<String, Values> found) {
        Set<String> unasked = new LinkedHashSet<>(found.keySet());
        unasked.removeAll(asked.keySet());
        if (!unasked.isEmpty()) {
            throw defect(job, "returned a map at " + what + " " + unasked + ", unasked");
        }
        asked.forEach(
                (name, length) -> {
                    Values values = found.get(name);
                    String place = "at " + what + " '" + name + "'";
                    if (values == null) {
                        throw defect(job, "returned no map " + place);
                    }
                    long rows = first(values.shape());
                    if (rows != job.items() && rows != length) {
                        throw defect(
                                job,
                                "returned shape "
                                        + Arrays.toString(values.shape())
                                        + " "
                                        + place
                                        + "; the first axis must be the items, "
                                        + job.items());
                    }
                });
    }

    /** Return the length of the first axis; -1 of none, which is no number of items. */
    private static long first(long[] shape) {
        return shape.length == 0 ? -1 : shape[0];
    }

    private static VitrailException defect(Job job, String what) {
        return VitrailException.failure(
                job.who() + " " + what + " (" + job.layers().model() + "): a defect of it");
    }

    /** Return what is to be said of values that are NaN or infinite, if there are any. */
    static Optional<String> notFinite(Job job, Attribution found) {
        List<String> places = new ArrayList<>();
        found.parts()
                .forEach(
                        (part, values) -> {
                            int wrong = 0;
                            for (int i = 0; i < values.size(); i++) {
                                wrong += Double.isFinite(values.get(i)) ? 0 : 1;
                            }
                            if (wrong > 0) {
                                places.add(
                                        wrong
                                                + " of "
                                                + values.size()
                                                + " values at "
                                                + (part.atLayer() ? "layer" : "input")
                                                + " '"
                                                + part.place()
                                                + "'");
                            }
                        });
        return places.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        job.method().id()
                                + ": NaN or infinite: "
                                + String.join(", ", places)
                                + "; check the network's own values with -m activation");
    }
}
