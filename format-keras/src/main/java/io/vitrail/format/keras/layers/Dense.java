package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A matrix product over the last axis, whatever the rank; a kernel is (in, units). */
final class Dense implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("Dense");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.input();
        long units = layer.config().integer("units");
        Shape stored = new Shape(layer.lastSize(x), units);
        Map<String, Parameter> weights = new LinkedHashMap<>();
        weights.put("weight", layer.weight("kernel", 0, stored, List.of(1, 0)));
        Convolutions.addBias(layer, weights, 1, units);
        Value y = layer.add(LayerBuilder.ITSELF, new Operator.Linear(), weights, x);
        return List.of(layer.activate("activation", y));
    }
}
