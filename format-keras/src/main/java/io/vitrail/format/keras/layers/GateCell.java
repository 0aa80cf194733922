package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The cell of an LSTM, a GRU or a simple recurrent layer, built into the layer or standing alone.
 *
 * <p>The gates of an LSTM are stored as input, forget, candidate, output; those of a GRU as update,
 * reset, candidate.
 *
 * @param layer whose configuration has the units
 * @param name the class: {@code LSTM}, {@code GRUCell}
 */
record GateCell(LayerBuilder layer, String name) implements LoopedCell {
    @Override
    public String kind() {
        return name.startsWith("Simple") ? "simple_rnn" : name.toLowerCase(Locale.ROOT);
    }

    private long units() {
        return layer.config().integer("units");
    }

    private boolean isGru() {
        return name.startsWith("GRU");
    }

    private boolean isLstm() {
        return name.startsWith("LSTM");
    }

    private int gates() {
        return isLstm() ? 4 : isGru() ? 3 : 1;
    }

    /** Files of Keras 2 before 2.4 and of GRUs in them know one bias, and no reset_after. */
    private boolean resetsAfter() {
        return isGru() && layer.config().flag("reset_after", false);
    }

    @Override
    public List<Shape> states(Value sequence) {
        Shape units = new Shape(units());
        return isLstm() ? List.of(units, units) : List.of(units);
    }

    @Override
    public Value prepare(Value sequence) {
        return project(layer.part("input", cellFolder(), "cell"), sequence);
    }

    private String cellFolder() {
        return kind() + "_cell";
    }

    /** Return what the cell makes of the input alone, for all gates. */
    Value project(LayerBuilder cell, Value x) {
        long width = gates() * units();
        Map<String, Parameter> weights = new LinkedHashMap<>();
        Shape stored = new Shape(cell.lastSize(x), width);
        weights.put("weight", cell.weight("kernel", 0, stored, List.of(1, 0)));
        if (layer.config().flag("use_bias", true)) {
            weights.put("bias", bias(cell, 0));
        }
        return cell.add(LayerBuilder.ITSELF, new Operator.Linear(), weights, x);
    }

    /**
     * A GRU that resets behind the product has two biases, one for the input, one for the state.
     */
    private Parameter bias(LayerBuilder cell, int row) {
        int width = Math.toIntExact(gates() * units());
        if (!resetsAfter()) {
            return cell.weight("bias", 2, new Shape(width));
        }
        double[] both = cell.numbers("bias", 2, new Shape(2, width));
        double[] one = Arrays.copyOfRange(both, row * width, (row + 1) * width);
        return cell.parameter("bias" + row, new Shape(width), one);
    }

    @Override
    public List<Value> step(LayerBuilder step, Value x, List<Value> states) {
        return next(step, step.part("recurrent", cellFolder(), "cell"), x, states);
    }

    /**
     * Add one step.
     *
     * @param recurrent has the weights of the cell
     * @param x what {@link #project} returned, of this step
     */
    List<Value> next(LayerBuilder step, LayerBuilder recurrent, Value x, List<Value> states) {
        if (isLstm()) {
            Value sum = step.add(new Operator.Add(), x, turned(recurrent, states.get(0)));
            return lstm(step, sum, states.get(1), step.rank(sum) - 1);
        }
        if (isGru()) {
            return gru(step, recurrent, x, states.get(0));
        }
        Value sum = step.add(new Operator.Add(), x, turned(recurrent, states.get(0)));
        Value output = step.activate("activation", sum);
        return List.of(output, output);
    }

    private Value turned(LayerBuilder recurrent, Value state) {
        Map<String, Parameter> weights = new LinkedHashMap<>();
        Shape stored = new Shape(units(), gates() * units());
        weights.put("weight", recurrent.weight("recurrent_kernel", 1, stored, List.of(1, 0)));
        if (resetsAfter() && layer.config().flag("use_bias", true)) {
            weights.put("bias", bias(recurrent, 1));
        }
        return recurrent.add(LayerBuilder.ITSELF, new Operator.Linear(), weights, state);
    }

    /** Return output, state and carry of an LSTM, of the sums for its gates along an axis. */
    static List<Value> lstm(LayerBuilder step, Value sums, Value carry, int axis) {
        Value both = step.activate("recurrent_activation", part(step, sums, axis, 0, 2, 4));
        Value input = part(step, both, axis, 0, 1, 2);
        Value forget = part(step, both, axis, 1, 2, 2);
        Value candidate = step.activate("activation", part(step, sums, axis, 2, 3, 4));
        Value open = step.activate("recurrent_activation", part(step, sums, axis, 3, 4, 4));
        Value kept = step.add(new Operator.Multiply(), forget, carry);
        Value taken = step.add(new Operator.Multiply(), input, candidate);
        Value next = step.add(new Operator.Add(), kept, taken);
        Value output = step.add(new Operator.Multiply(), open, step.activate("activation", next));
        return List.of(output, output, next);
    }

    private List<Value> gru(LayerBuilder step, LayerBuilder recurrent, Value x, Value state) {
        int axis = step.rank(x) - 1;
        Value turned = turned(recurrent, state);
        Value sum =
                step.add(
                        new Operator.Add(),
                        part(step, x, axis, 0, 2, 3),
                        part(step, turned, axis, 0, 2, 3));
        Value both = step.activate("recurrent_activation", sum);
        Value update = part(step, both, axis, 0, 1, 2);
        Value reset = part(step, both, axis, 1, 2, 2);
        Value own = part(step, x, axis, 2, 3, 3);
        Value other;
        if (resetsAfter()) {
            Value old = part(step, turned, axis, 2, 3, 3);
            other = step.add(new Operator.Multiply(), reset, old);
        } else {
            Value old = step.add(new Operator.Multiply(), reset, state);
            other = part(step, turned(recurrent, old), axis, 2, 3, 3);
        }
        Value candidate = step.activate("activation", step.add(new Operator.Add(), own, other));
        Value kept = step.add(new Operator.Multiply(), update, state);
        Value rest = step.add(new Operator.Scale(-1, 1), update);
        Value taken = step.add(new Operator.Multiply(), rest, candidate);
        Value next = step.add(new Operator.Add(), kept, taken);
        return List.of(next, next);
    }

    /** Cut the parts from one to another out of so many along an axis. */
    private static Value part(LayerBuilder step, Value x, int axis, int from, int to, int of) {
        long width = step.shape(x).get(axis) / of;
        Long[] before = new Long[step.rank(x)];
        Long[] after = new Long[step.rank(x)];
        Arrays.fill(before, 0L);
        Arrays.fill(after, 0L);
        before[axis] = from * width;
        after[axis] = (of - to) * width;
        return step.add(new Operator.Crop(List.of(before), List.of(after)), x);
    }
}
