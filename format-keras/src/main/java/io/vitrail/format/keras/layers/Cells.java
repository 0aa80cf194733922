package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasCell;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Set;

/** Cells that stand alone, in a layer {@code RNN}. */
final class Cells implements KerasCell {
    @Override
    public Set<String> classNames() {
        return Set.of("SimpleRNNCell", "LSTMCell", "GRUCell");
    }

    @Override
    public List<Shape> states(LayerBuilder cell) {
        return cell(cell).states(cell.inputs().get(0));
    }

    @Override
    public List<Value> read(LayerBuilder cell) {
        GateCell own = cell(cell);
        List<Value> inputs = cell.inputs();
        Value x = own.project(cell.part("input"), inputs.get(0));
        return own.next(cell, cell.part("recurrent"), x, inputs.subList(1, inputs.size()));
    }

    private static GateCell cell(LayerBuilder cell) {
        return new GateCell(cell, cell.config().className());
    }
}
