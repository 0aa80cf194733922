package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import io.vitrail.api.BackwardRule;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Write one way back of a rewritten plan: from the gradients at some values to those at the points
 * of a sweep, in one script.
 *
 * <p>A convolution's share of a gradient is written down when the gradient is needed, so that what
 * follows, the sum with other shares and the positive part, is fused to it.
 */
final class RewrittenBackward {
    private final Lowering lowering;
    private final Graph graph;
    private final ResolvedProbe.Sweep sweep;
    private final Set<Value> needed;
    private final ScriptText text = new ScriptText();
    private final Set<String> saved = new LinkedHashSet<>();
    private final Map<Value, String> found = new LinkedHashMap<>();
    private final GradientSums sums = new GradientSums(text, this::read);

    /**
     * A script.
     *
     * @param saved variables of the way forward that it reads, behind the heads
     * @param points what it returns gradients at; fewer than asked for where the heads do not
     *     depend on a point
     */
    record Written(
            ScriptText text, List<String> heads, List<String> saved, Map<Value, String> points) {
        List<String> reads() {
            List<String> reads = new ArrayList<>(heads);
            reads.addAll(saved);
            return reads;
        }

        String body() {
            return text.bodyThatClears(reads(), new ArrayList<>(points.values()));
        }

        /** Return the body for several targets: all parts of a point's gradient, point by point. */
        String stacked(Stack stack) {
            return text.stackedBody(reads(), heads, stack, new ArrayList<>(points.values()));
        }
    }

    RewrittenBackward(Lowering lowering, ResolvedProbe.Sweep sweep) {
        this(lowering, sweep, null);
    }

    /**
     * Create a writer.
     *
     * @param stack how several targets go back together; null for one
     */
    RewrittenBackward(Lowering lowering, ResolvedProbe.Sweep sweep, @Nullable Stack stack) {
        this.lowering = lowering;
        this.graph = stack == null ? lowering.graph() : stack.graph();
        this.sweep = sweep;
        this.needed = lowering.plan().needed(sweep);
    }

    /** Write the way back from values, in the order in which their gradients will be given. */
    Written write(List<Value> from) {
        List<String> heads = new ArrayList<>();
        for (Value value : from) {
            String name = "h" + heads.size();
            heads.add(name);
            if (needed.contains(value)) {
                sums.add(value, new Gradient(name, false, false));
            }
        }
        for (int u = lowering.units().all().size() - 1; u >= 0; u--) {
            BackwardUnits.Unit unit = lowering.units().all().get(u);
            if (unit.taped()) {
                taped(u, unit);
            } else {
                closed(unit.nodes().get(0));
            }
        }
        for (Value point : sweep.points()) {
            if (sums.has(point)) {
                gradient(point, false); // an input
            }
        }
        return new Written(text, heads, new ArrayList<>(saved), found);
    }

    private String read(String variable) {
        saved.add(variable);
        return variable;
    }

    /** Sum up a value's gradient, or the positive part of it; nothing can add to it afterwards. */
    private Gradient gradient(Value value, boolean positive) {
        boolean point = sweep.points().contains(value);
        Gradient sum = sums.take(value, positive && !point);
        if (!point) {
            return sum;
        }
        // a thousand targets' would fill memory with copies of the same numbers
        found.put(value, sum.spread ? sum.name : text.let(call("contiguous", sum.name)));
        sum.own = false;
        return positive ? sums.let(call("relu", sum.name), sum.last) : sum;
    }

    private String variable(Value value) {
        return RewrittenForward.variable(value);
    }

    private void closed(int index) {
        Value out = new Value.Output(index, 0);
        if (!sums.has(out)) {
            return; // no target depends on it, or no point is behind it
        }
        BackwardRule rule = sweep.rules().get(index);
        Gradient g = gradient(out, rule != null);
        PackedConvolution packed = lowering.packed(index);
        if (rule == BackwardRule.DECONVNET) {
            give(graph.nodes().get(index).inputs().get(0), g);
        } else if (packed != null) {
            Value in = lowering.convolution(index).inputs().get(0);
            if (needed.contains(in)) {
                sums.add(in, g, packed);
            }
        } else {
            products(index, graph.nodes().get(index), g, rule);
        }
    }

    private void give(Value value, Gradient gradient) {
        if (needed.contains(value)) {
            sums.add(value, gradient);
        }
    }

    private void products(int index, Node node, Gradient head, @Nullable BackwardRule rule) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            if (needed.contains(node.inputs().get(i))) {
                positions.add(i);
            }
        }
        for (int position : positions) {
            Value in = node.inputs().get(position);
            Gradient g = head;
            Product product = Products.of(graph, node, position, g.name, saved(index, node));
            boolean single = positions.size() == 1;
            if (product.kind() == Product.Kind.ELEMENTWISE
                    && lowering.isChannelsLast(new Value.Output(index, 0))
                    && !g.last
                    && node.outputs().get(0).shape().dimension() == 4) {
                g = sums.let(call("contiguous", g.name, "memory_format=2"), true);
                g.own = false; // it may have lain so
                product = Products.of(graph, node, position, g.name, saved(index, node));
            }
            Gradient made =
                    switch (product.kind()) {
                        case FRESH -> sums.let(product.text(), isLast(in, g, node));
                        case ELEMENTWISE -> {
                            if (single && g.isFree()) {
                                String body = product.text();
                                text.line(
                                        "_ = "
                                                + body.substring(0, body.length() - 1)
                                                + ", grad_input="
                                                + g.name
                                                + ")");
                                yield g;
                            }
                            yield sums.let(product.text(), g.last);
                        }
                        case SPREAD -> spread(product.text(), in);
                        case SAME -> g;
                        case VIEW -> {
                            g.own = false;
                            Gradient view = sums.let(product.text(), false);
                            view.own = false;
                            yield view;
                        }
                    };
            if (rule == BackwardRule.GUIDED_GATED) {
                made =
                        sums.let(
                                call(
                                        "threshold_backward",
                                        made.name,
                                        read(variable(new Value.Output(index, 0))),
                                        0),
                                made.last);
            }
            give(in, made);
        }
    }

    /** Leave it a view where the way ends: nothing more is computed of it here. */
    private Gradient spread(String view, Value in) {
        boolean ends =
                sweep.points().contains(in)
                        && (in instanceof Value.Input
                                || in instanceof Value.Output output
                                        && graph.nodes().get(output.node()).inputs().stream()
                                                .noneMatch(needed::contains));
        if (ends) {
            Gradient spread = sums.let(view, false);
            spread.own = false;
            spread.spread = true;
            return spread;
        }
        boolean last = lowering.isChannelsLast(in) && graph.type(in).shape().dimension() == 4;
        return sums.let(
                last ? call("contiguous", view, "memory_format=2") : call("contiguous", view),
                last);
    }

    /** A pool's gradient lies as its input does, that of others as the one behind. */
    private boolean isLast(Value in, Gradient g, Node node) {
        boolean pool =
                node.operator() instanceof Operator.MaxPool
                        || node.operator() instanceof Operator.AveragePool
                        || node.operator() instanceof Operator.AdaptiveAveragePool;
        return lowering.isChannelsLast(in)
                && graph.type(in).shape().dimension() == 4
                && (g.last || pool);
    }

    private Product.Saved saved(int index, Node node) {
        return new Product.Saved() {
            @Override
            public String input(int position) {
                return read(variable(node.inputs().get(position)));
            }

            @Override
            public String output() {
                return read(variable(new Value.Output(index, 0)));
            }

            @Override
            public String indices() {
                return read(RewrittenForward.indices(index));
            }

            @Override
            public String weight(Derived weight) {
                return text.weight(weight);
            }
        };
    }

    private void taped(int number, BackwardUnits.Unit unit) {
        List<Value> leaves = lowering.units().leaves(number);
        List<Integer> wanted = new ArrayList<>();
        for (int i = 0; i < leaves.size(); i++) {
            if (needed.contains(leaves.get(i))) {
                wanted.add(i);
            }
        }
        BackwardRule rule = sweep.rules().get(unit.nodes().get(0));
        List<String> outputs = new ArrayList<>();
        List<String> heads = new ArrayList<>();
        for (int index : unit.nodes()) {
            Node node = graph.nodes().get(index);
            for (int k = 0; k < node.outputs().size(); k++) {
                Value value = new Value.Output(index, k);
                if (sums.has(value)) {
                    Gradient g = gradient(value, rule != null);
                    if (rule == BackwardRule.DECONVNET) {
                        give(node.inputs().get(0), g);
                        return;
                    }
                    outputs.add(read(RewrittenForward.taped(value)));
                    heads.add(g.name);
                }
            }
        }
        if (outputs.isEmpty() || wanted.isEmpty()) {
            return;
        }
        List<String> from = new ArrayList<>();
        wanted.forEach(i -> from.add(read(CompiledPlan.leaf(number, i))));
        String all =
                text.let(
                        "torch.autograd.grad("
                                + outputs
                                + ", "
                                + from
                                + ", annotate(List[Optional[Tensor]], "
                                + heads
                                + "), True, False, True)");
        for (int i = 0; i < from.size(); i++) {
            String one = text.let(all + "[" + i + "]");
            String there = "g" + one.substring(1);
            text.line("if torch.__isnot__(" + one + ", None):");
            text.line("  " + there + " = unchecked_cast(Tensor, " + one + ")");
            text.line("else:");
            text.line("  " + there + " = torch.zeros_like(" + from.get(i) + ")");
            give(leaves.get(wanted.get(i)), new Gradient(there, false, false));
        }
    }
}
