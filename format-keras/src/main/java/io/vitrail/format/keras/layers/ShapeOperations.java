package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Functions that arrange elements anew; the batch stays in front and free. */
final class ShapeOperations {
    private ShapeOperations() {}

    static Value add(LayerBuilder layer, String function, Value x) {
        return switch (function) {
            case "transpose" -> layer.add(new Operator.Permute(order(layer, x)), x);
            case "expand_dims" -> expanded(layer, x);
            case "squeeze" -> squeezed(layer, x);
            default -> {
                List<Long> sizes = Settings.integers(layer, "shape", "newshape");
                yield Shaping.to(layer, x, sizes.subList(Math.min(1, sizes.size()), sizes.size()));
            }
        };
    }

    private static List<Integer> order(LayerBuilder layer, Value x) {
        return Settings.integers(layer, "perm", "axes").stream()
                .map(axis -> Axis.one(layer, axis, layer.rank(x)))
                .toList();
    }

    private static Value expanded(LayerBuilder layer, Value x) {
        int rank = layer.rank(x);
        int axis = Axis.one(layer, Settings.integer(layer, 0, "axis"), rank + 1);
        List<Long> sizes = sizes(layer, x);
        if (axis == 0) {
            throw layer.refusal("puts an axis before the batch", "a batch comes first");
        }
        sizes.add(axis, 1L);
        return layer.add(new Operator.Reshape(sizes), x);
    }

    private static Value squeezed(LayerBuilder layer, Value x) {
        List<Long> sizes = sizes(layer, x);
        List<Integer> axes = new ArrayList<>(Operations.axes(layer, x));
        Collections.reverse(axes);
        for (int axis : axes) {
            if (axis == 0 || sizes.remove(axis) != 1) {
                throw layer.refusal(
                        "squeezes axis " + axis + " of " + layer.shape(x),
                        "an axis of size 1 can go, the batch stays");
            }
        }
        return layer.add(new Operator.Reshape(sizes), x);
    }

    /** Return the sizes of an array for a reshape, with the batch left free. */
    private static List<Long> sizes(LayerBuilder layer, Value x) {
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < layer.rank(x); i++) {
            sizes.add(i == 0 ? -1L : layer.shape(x).get(i));
        }
        return sizes;
    }
}
