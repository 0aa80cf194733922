package mypackage;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasCell;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;

public final class Fading implements KerasCell { // h' = relu(x W + rate h)
    @Override
    public Set<String> classNames() {
        return Set.of("mypackage>Fading");
    }

    @Override
    public List<Shape> states(LayerBuilder cell) {
        return List.of(new Shape(cell.config().integer("units")));
    }

    @Override
    public List<Value> read(LayerBuilder cell) {
        Value x = cell.inputs().get(0); // one step of the sequence, (N, features)
        Value h = cell.inputs().get(1); // what the step before returned, first zeros
        Shape stored = new Shape(cell.lastSize(x), cell.lastSize(h));
        Parameter kernel = cell.weight("kernel", 0, stored, List.of(1, 0));
        Value seen = cell.add(new Operator.Linear(), Map.of("weight", kernel), x);
        Value kept = cell.add(new Operator.Scale(cell.config().number("rate"), 0), h);
        Value next = cell.add(new Operator.Relu(), cell.add(new Operator.Add(), seen, kept));
        return List.of(next, next); // the output, then the next states
    }
}
