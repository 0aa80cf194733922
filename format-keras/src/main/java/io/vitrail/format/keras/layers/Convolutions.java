package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Convolutions of 1, 2 and 3 axes, grouped, dilated, causal; a kernel is (space..., in, out). */
final class Convolutions implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("Conv1D", "Conv2D", "Conv3D");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        int axes = Windows.spatialAxes(layer);
        Value x = layer.input();
        List<Long> sizes = Windows.sizes(layer, x, axes);
        List<Long> kernel = Windows.each(layer, "kernel_size", axes, List.of());
        List<Long> strides = Windows.each(layer, "strides", axes, List.of(1L));
        List<Long> dilations = Windows.each(layer, "dilation_rate", axes, List.of(1L));
        Windows.Padding padding = Windows.padding(layer, sizes, kernel, strides, dilations);
        long groups = layer.config().integer("groups", 1);
        long filters = layer.config().integer("filters");
        long in = Windows.channels(layer, x);
        if (groups < 1 || in % groups != 0 || filters < 1 || filters % groups != 0) {
            throw layer.refusal(
                    "has " + groups + " groups for " + in + " channels and " + filters + " filters",
                    "save the model again");
        }
        Map<String, Parameter> weights = new LinkedHashMap<>();
        weights.put("weight", kernel(layer, "kernel", 0, kernel, in / groups, filters));
        addBias(layer, weights, 1, filters);
        Value y =
                layer.add(
                        LayerBuilder.ITSELF,
                        new Operator.Convolution(
                                strides,
                                padding.before(),
                                padding.after(),
                                dilations,
                                groups,
                                layer.layout()),
                        weights,
                        x);
        return List.of(layer.activate("activation", y));
    }

    /** Return a kernel stored (space..., a, b) as (b, a, space...). */
    static Parameter kernel(
            LayerBuilder layer, String name, int index, List<Long> kernel, long a, long b) {
        int axes = kernel.size();
        List<Long> stored = new ArrayList<>(kernel);
        stored.add(a);
        stored.add(b);
        List<Integer> order = new ArrayList<>(List.of(axes + 1, axes));
        for (int i = 0; i < axes; i++) {
            order.add(i);
        }
        return layer.weight(name, index, shape(stored), order);
    }

    static Shape shape(List<Long> sizes) {
        return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
    }

    static void addBias(
            LayerBuilder layer, Map<String, Parameter> weights, int index, long length) {
        if (layer.config().flag("use_bias", true)) {
            weights.put("bias", layer.weight("bias", index, new Shape(length)));
        }
    }
}
