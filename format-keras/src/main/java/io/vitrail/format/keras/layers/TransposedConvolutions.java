package io.vitrail.format.keras.layers;

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

/**
 * Transposed convolutions of 1, 2 and 3 axes; a kernel is (space..., out, in).
 *
 * <p>The output is {@code n * stride} long, in mode {@code valid} longer by what the kernel exceeds
 * the stride; {@code output_padding} replaces that by {@code (n - 1) stride + k + padding}, in mode
 * {@code same} less {@code 2 (k / 2)}.
 */
final class TransposedConvolutions implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        int axes = Windows.spatialAxes(layer);
        Value x = layer.input();
        List<Long> sizes = Windows.sizes(layer, x, axes);
        List<Long> kernel = Windows.each(layer, "kernel_size", axes, List.of());
        List<Long> strides = Windows.each(layer, "strides", axes, List.of(1L));
        List<Long> dilations = Windows.each(layer, "dilation_rate", axes, List.of(1L));
        if (layer.config().integer("groups", 1) != 1) {
            throw layer.refusal("has groups", "a transposed convolution is read without");
        }
        boolean same = same(layer);
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long extent = Windows.extent(kernel.get(i), dilations.get(i));
            long whole = (sizes.get(i) - 1) * strides.get(i) + extent;
            long length = length(layer, i, sizes.get(i), extent, strides.get(i), same);
            long front = same ? Math.max(whole - length, 0) / 2 : 0;
            before.add(front);
            after.add(whole - front - length);
        }
        long filters = layer.config().integer("filters");
        Map<String, Parameter> weights = new LinkedHashMap<>();
        long in = Windows.channels(layer, x);
        weights.put("weight", Convolutions.kernel(layer, "kernel", 0, kernel, filters, in));
        Convolutions.addBias(layer, weights, 1, filters);
        Value y =
                layer.add(
                        LayerBuilder.ITSELF,
                        new Operator.TransposedConvolution(
                                strides, before, after, dilations, 1, layer.layout()),
                        weights,
                        x);
        return List.of(layer.activate("activation", y));
    }

    private static boolean same(LayerBuilder layer) {
        String mode = layer.config().string("padding", "valid");
        if (!mode.equals("same") && !mode.equals("valid")) {
            throw layer.refusal("has padding '" + mode + "'", "valid and same are known");
        }
        return mode.equals("same");
    }

    private static long length(
            LayerBuilder layer, int axis, long size, long extent, long stride, boolean same) {
        if (!layer.config().has("output_padding")) {
            return size * stride + (same ? 0 : Math.max(extent - stride, 0));
        }
        List<Long> given = layer.config().integers("output_padding");
        long more = given.get(given.size() == 1 ? 0 : axis);
        if (more < 0 || more >= stride) {
            throw layer.refusal(
                    "has output_padding " + given, "it is less than the stride, " + stride);
        }
        return (size - 1) * stride + extent + more - (same ? extent / 2 * 2 : 0);
    }
}
