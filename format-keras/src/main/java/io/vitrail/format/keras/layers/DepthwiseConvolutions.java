package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Depthwise and separable convolutions.
 *
 * <p>A depthwise kernel is (space..., in, multiplier), and output channel {@code c * multiplier +
 * m} reads input channel {@code c}. Strides and dilation of a separable one belong to its depthwise
 * half; bias and activation stand at its end.
 */
final class DepthwiseConvolutions implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Map<String, Parameter> weights = new LinkedHashMap<>();
        Value x = layer.input();
        boolean separable = layer.config().className().startsWith("Separable");
        boolean named = layer.hasWeight("depthwise_kernel", 0);
        int axes = Windows.spatialAxes(layer);
        List<Long> sizes = Windows.sizes(layer, x, axes);
        List<Long> kernel = Windows.each(layer, "kernel_size", axes, List.of());
        List<Long> strides = Windows.each(layer, "strides", axes, List.of(1L));
        List<Long> dilations = Windows.each(layer, "dilation_rate", axes, List.of(1L));
        Windows.Padding padding = Windows.padding(layer, sizes, kernel, strides, dilations);
        long in = Windows.channels(layer, x);
        long out = Math.multiplyExact(in, multiplier(layer));
        String name = named || separable ? "depthwise_kernel" : "kernel"; // kernel in Keras 3
        weights.put("weight", kernel(layer, name, kernel, in, out));
        if (!separable) {
            Convolutions.addBias(layer, weights, 1, out);
        }
        Value y =
                layer.add(
                        separable ? "depthwise" : LayerBuilder.ITSELF,
                        new Operator.Convolution(
                                strides,
                                padding.before(),
                                padding.after(),
                                dilations,
                                in,
                                layer.layout()),
                        weights,
                        x);
        return List.of(layer.activate("activation", separable ? pointwise(layer, y, axes) : y));
    }

    private static long multiplier(LayerBuilder layer) {
        long multiplier = layer.config().integer("depth_multiplier", 1);
        if (multiplier < 1 || multiplier > Integer.MAX_VALUE) {
            throw layer.refusal("has the depth_multiplier " + multiplier, "it is a number from 1");
        }
        return multiplier;
    }

    private static Parameter kernel(
            LayerBuilder layer, String name, List<Long> kernel, long in, long out) {
        int axes = kernel.size();
        List<Long> stored = new ArrayList<>(kernel);
        stored.addAll(List.of(in, out / in));
        List<Integer> order = new ArrayList<>(List.of(axes, axes + 1));
        List<Long> shape = new ArrayList<>(List.of(out, 1L));
        for (int i = 0; i < axes; i++) {
            order.add(i);
            shape.add(kernel.get(i));
        }
        Shape wanted = Convolutions.shape(shape);
        return layer.weight(name, 0, Convolutions.shape(stored), order, wanted);
    }

    private static Value pointwise(LayerBuilder layer, Value x, int axes) {
        List<Long> ones = Collections.nCopies(axes, 1L);
        List<Long> zeros = Collections.nCopies(axes, 0L);
        long filters = layer.config().integer("filters");
        Map<String, Parameter> weights = new LinkedHashMap<>();
        long in = Windows.channels(layer, x);
        weights.put("weight", Convolutions.kernel(layer, "pointwise_kernel", 1, ones, in, filters));
        Convolutions.addBias(layer, weights, 2, filters);
        return layer.add(
                "pointwise",
                new Operator.Convolution(ones, zeros, zeros, ones, 1, layer.layout()),
                weights,
                x);
    }
}
