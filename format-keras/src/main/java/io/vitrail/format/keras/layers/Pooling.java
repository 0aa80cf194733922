package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Maximum and mean in windows; padding counts neither as a value nor in the mean. */
final class Pooling implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of(
                "MaxPooling1D",
                "MaxPooling2D",
                "MaxPooling3D",
                "AveragePooling1D",
                "AveragePooling2D",
                "AveragePooling3D");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        int axes = Windows.spatialAxes(layer);
        Value x = layer.input();
        List<Long> ones = Collections.nCopies(axes, 1L);
        List<Long> sizes = Windows.sizes(layer, x, axes);
        List<Long> kernel = Windows.each(layer, "pool_size", axes, List.of(2L));
        List<Long> strides = Windows.each(layer, "strides", axes, kernel);
        Windows.Padding padding = Windows.padding(layer, sizes, kernel, strides, ones);
        Operator pool =
                layer.config().className().startsWith("Max")
                        ? new Operator.MaxPool(
                                kernel,
                                strides,
                                padding.before(),
                                padding.after(),
                                ones,
                                false,
                                layer.layout())
                        : new Operator.AveragePool(
                                kernel,
                                strides,
                                padding.before(),
                                padding.after(),
                                false,
                                false,
                                layer.layout());
        return List.of(layer.add(pool, x));
    }
}
