package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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
            return List.of(concatenate(layer, layer.inputs()));
        }
        List<Value> inputs = sameRank(layer);
        if (name.equals("Subtract") && inputs.size() != 2) {
            throw layer.refusal("is called with " + inputs.size() + " arrays", "it takes two");
        }
        Value merged = inputs.get(0);
        for (Value next : inputs.subList(1, inputs.size())) {
            merged = layer.add(pairwise(name), merged, next);
        }
        return List.of(
                name.equals("Average")
                        ? layer.add(new Operator.Scale(1.0 / inputs.size(), 0), merged)
                        : merged);
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
