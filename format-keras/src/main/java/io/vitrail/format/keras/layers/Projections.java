package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The matrices of attention: into the heads, kernels (features, heads, size), and out of them,
 * (heads, size, features...).
 */
record Projections(LayerBuilder layer) {

    /** Return an array that a call must have. */
    static Value argument(LayerBuilder layer, int position, String keyword) {
        if (layer.argument(position, keyword) instanceof Value value) {
            return value;
        }
        throw layer.refusal("is called without a " + keyword, "save the model again");
    }

    /**
     * A {@code .keras} has them as attributes, of Keras 2 and of grouped attention private ones.
     */
    private LayerBuilder part(String name, String attribute) {
        String own = "_" + attribute;
        return layer.part(name, name, layer.hasPart(name, own) ? own : attribute);
    }

    /**
     * Return (N, heads, tokens, size), or (N, heads, size, tokens).
     *
     * @param x (N, tokens, features)
     */
    Value project(String name, Value x, long heads, long size, boolean sizeFirst) {
        Value flat = linear(name, x, heads, size);
        Value apart = layer.add(new Operator.Reshape(List.of(-1L, tokens(x), heads, size)), flat);
        List<Integer> order = sizeFirst ? List.of(0, 2, 3, 1) : List.of(0, 2, 1, 3);
        return layer.add(new Operator.Permute(order), apart);
    }

    private long tokens(Value x) {
        return layer.shape(x).get(1);
    }

    private Value linear(String name, Value x, long heads, long size) {
        LayerBuilder part = part(name, name + "_dense");
        Map<String, Parameter> weights = new LinkedHashMap<>();
        long in = layer.lastSize(x);
        Shape flat = new Shape(heads * size, in);
        weights.put(
                "weight",
                part.weight("kernel", 0, new Shape(in, heads, size), List.of(1, 2, 0), flat));
        if (layer.config().flag("use_bias", true)) {
            Shape whole = new Shape(heads * size);
            weights.put(
                    "bias", part.weight("bias", 1, new Shape(heads, size), List.of(0, 1), whole));
        }
        return part.add(LayerBuilder.ITSELF, new Operator.Linear(), weights, x);
    }

    /** Multiply what the heads say by a gate that the queries open. */
    Value gated(Value mixed, Value tokens, long heads, long size) {
        Value flat = linear("gate", tokens, heads, size);
        Value open = layer.add(new Operator.Sigmoid(), flat);
        Value apart =
                layer.add(new Operator.Reshape(List.of(-1L, tokens(tokens), heads, size)), open);
        Value gate = layer.add(new Operator.Permute(List.of(0, 2, 1, 3)), apart);
        return layer.add(new Operator.Multiply(), mixed, gate);
    }

    /**
     * Return (N, tokens, features), several axes of features joined to one.
     *
     * @param mixed (N, heads, tokens, size)
     */
    Value join(Value mixed, long heads, long size, long... features) {
        long tokens = layer.shape(mixed).get(2);
        Value ordered = layer.add(new Operator.Permute(List.of(0, 2, 1, 3)), mixed);
        Value row = layer.add(new Operator.Reshape(List.of(-1L, tokens, heads * size)), ordered);
        LayerBuilder part = part("attention_output", "output_dense");
        List<Long> stored = new ArrayList<>(List.of(heads, size));
        List<Integer> order = new ArrayList<>();
        for (long feature : features) {
            order.add(stored.size());
            stored.add(feature);
        }
        order.add(0);
        order.add(1);
        long all = new Shape(features).size();
        Map<String, Parameter> weights = new LinkedHashMap<>();
        weights.put(
                "weight",
                part.weight(
                        "kernel",
                        0,
                        Convolutions.shape(stored),
                        order,
                        new Shape(all, heads * size)));
        if (layer.config().flag("use_bias", true)) {
            List<Integer> axes =
                    order.subList(0, features.length).stream().map(i -> i - 2).toList();
            weights.put("bias", part.weight("bias", 1, new Shape(features), axes, new Shape(all)));
        }
        return part.add(LayerBuilder.ITSELF, new Operator.Linear(), weights, row);
    }
}
