package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import io.vitrail.format.keras.LayerConfig;
import java.util.List;
import java.util.Set;

/** A wrapper that does nothing at inference: the weights are stored as it has left them. */
final class Wrapped implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("SpectralNormalization");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        return List.of(read(layer, layer.input()));
    }

    /** Read the layer inside of a wrapper, called with an array. */
    static Value read(LayerBuilder layer, Value x) {
        LayerConfig config = layer.config().child("layer");
        List<Value> made =
                layer.wrapsModel()
                        ? layer.callModel(List.of(x))
                        : layer.inner(config, config.name(), config.name(), "layer", List.of(x))
                                .read();
        if (made.size() != 1) {
            throw layer.refusal(
                    "wraps a layer of " + made.size() + " outputs", "one output is known");
        }
        Value y = made.get(0);
        return y.equals(x) ? layer.add(new Operator.Identity(), y) : y;
    }
}
