package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Layers that make one array of several.
 *
 * <p>An array of fewer axes than the others gets axes of size 1 behind its batch.
 */
final class Merging implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of(
                "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        String name = layer.config().className();
        if (name.equals("Concatenate")) {
            Value joined = concatenate(layer, layer.inputs());
            layer.mask(joined, joinedMask(layer, Axis.one(layer, "axis", joined)));
            return List.of(joined);
        }
        List<Value> inputs = sameRank(layer);
        if (name.equals("Subtract") && inputs.size() != 2) {
            throw layer.refusal("is called with " + inputs.size() + " arrays", "it takes two");
        }
        Value merged = inputs.get(0);
        for (Value next : inputs.subList(1, inputs.size())) {
            merged = layer.add(pairwise(name), merged, next);
        }
        if (name.equals("Average")) {
            merged = layer.add(new Operator.Scale(1.0 / inputs.size(), 0), merged);
        }
        layer.mask(merged, eitherMask(layer));
        return List.of(merged);
    }

    /** A step counts where it does in one of the inputs, if all of them have a mask. */
    private static @Nullable Value eitherMask(LayerBuilder layer) {
        List<Value> masks = masks(layer);
        if (masks.size() < layer.inputs().size()) {
            return null;
        }
        Value either = masks.get(0);
        for (Value mask : masks) {
            either = mask.equals(either) ? either : Masks.or(layer, either, mask);
        }
        return either;
    }

    /** A step counts where it does in all of the inputs; joined along the steps, in its own. */
    private static @Nullable Value joinedMask(LayerBuilder layer, int axis) {
        List<Value> masks = masks(layer);
        if (masks.isEmpty()) {
            return null;
        }
        if (axis >= layer.rank(masks.get(0))) {
            Value all = null;
            for (Value mask : masks) {
                all = mask.equals(all) ? all : Masks.and(layer, all, mask);
            }
            return all;
        }
        if (masks.size() < layer.inputs().size()) {
            throw layer.refusal(
                    "joins steps of which some have a mask and some have none",
                    "mask all of its inputs or none");
        }
        return layer.add(new Operator.Concat(axis), masks.toArray(Value[]::new));
    }

    private static List<Value> masks(LayerBuilder layer) {
        List<Value> masks = new ArrayList<>();
        for (Value input : layer.inputs()) {
            Value mask = layer.mask(input);
            if (mask != null) {
                masks.add(mask);
            }
        }
        return masks;
    }

    private static Operator pairwise(String name) {
        return switch (name) {
            case "Subtract" -> new Operator.Subtract();
            case "Multiply" -> new Operator.Multiply();
            case "Maximum" -> new Operator.Maximum();
            case "Minimum" -> new Operator.Minimum();
            default -> new Operator.Add();
        };
    }

    static Value concatenate(LayerBuilder layer, List<Value> inputs) {
        if (inputs.isEmpty()) {
            throw layer.refusal("is called with nothing", "save the model again");
        }
        return layer.add(
                new Operator.Concat(Axis.one(layer, "axis", inputs.get(0))),
                inputs.toArray(Value[]::new));
    }

    private static List<Value> sameRank(LayerBuilder layer) {
        List<Value> inputs = layer.inputs();
        if (inputs.isEmpty()) {
            throw layer.refusal("is called with nothing", "save the model again");
        }
        int rank = inputs.stream().mapToInt(layer::rank).max().orElse(0);
        List<Value> same = new ArrayList<>();
        for (Value x : inputs) {
            long[] sizes = layer.shape(x).getShape();
            if (sizes.length == rank || sizes.length == 0) {
                same.add(x);
                continue;
            }
            List<Long> wanted = new ArrayList<>(List.of(-1L)); // the batch
            while (wanted.size() + sizes.length - 1 < rank) {
                wanted.add(1L);
            }
            for (int i = 1; i < sizes.length; i++) {
                wanted.add(sizes[i]);
            }
            same.add(layer.add(new Operator.Reshape(wanted), x));
        }
        return same;
    }
}
