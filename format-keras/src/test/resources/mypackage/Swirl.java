package mypackage;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;

public final class Swirl implements KerasLayer { // y = tanh(x W)
    @Override
    public Set<String> classNames() {
        return Set.of("mypackage>Swirl");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        long in = layer.lastSize(layer.input());
        long units = layer.config().integer("units");
        Parameter kernel = layer.weight("kernel", 0, new Shape(in, units), List.of(1, 0));
        Value product = layer.add(new Operator.Linear(), Map.of("weight", kernel), layer.input());
        return List.of(layer.add(new Operator.Tanh(), product));
    }
}
