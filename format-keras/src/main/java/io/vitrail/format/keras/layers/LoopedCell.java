package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasCell;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.List;

/** A cell as a recurrent layer runs it. */
interface LoopedCell {
    /** Return what listings call the loop. */
    String kind();

    /** Return what the loop runs over, of the whole sequence (N, steps, ...). */
    Value prepare(Value sequence);

    /** Return the shapes of the states of one item. */
    List<Shape> states(Value sequence);

    /** Add one step; return the output, then the next states. */
    List<Value> step(LayerBuilder step, Value x, List<Value> states);

    /** Return the cell of a recurrent layer. */
    static LoopedCell of(LayerBuilder layer) {
        String name = layer.config().className();
        if (name.startsWith("ConvLSTM")) {
            return new ConvolutionCell(layer);
        }
        return name.equals("RNN") ? own(layer) : new GateCell(layer, name);
    }

    /** A cell that the configuration has inside: it reads each step by itself. */
    private static LoopedCell own(LayerBuilder layer) {
        return new LoopedCell() {
            @Override
            public String kind() {
                return "rnn";
            }

            @Override
            public Value prepare(Value sequence) {
                return sequence;
            }

            @Override
            public List<Shape> states(Value sequence) {
                LayerBuilder cell = cell(layer, List.of(sequence));
                return Recurrent.cell(cell).states(cell);
            }

            @Override
            public List<Value> step(LayerBuilder step, Value x, List<Value> states) {
                List<Value> inputs = new ArrayList<>(List.of(x));
                inputs.addAll(states);
                LayerBuilder cell = cell(step, inputs);
                KerasCell reader = Recurrent.cell(cell);
                List<Value> made = reader.read(cell);
                if (made.size() != states.size() + 1) {
                    throw cell.refusal(
                            "returns " + made.size() + " arrays for " + states.size() + " states",
                            "a cell returns its output, then the next states");
                }
                return made;
            }
        };
    }

    private static LayerBuilder cell(LayerBuilder layer, List<Value> inputs) {
        var config = layer.config().child("cell");
        return layer.inner(config, LayerBuilder.ITSELF, config.name(), "cell", inputs);
    }
}
