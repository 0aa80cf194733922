package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import io.vitrail.api.BackwardRule;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import java.util.ArrayList;
import java.util.HashMap;
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
    /** A gradient, or a share of one. */
    private static final class Gradient {
        final String name;
        final boolean last; // lies in memory with channels last
        boolean own; // nothing else stands in its memory
        int uses; // shares that are still to read it

        Gradient(String name, boolean own, boolean last) {
            this.name = name;
            this.own = own;
            this.last = last;
        }

        boolean isFree() {
            return own && uses == 0;
        }
    }

    /**
     * What one reader of a value adds to its gradient.
     *
     * @param head the share itself, or, if a convolution is still to be run on it, the gradient
     *     behind that
     */
    private record Share(
            Gradient head, @Nullable PackedConvolution pending, @Nullable Value input) {}

    private final Lowering lowering;
    private final Graph graph;
    private final ResolvedProbe.Sweep sweep;
    private final Set<Value> needed;
    private final ScriptText text = new ScriptText();
    private final Set<String> saved = new LinkedHashSet<>();
    private final Map<Value, List<Share>> shares = new HashMap<>();
    private final Map<Value, String> found = new LinkedHashMap<>();

    /**
     * A script.
     *
     * @param saved variables of the way forward that it reads, behind the heads
     * @param points what it returns gradients at; fewer than asked for where the heads do not
     *     depend on a point
     */
    record Written(
            ScriptText text, List<String> heads, List<String> saved, Map<Value, String> points) {
        String body() {
            List<String> reads = new ArrayList<>(heads);
            reads.addAll(saved);
            return text.body(reads, new ArrayList<>(points.values()));
        }
    }

    RewrittenBackward(Lowering lowering, ResolvedProbe.Sweep sweep) {
        this.lowering = lowering;
        this.graph = lowering.graph();
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
                add(value, new Share(new Gradient(name, false, false), null, null));
            }
        }
        for (int u = lowering.units().size() - 1; u >= 0; u--) {
            Lowering.Unit unit = lowering.units().get(u);
            if (unit.taped()) {
                taped(u, unit);
            } else {
                closed(unit.nodes().get(0));
            }
        }
        for (Value point : sweep.points()) {
            if (shares.containsKey(point)) {
                gradient(point, false); // an input
            }
        }
        return new Written(text, heads, new ArrayList<>(saved), found);
    }

    private void add(Value value, Share share) {
        share.head().uses++;
        shares.computeIfAbsent(value, key -> new ArrayList<>()).add(share);
    }

    private Gradient let(String expression, boolean last) {
        return new Gradient(text.let(expression), true, last);
    }

    private String read(String variable) {
        saved.add(variable);
        return variable;
    }

    /** Sum up a value's gradient, or the positive part of it; nothing can add to it afterwards. */
    private Gradient gradient(Value value, boolean positive) {
        boolean point = sweep.points().contains(value);
        Gradient sum = sum(shares.remove(value), positive && !point);
        if (!point) {
            return sum;
        }
        found.put(value, text.let(call("contiguous", sum.name)));
        sum.own = false;
        return positive ? let(call("relu", sum.name), sum.last) : sum;
    }

    private Gradient sum(List<Share> all, boolean positive) {
        List<Share> pending = new ArrayList<>();
        Gradient sum = null;
        for (Share share : all) {
            if (share.pending() == null) {
                share.head().uses--;
                sum = sum == null ? share.head() : plus(sum, share.head());
            } else if (share.pending().canAddGradient()) {
                pending.add(share); // last, for it can take up the sum
            } else {
                pending.add(0, share);
            }
        }
        for (int i = 0; i < pending.size() - 1; i++) {
            Gradient one = run(pending.get(i), false);
            sum = sum == null ? one : plus(sum, one);
        }
        if (pending.isEmpty()) {
            return positive ? positive(sum) : sum;
        }
        Share carrier = pending.get(pending.size() - 1);
        if (sum == null) {
            return run(carrier, positive);
        }
        if (carrier.pending().canAddGradient() && sum.isFree() && sum.last) {
            PackedConvolution packed = carrier.pending();
            String head = plane(carrier);
            carrier.head().uses--;
            String other = first(sum.name, packed);
            text.line("_ = " + packed.gradientTo(other, head, positive, text));
            return sum;
        }
        Gradient one = run(carrier, false);
        text.line("_ = " + call(positive ? "_add_relu_" : "add_", one.name, sum.name));
        return one;
    }

    private Gradient positive(Gradient sum) {
        if (sum.isFree()) {
            text.line("_ = " + call("relu_", sum.name));
            return sum;
        }
        return let(call("relu", sum.name), sum.last);
    }

    private Gradient plus(Gradient a, Gradient b) {
        if (!a.isFree() && !b.isFree()) {
            return let(call("add", a.name, b.name), a.last);
        }
        Gradient into = a.isFree() ? a : b;
        text.line("_ = " + call("add_", into.name, (into == a ? b : a).name));
        return into;
    }

    private Gradient run(Share share, boolean positive) {
        PackedConvolution packed = share.pending();
        String head = plane(share);
        share.head().uses--;
        Value input = share.input();
        String result =
                packed.gradient(
                        head,
                        positive,
                        () ->
                                call(
                                        "contiguous",
                                        first(read(variable(input)), packed),
                                        "memory_format=2"),
                        text);
        return let(last(result, packed), true);
    }

    private String variable(Value value) {
        return RewrittenForward.variable(value);
    }

    private String plane(Share share) {
        String head = first(share.head().name, share.pending());
        return share.head().last ? head : call("contiguous", head, "memory_format=2");
    }

    private static String first(String in, PackedConvolution packed) {
        return packed.layout() == Layout.CHANNELS_FIRST ? in : call("movedim", in, -1, 1);
    }

    private static String last(String plane, PackedConvolution packed) {
        return packed.layout() == Layout.CHANNELS_FIRST ? plane : call("movedim", plane, 1, -1);
    }

    private void closed(int index) {
        Value out = new Value.Output(index, 0);
        if (!shares.containsKey(out)) {
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
                add(in, new Share(g, packed, in));
            }
        } else {
            products(index, graph.nodes().get(index), g, rule);
        }
    }

    private void give(Value value, Gradient gradient) {
        if (needed.contains(value)) {
            add(value, new Share(gradient, null, null));
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
                g = let(call("contiguous", g.name, "memory_format=2"), true);
                g.own = false; // it may have lain so
                product = Products.of(graph, node, position, g.name, saved(index, node));
            }
            Gradient made =
                    switch (product.kind()) {
                        case FRESH -> let(product.text(), isLast(in, g, node));
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
                            yield let(product.text(), g.last);
                        }
                        case SAME -> g;
                        case VIEW -> {
                            g.own = false;
                            Gradient view = let(product.text(), false);
                            view.own = false;
                            yield view;
                        }
                    };
            if (rule == BackwardRule.GUIDED_GATED) {
                made =
                        let(
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

    private void taped(int number, Lowering.Unit unit) {
        List<Value> leaves = lowering.leaves(number);
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
                if (shares.containsKey(value)) {
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
