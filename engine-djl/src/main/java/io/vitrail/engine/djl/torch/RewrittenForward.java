package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.Aten.truth;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Write the way forward of a rewritten plan.
 *
 * <p>Variables are {@code i0} for inputs, {@code v5_0} for values as they lie in memory, {@code
 * o5_0} for those that are handed out, {@code n5} for the positions that a pool found, {@code w5_0}
 * for values on a tape and {@code u3_1} for what unit 3 begins its tape with.
 */
final class RewrittenForward {
    private final Lowering lowering;
    private final Graph graph;
    private final Set<String> saved;
    private final Set<Value> read; // by anybody
    private final ScriptText text = new ScriptText();
    private final Map<Value, String> plain = new HashMap<>(); // copies in the order of the axes
    private final Set<String> begun = new LinkedHashSet<>();

    /**
     * Create a writer.
     *
     * @param saved variables that the ways back read
     */
    RewrittenForward(Lowering lowering, Set<String> saved) {
        this.lowering = lowering;
        this.graph = lowering.graph();
        this.saved = saved;
        this.read = lowering.plan().read();
    }

    /** Return the variable that holds a value as it lies in memory. */
    static String variable(Value value) {
        return CompiledPlan.variable(value);
    }

    /** Return the variable that holds a value as it is handed out. */
    static String seen(Value value, Lowering lowering) {
        String variable = variable(value);
        return lowering.isChannelsLast(value) ? "o" + variable.substring(1) : variable;
    }

    static String taped(Value value) {
        return "w" + variable(value).substring(1);
    }

    static String indices(int node) {
        return "n" + node;
    }

    /** A script, and the variables that it returns. */
    record Written(ScriptText text, List<String> returns) {}

    Written write() {
        for (int index : lowering.live()) {
            Lowering.Group group = lowering.groupAt(index);
            if (group != null) {
                write(group);
            } else if (!lowering.isTakenUp(index)) {
                write(index);
            }
        }
        Set<String> returns = new LinkedHashSet<>(saved);
        for (Value value : lowering.plan().wanted()) {
            if (value instanceof Value.Output) {
                returns.add(seen(value, lowering));
                if (lowering.isChannelsLast(value)) {
                    text.define(seen(value, lowering), call("contiguous", variable(value)));
                }
            }
        }
        returns.removeIf(name -> name.startsWith("i"));
        return new Written(text, new ArrayList<>(returns));
    }

    /** Return a plane with its channels first in its axes and last in memory. */
    private String plane(Value value, Layout layout) {
        String variable = variable(value);
        if (layout == Layout.CHANNELS_LAST) {
            return call("contiguous", call("movedim", variable, -1, 1), "memory_format=2");
        }
        if (lowering.isChannelsLast(value)) {
            return variable;
        }
        return plain.computeIfAbsent(
                value, key -> text.let(call("contiguous", variable, "memory_format=2")));
    }

    private void write(Lowering.Group group) {
        PackedConvolution packed = group.packed();
        Layout layout = packed.layout();
        Value in = graph.nodes().get(group.convolution()).inputs().get(0);
        String x = plane(in, layout);
        Value out = new Value.Output(group.last(), 0);
        if (group.add() < 0) {
            Fused fused =
                    group.activation() < 0 ? Fused.NONE : lowering.fused(group.activation(), false);
            define(out, packed.forward(x, fused, text), layout);
            return;
        }
        boolean relu = group.activation() >= 0;
        Value residual = lowering.residual(group);
        String other = plane(residual, layout);
        if (isFree(residual, group)) {
            text.line("_ = " + packed.addTo(other, x, relu, text));
            text.define(variable(out), variable(residual));
            return;
        }
        String sum = text.let(packed.forward(x, Fused.NONE, text));
        define(out, call(relu ? "_add_relu_" : "add_", sum, other), layout);
    }

    private void define(Value out, String plane, Layout layout) {
        text.define(
                variable(out),
                layout == Layout.CHANNELS_LAST ? call("movedim", plane, 1, -1) : plane);
    }

    /**
     * Return whether a residual may be overwritten: nobody else will read it, and no view of it is
     * about.
     */
    private boolean isFree(Value residual, Lowering.Group group) {
        if (!(residual instanceof Value.Output output)
                || saved.contains(variable(residual))
                || lowering.plan().wanted().contains(residual)
                || plain.containsKey(residual)
                || lowering.groupAt(output.node()) == null) {
            return false;
        }
        for (int reader : lowering.readers(residual)) {
            if (reader == group.convolution()) {
                return false; // it cannot write over what it reads
            }
            boolean plane = lowering.packed(reader) != null || lowering.isTakenUp(reader);
            if (reader != group.add() && (reader > group.last() || !plane)) {
                return false;
            }
            if (reader != group.add() && lowering.isTakenUp(reader) && !isDone(reader, group)) {
                return false;
            }
        }
        return true;
    }

    /** Return whether the group that takes up a node ends before another one. */
    private boolean isDone(int node, Lowering.Group group) {
        for (int index = node; index < group.last(); index++) {
            Lowering.Group other = lowering.groupAt(index);
            if (other != null && other.convolution() == node) {
                return true;
            }
        }
        return false;
    }

    private void write(int index) {
        Node node = graph.nodes().get(index);
        int unit = lowering.units().tapeOf(index);
        if (unit >= 0) {
            taped(index, node, unit);
            return;
        }
        Value out = new Value.Output(index, 0);
        if (saved.contains(indices(index)) && node.operator() instanceof Operator.MaxPool pool) {
            pool(index, pool, node.inputs().get(0));
            return;
        }
        if (node.operator() instanceof Operator.Scan scan) {
            List<String> in = node.inputs().stream().map(value -> read(value, node)).toList();
            loop(index, scan, in, "v");
            return;
        }
        NodeText texts = new NodeText(value -> read(value, node), text::weight);
        define(index, node, texts.expression(node), "v");
    }

    private void loop(int index, Operator.Scan scan, List<String> in, String letter) {
        LoopText loop = new LoopText(scan, "l" + index, text::weight);
        loop.lines(in, k -> read.contains(new Value.Output(index, k))).forEach(text::line);
        for (int k = 0; k < graph.nodes().get(index).outputs().size(); k++) {
            if (read.contains(new Value.Output(index, k))) {
                text.define(letter + index + "_" + k, loop.output(k));
            }
        }
    }

    private void define(int index, Node node, String expression, String letter) {
        if (NodeText.form(node).equals("tensor")) {
            text.define(letter + index + "_0", expression);
            return;
        }
        String all = text.let(expression);
        for (int k = 0; k < node.outputs().size(); k++) {
            text.define(letter + index + "_" + k, all + "[" + k + "]");
        }
    }

    private void pool(int index, Operator.MaxPool pool, Value in) {
        String x = variable(in);
        String both =
                text.let(
                        call(
                                "max_pool2d_with_indices",
                                pool.layout() == Layout.CHANNELS_FIRST
                                        ? x
                                        : call("movedim", x, -1, 1),
                                pool.kernel(),
                                pool.strides(),
                                pool.before(),
                                pool.dilations(),
                                truth(pool.ceil())));
        define(new Value.Output(index, 0), both + "[0]", pool.layout());
        text.define(indices(index), both + "[1]");
    }

    /** An operator of libtorch's own may ask for memory in the order of the axes. */
    private String read(Value value, Node reader) {
        return reader.operator() instanceof Operator.Native && lowering.isChannelsLast(value)
                ? plainly(value, variable(value))
                : variable(value);
    }

    private String plainly(Value value, String variable) {
        return text.let(call("contiguous", variable));
    }

    private void taped(int index, Node node, int unit) {
        List<Value> leaves = lowering.units().leaves(unit);
        List<String> in = new ArrayList<>();
        for (Value value : node.inputs()) {
            int leaf = leaves.indexOf(value);
            boolean own =
                    value instanceof Value.Output output
                            && lowering.units().tapeOf(output.node()) == unit;
            in.add(own ? taped(value) : leaf < 0 ? read(value, node) : leaf(unit, leaf, value));
        }
        if (node.operator() instanceof Operator.Scan scan) {
            loop(index, scan, in, "w");
        } else {
            int[] next = {0};
            NodeText texts = new NodeText(value -> in.get(next[0]++), text::weight);
            define(index, node, texts.expression(node), "w");
        }
        for (int k = 0; k < node.outputs().size(); k++) {
            Value value = new Value.Output(index, k);
            if (!(node.operator() instanceof Operator.Scan) || read.contains(value)) {
                text.define(variable(value), call("detach", taped(value)));
            }
        }
    }

    private String leaf(int unit, int leaf, Value value) {
        String name = CompiledPlan.leaf(unit, leaf);
        if (begun.add(name)) {
            String memory =
                    lowering.isChannelsLast(value)
                            ? call("contiguous", variable(value))
                            : variable(value);
            text.define(name, "torch.requires_grad_(torch.detach(" + memory + "), True)");
        }
        return name;
    }
}
