package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attention without heads, called with a list: query, value and, optionally, key.
 *
 * <p>Scores are {@code q k}, times a trained scale where there is one; or {@code w sum tanh(q +
 * k)}, with one weight for all features or, additive, one for each.
 */
final class DotAttention implements KerasLayer {
    private static final double FAR_BELOW = -1e9; // as Keras has it; 0 behind a softmax

    @Override
    public Set<String> classNames() {
        return Set.of("Attention", "AdditiveAttention");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        if (!(layer.argument(0, "inputs") instanceof List<?> inputs)
                || inputs.size() < 2
                || inputs.size() > 3
                || !inputs.stream().allMatch(Value.class::isInstance)) {
            throw layer.refusal(
                    "is not called with a list of two or three arrays", "save the model again");
        }
        Value query = (Value) inputs.get(0);
        Value value = (Value) inputs.get(1);
        Value key = (Value) inputs.get(inputs.size() - 1);
        Value scores = scores(layer, query, key);
        Value queries = mask(layer, 0, query);
        Value masked = Masks.filled(layer, scores, allowed(layer, query, value), FAR_BELOW);
        Value weights = layer.add("weights", new Operator.Softmax(2), Map.of(), masked);
        Value mixed = layer.add(new Operator.MatMul(), weights, value);
        if (queries != null) {
            long count = layer.shape(queries).get(1);
            mixed = Masks.filled(layer, mixed, Masks.shaped(layer, queries, -1L, count, 1L), 0);
            layer.mask(mixed, queries);
        }
        return Boolean.TRUE.equals(layer.argument(Integer.MAX_VALUE, "return_attention_scores"))
                ? List.of(mixed, weights)
                : List.of(mixed);
    }

    /** Return the mask of the query, 0, or of the value, 1. */
    private static @Nullable Value mask(LayerBuilder layer, int position, Value x) {
        Object given = layer.argument(1, "mask");
        if (given instanceof List<?> masks) {
            return masks.size() > position && masks.get(position) instanceof Value mask
                    ? Masks.truth(layer, mask)
                    : null;
        }
        return layer.mask(x);
    }

    private static @Nullable Value allowed(LayerBuilder layer, Value query, Value value) {
        Value values = mask(layer, 1, value);
        Value allowed = null;
        if (values != null) {
            allowed = Masks.shaped(layer, values, -1L, 1L, layer.shape(values).get(1));
        }
        boolean causal =
                layer.config().flag("causal", false) // of Keras 2 before 2.10
                        || Boolean.TRUE.equals(
                                layer.argument(Integer.MAX_VALUE, "use_causal_mask"));
        if (causal) {
            int rows = (int) layer.shape(query).get(1);
            int columns = (int) layer.shape(value).get(1);
            allowed = Masks.and(layer, allowed, Masks.causal(layer, rows, columns));
        }
        return allowed;
    }

    private static Value scores(LayerBuilder layer, Value query, Value key) {
        boolean additive = layer.config().className().equals("AdditiveAttention");
        boolean scale = layer.config().flag("use_scale", additive);
        if (additive) {
            long size = layer.lastSize(query);
            Parameter row =
                    scale
                            ? layer.weight(
                                    "scale", 0, new Shape(size), List.of(0), new Shape(1, size))
                            : ones(layer, size);
            return summed(layer, curved(layer, query, key, null), row);
        }
        String mode = layer.config().string("score_mode", "dot");
        Value factor = scale ? scalar(layer, "scale", 0) : null;
        switch (mode) {
            case "dot" -> {
                Value turned = layer.add(new Operator.Permute(List.of(0, 2, 1)), key);
                Value product = layer.add("scores", new Operator.MatMul(), Map.of(), query, turned);
                return factor == null
                        ? product
                        : layer.add(new Operator.Multiply(), product, factor);
            }
            case "concat" -> {
                Value curve = curved(layer, query, key, factor);
                Value sum = summed(layer, curve, ones(layer, layer.lastSize(query)));
                Value weight = scalar(layer, "concat_score_weight", scale ? 1 : 0);
                return layer.add(new Operator.Multiply(), sum, weight);
            }
            default ->
                    throw layer.refusal(
                            "has the score_mode '" + mode + "'", "dot and concat are known");
        }
    }

    private static Parameter ones(LayerBuilder layer, long size) {
        double[] ones = new double[(int) size];
        java.util.Arrays.fill(ones, 1);
        return layer.parameter("ones", new Shape(1, size), ones);
    }

    private static Value scalar(LayerBuilder layer, String name, int index) {
        Parameter number = layer.weight(name, index, new Shape(), List.of(), new Shape(1));
        return layer.add(name, new Operator.Constant(), Map.of("value", number));
    }

    /** Return tanh(q + k) of every pair, (N, queries, keys, features). */
    private static Value curved(
            LayerBuilder layer, Value query, Value key, @Nullable Value factor) {
        long size = layer.lastSize(query);
        Value rows = Masks.shaped(layer, query, -1L, layer.shape(query).get(1), 1L, size);
        Value columns = Masks.shaped(layer, key, -1L, 1L, layer.shape(key).get(1), size);
        Value sum = layer.add(new Operator.Add(), rows, columns);
        Value scaled = factor == null ? sum : layer.add(new Operator.Multiply(), sum, factor);
        return layer.add(new Operator.Tanh(), scaled);
    }

    private static Value summed(LayerBuilder layer, Value curve, Parameter row) {
        Value sum = layer.add("scores", new Operator.Linear(), Map.of("weight", row), curve);
        Shape pairs = layer.shape(curve);
        return Masks.shaped(layer, sum, -1L, pairs.get(1), pairs.get(2));
    }
}
