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
        Value x = layer.inputs(1).get(0);
        int axes = Windows.sizes(layer, x, Windows.spatialAxes(layer)).size();
        List<Integer> spatial = layer.layout().axes(axes + 2).spatial();
        boolean keep = layer.config().flag("keepdims", false);
        boolean max = layer.config().className().startsWith("GlobalMax");
        return List.of(
                layer.add(
                        max ? new Operator.Max(spatial, keep) : new Operator.Mean(spatial, keep),
                        x));
    }
}
