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
    static Attribution checked(Job job, @Nullable Attribution given) {
        Attribution found = placed(job, given);
        found.parts()
                .forEach(
                        (part, values) ->
                                checkLength(job, part, values, asked(job).get(part.place())));
        return found;
    }

    /** Return what was found, if there is a map for each place that was asked for, and no other. */
    static Attribution placed(Job job, @Nullable Attribution found) {
        if (found == null) {
            throw defect(job, "returned null");
        }
        if (!found.method().equals(job.method().id())) {
            throw defect(job, "returned maps in the name of '" + found.method() + "'");
        }
        boolean atLayers = atLayers(job);
        Set<String> missing = new LinkedHashSet<>(asked(job).keySet());
        for (Attribution.Part part : found.parts().keySet()) {
            if (part.atLayer() != atLayers || !asked(job).containsKey(part.place())) {
                throw defect(job, "returned a map " + said(part) + ", unasked");
            }
            if (!missing.remove(part.place())) {
                throw defect(job, "returned two maps " + said(part));
            }
        }
        if (!missing.isEmpty()) {
            String what = atLayers ? "layer" : "input";
            throw defect(
                    job, "returned no map at " + what + " '" + missing.iterator().next() + "'");
        }
        return found;
    }

    private static boolean atLayers(Job job) {
        return switch (job.method().place()) {
            case INPUT_THROUGH_LAYER -> false;
            case INPUT_OR_LAYERS, SPATIAL_LAYERS, LAYERS -> !job.chosen().isEmpty();
        };
    }

    /** Return the places that were asked for, and the length of the first axis there. */
    private static Map<String, Long> asked(Job job) {
        Map<String, Long> places = new LinkedHashMap<>();
        if (atLayers(job)) {
            for (Layer layer : job.chosen()) {
                places.put(layer.name(), first(layer.shape().getShape()));
            }
        } else {
            for (Graph.Port input : job.layers().inputs()) {
                places.put(input.name(), first(input.type().shape().getShape()));
            }
        }
        return places;
    }

    private static void checkLength(
            Job job, Attribution.Part part, Values values, @Nullable Long own) {
        long rows = first(values.shape());
        if (rows != job.items() && !Long.valueOf(rows).equals(own)) {
            throw defect(
                    job,
                    "returned shape "
                            + Arrays.toString(values.shape())
                            + " "
                            + said(part)
                            + "; the first axis must be the items, "
                            + job.items());
        }
    }

    private static String said(Attribution.Part part) {
        return "at " + (part.atLayer() ? "layer" : "input") + " '" + part.place() + "'";
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
                            if (values.isFinite()) {
                                return;
                            }
                            int wrong = 0;
                            for (int i = 0; i < values.size(); i++) {
                                wrong += Double.isFinite(values.get(i)) ? 0 : 1;
                            }
                            places.add(wrong + " of " + values.size() + " values " + said(part));
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
