package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasCell;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import io.vitrail.format.keras.LayerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recurrent layers: a cell in a loop.
 *
 * <p>What a cell computes of the input alone is computed of all steps at once, before the loop,
 * where the layer has its cell built in.
 */
final class Recurrent implements KerasLayer {
    /** How a layer runs, which a wrapper may decide for it. */
    record Run(boolean backwards, boolean zeros, boolean sequences, List<Value> states) {
        /** Return what the layer's own configuration says. */
        static Run of(LayerConfig config, List<Value> states) {
            return new Run(
                    config.flag("go_backwards", false),
                    config.flag("zero_output_for_mask", false),
                    config.flag("return_sequences", false),
                    states);
        }
    }

    @Override
    public Set<String> classNames() {
        return Set.of("SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = sequence(layer);
        return run(layer, x, Masks.of(layer, x), Run.of(layer.config(), states(layer)));
    }

    /** Return the sequence that a recurrent layer is called with. */
    static Value sequence(LayerBuilder layer) {
        Object first = layer.argument(0, "sequences");
        Object x = first instanceof List<?> list && !list.isEmpty() ? list.get(0) : first;
        if (layer.config().integer("num_constants", 0) > 0) {
            throw layer.refusal("gives its cell constants", "sequences and states are read");
        }
        if (layer.config().flag("time_major", false)) {
            throw layer.refusal("is time_major", "the batch comes first");
        }
        if (x instanceof Value value) {
            return value;
        }
        throw layer.refusal("is called without a sequence", "save the model again");
    }

    /** Return the first states that the call gives; Keras 2 writes them behind the sequence. */
    static List<Value> states(LayerBuilder layer) {
        Object given = layer.argument(1, "initial_state");
        if (given == null && layer.argument(0, "sequences") instanceof List<?> list) {
            given = list.subList(1, list.size());
        }
        List<Value> states = new ArrayList<>();
        for (Object state : given instanceof List<?> list ? list : nullable(given)) {
            if (state instanceof Value value) {
                states.add(value);
            } else {
                throw layer.refusal("has a first state that is no array", "save the model again");
            }
        }
        return states;
    }

    private static List<?> nullable(@Nullable Object given) {
        return given == null ? List.of() : List.of(given);
    }

    /**
     * Run a layer over a sequence.
     *
     * @param mask which steps count, null where all do
     * @return the output, then the last states if the configuration wants them
     */
    static List<Value> run(LayerBuilder layer, Value x, @Nullable Value mask, Run run) {
        LoopedCell cell = LoopedCell.of(layer);
        Value sequence = run.backwards ? flipped(layer, x) : x;
        Value steps = mask == null ? null : run.backwards ? flipped(layer, mask) : mask;
        Value prepared = cell.prepare(sequence);
        List<Shape> shapes = cell.states(sequence);
        if (!run.states.isEmpty() && run.states.size() != shapes.size()) {
            throw layer.refusal(
                    "is given "
                            + run.states.size()
                            + " first states, its cell has "
                            + shapes.size(),
                    "save the model again");
        }
        List<Value> first = new ArrayList<>(run.states);
        if (first.isEmpty()) {
            shapes.forEach(shape -> first.add(zeros(layer, x, shape)));
        }
        boolean held = mask != null && !run.zeros && !run.states.isEmpty();
        if (held) { // a step that does not count repeats the output before, first of all zeros
            first.add(zeros(layer, x, shapes.get(0)));
        }
        List<Value> sequences = new ArrayList<>(List.of(prepared));
        if (steps != null) {
            sequences.add(steps);
        }
        int states = shapes.size();
        List<Value> all =
                layer.loop(
                        LayerBuilder.ITSELF,
                        cell.kind(),
                        first,
                        sequences,
                        step -> {
                            List<Value> before =
                                    step.inputs().subList(sequences.size(), step.inputs().size());
                            List<Value> made =
                                    cell.step(
                                            step, step.inputs().get(0), before.subList(0, states));
                            return steps == null
                                    ? new LayerBuilder.Step(
                                            made.subList(0, 1), made.subList(1, made.size()))
                                    : masked(step, made, before, held, run.zeros);
                        });
        return outputs(layer, run, all, states, mask);
    }

    /** A step that does not count leaves the states as they are. */
    private static LayerBuilder.Step masked(
            LayerBuilder step, List<Value> made, List<Value> before, boolean held, boolean zeros) {
        Value counts = step.inputs().get(1);
        List<Value> next = new ArrayList<>();
        for (int s = 1; s < made.size(); s++) {
            next.add(chosen(step, counts, made.get(s), before.get(s - 1)));
        }
        Value output;
        if (zeros) {
            output = Masks.filled(step, made.get(0), ranked(step, counts, made.get(0)), 0);
        } else if (held) {
            output = chosen(step, counts, made.get(0), before.get(before.size() - 1));
            next.add(output);
        } else if (made.get(0).equals(made.get(1))) {
            output = next.get(0);
        } else {
            throw step.refusal(
                    "has a cell whose output is not its first state, under a mask",
                    "leave the mask out, or let the cell return its first state");
        }
        return new LayerBuilder.Step(List.of(output), next);
    }

    private static Value chosen(LayerBuilder step, Value counts, Value made, Value before) {
        return step.add(new Operator.Select(), ranked(step, counts, made), made, before);
    }

    private static Value ranked(LayerBuilder step, Value counts, Value like) {
        Long[] sizes = new Long[step.rank(like)];
        Arrays.fill(sizes, 1L);
        sizes[0] = -1L;
        return Masks.shaped(step, counts, sizes);
    }

    private static List<Value> outputs(
            LayerBuilder layer, Run run, List<Value> all, int states, @Nullable Value mask) {
        Value sequence = all.get(0);
        List<Value> outputs = new ArrayList<>();
        if (run.sequences) {
            layer.mask(sequence, mask);
            outputs.add(sequence);
        } else {
            outputs.add(last(layer, sequence));
        }
        if (layer.config().flag("return_state", false)) {
            outputs.addAll(all.subList(1, 1 + states));
        }
        return outputs;
    }

    private static Value last(LayerBuilder layer, Value sequence) {
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        List<Long> sizes = Shaping.sizes(layer, sequence);
        for (int axis = 0; axis < sizes.size(); axis++) {
            before.add(axis == 1 ? sizes.get(1) - 1 : 0);
            after.add(0L);
        }
        sizes.remove(1);
        Value end = layer.add("last", new Operator.Crop(before, after), Map.of(), sequence);
        return layer.add(new Operator.Reshape(sizes), end);
    }

    static Value flipped(LayerBuilder layer, Value x) {
        return layer.add(new Operator.Flip(List.of(1)), x);
    }

    /** Return zeros for each item of a batch. */
    private static Value zeros(LayerBuilder layer, Value x, Shape item) {
        List<Long> sizes = new ArrayList<>(List.of(1L));
        List<Long> repeats = new ArrayList<>(List.of(layer.shape(x).get(0)));
        for (long size : item.getShape()) {
            sizes.add(size);
            repeats.add(1L);
        }
        Shape shape = Convolutions.shape(sizes);
        Value one = layer.constant("zeros", shape, new double[Math.toIntExact(shape.size())]);
        return layer.add(new Operator.Tile(repeats), one);
    }

    /** Return the reader of a cell. */
    static KerasCell cell(LayerBuilder cell) {
        KerasCell reader = cell.cell();
        if (reader == null) {
            throw cell.refusal(
                    "is of a class that is read as a layer, not as a cell",
                    "put a KerasCell for '" + cell.config().className() + "' on the module path");
        }
        return reader;
    }
}
