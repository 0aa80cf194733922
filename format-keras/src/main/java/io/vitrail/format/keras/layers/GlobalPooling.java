package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Set;

/** Maximum and mean over all of space. */
final class GlobalPooling implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of(
                "GlobalMaxPooling1D",
                "GlobalMaxPooling2D",
                "GlobalMaxPooling3D",
                "GlobalAveragePooling1D",
                "GlobalAveragePooling2D",
                "GlobalAveragePooling3D");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.inputs().get(0);
        int axes = Windows.sizes(layer, x, Windows.spatialAxes(layer)).size();
        List<Integer> spatial = layer.layout().axes(axes + 2).spatial();
        boolean keep = layer.config().flag("keepdims", false);
        boolean max = layer.config().className().startsWith("GlobalMax");
        Value mask =
                layer.config().className().equals("GlobalAveragePooling1D")
                        ? Masks.of(layer, x)
                        : null;
        if (mask != null) {
            return List.of(counted(layer, x, mask, spatial, keep));
        }
        return List.of(
                layer.add(
                        max ? new Operator.Max(spatial, keep) : new Operator.Mean(spatial, keep),
                        x));
    }

    /** Return the mean over the steps that count. */
    private static Value counted(
            LayerBuilder layer, Value x, Value mask, List<Integer> spatial, boolean keep) {
        Long[] sizes = {-1L, 1L, 1L};
        sizes[spatial.get(0)] = layer.shape(mask).get(1);
        Value steps = Masks.shaped(layer, mask, sizes);
        Operator mean = new Operator.Mean(spatial, keep);
        Value sum = layer.add(mean, Masks.filled(layer, x, steps, 0));
        Value share = layer.add(mean, Masks.numbers(layer, steps));
        return layer.add(new Operator.Divide(), sum, share);
    }
}
