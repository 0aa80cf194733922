package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import io.vitrail.format.keras.LayerConfig;
import java.util.List;

/** Read axes, which count from behind where they are negative. */
final class Axis {
    private Axis() {}

    /** Return the axes under a key in ascending order; the last one where none is given. */
    static List<Integer> all(LayerBuilder layer, LayerConfig config, String key, Value x) {
        return of(layer, config.integers(key, List.of(-1L)), layer.rank(x));
    }

    /** Return the one axis under a key, the last where none is given. */
    static int one(LayerBuilder layer, String key, Value x) {
        List<Integer> axes = all(layer, layer.config(), key, x);
        if (axes.size() != 1) {
            throw layer.refusal("has " + key + " " + axes, "one axis is known");
        }
        return axes.get(0);
    }

    /** Return axes of an array of a rank, counted from its front, in ascending order. */
    static List<Integer> of(LayerBuilder layer, List<Long> given, int rank) {
        List<Integer> axes =
                given.stream().map(axis -> one(layer, axis, rank)).distinct().sorted().toList();
        if (axes.size() != given.size()) {
            throw layer.refusal("names an axis twice in " + given, "save the model again");
        }
        return axes;
    }

    static int one(LayerBuilder layer, long given, int rank) {
        long axis = given < 0 ? given + rank : given;
        if (axis < 0 || axis >= rank) {
            throw layer.refusal(
                    "names axis " + given + " of an array of " + rank + " axes",
                    "save the model again");
        }
        return (int) axis;
    }
}
