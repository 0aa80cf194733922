package io.vitrail.engine.djl.torch;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a plan comes to when it is rewritten: which convolutions take up what follows them, which
 * nodes have a product in closed form, and where tapes remain.
 */
final class Lowering {
    /**
     * Nodes that one call computes.
     *
     * @param convolution the node of the convolution
     * @param tail the convolution, or the batch norm that is folded into it
     * @param add the addition of a residual, or -1
     * @param activation what is fused behind, or -1
     */
    record Group(PackedConvolution packed, int convolution, int tail, int add, int activation) {
        int last() {
            return activation >= 0 ? activation : add >= 0 ? add : tail;
        }
    }

    private final Plan plan;
    private final Graph graph;
    private final Set<Integer> live = new TreeSet<>();
    private final Set<Value> tracked;
    private final Map<Value, List<Integer>> readers = new HashMap<>();
    private final Map<Integer, Group> groups = new HashMap<>(); // by their last node
    private final Map<Integer, PackedConvolution> packed = new HashMap<>(); // by their tail
    private final Set<Integer> inside = new HashSet<>(); // what a later node computes
    private final Set<Value> channelsLast = new HashSet<>();
    private final BackwardUnits units;

    private Lowering(Plan plan) {
        this.plan = plan;
        this.graph = plan.graph();
        this.tracked = plan.tracked();
        plan.stages().forEach(live::addAll);
        for (int index : live) {
            node(index)
                    .inputs()
                    .forEach(
                            value ->
                                    readers.computeIfAbsent(value, key -> new ArrayList<>())
                                            .add(index));
        }
        for (int index : live) {
            if (Traits.isPlane(node(index).operator())) {
                group(index);
            }
        }
        layOut();
        this.units = new BackwardUnits(plan, live, packed.keySet());
    }

    /** Rewrite a plan, or return null where the exact form is the one to run. */
    static @Nullable Lowering of(Plan plan) {
        return Rewritable.is(plan) ? new Lowering(plan) : null;
    }

    private Node node(int index) {
        return graph.nodes().get(index);
    }

    private static Value output(int index) {
        return new Value.Output(index, 0);
    }

    /** Return the only node that reads a value nobody else sees, or -1. */
    private int only(Value value) {
        List<Integer> all = readers.getOrDefault(value, List.of());
        return all.size() == 1 && !plan.wanted().contains(value) ? all.get(0) : -1;
    }

    private void group(int convolution) {
        int tail = convolution;
        Node norm = null;
        int next = only(output(convolution));
        Layout layout = ((Operator.Convolution) node(convolution).operator()).layout();
        if (next >= 0
                && node(next).operator() instanceof Operator.BatchNorm batchNorm
                && batchNorm.axis() == layout.channel(4)
                && !plan.probe().ruled().contains(convolution)) {
            norm = node(next);
            tail = next;
        }
        PackedConvolution own = new PackedConvolution(graph, node(convolution), norm);
        packed.put(tail, own);
        int add = -1;
        next = only(output(tail));
        if (next >= 0 && node(next).operator() instanceof Operator.Add && joins(next, tail)) {
            add = next;
            next = only(output(add));
        }
        int activation = -1;
        if (next >= 0 && fused(next, add >= 0) != null) {
            activation = next;
        }
        Group group = new Group(own, convolution, tail, add, activation);
        groups.put(group.last(), group);
        for (int index : new int[] {convolution, tail, add, activation}) {
            if (index >= 0 && index != group.last()) {
                inside.add(index);
            }
        }
    }

    /** Return whether a residual of the same shape was computed before this convolution. */
    private boolean joins(int add, int tail) {
        Value other = residual(add, tail);
        return !other.equals(output(tail))
                && graph.type(other).shape().equals(node(add).outputs().get(0).shape())
                && graph.type(output(tail)).shape().equals(node(add).outputs().get(0).shape())
                && (other instanceof Value.Input || ((Value.Output) other).node() < tail)
                // of two convolutions the later one takes up the addition
                && !(other instanceof Value.Output before && inside.contains(before.node()));
    }

    private Value residual(int add, int tail) {
        List<Value> both = node(add).inputs();
        return both.get(both.get(0).equals(output(tail)) ? 1 : 0);
    }

    Value residual(Group group) {
        return residual(group.add(), group.tail());
    }

    /**
     * Return what oneDNN is to compute of each element, or null if the activation stays on its own:
     * under a way back its derivative must be one of its output.
     */
    @Nullable Fused fused(int index, boolean behindAddition) {
        Operator operator = node(index).operator();
        if (Traits.isRelu(operator)) {
            return Fused.RELU;
        }
        if (behindAddition) {
            return null;
        }
        boolean back = tracked.contains(node(index).inputs().get(0));
        if (operator instanceof Operator.LeakyRelu leaky && (leaky.slope() >= 0 || !back)) {
            return Fused.of("leaky_relu", leaky.slope());
        }
        double[] range = Traits.openRange(operator);
        if (range != null) {
            return Fused.of("hardtanh", range);
        }
        if (back) {
            return null;
        }
        if (operator instanceof Operator.Silu) {
            return Fused.of("swish");
        }
        return operator instanceof Operator.HardSwish ? Fused.of("hardswish") : null;
    }

    /** Find the values that lie in memory with channels last though their axes say otherwise. */
    private void layOut() {
        for (int index : live) {
            Node node = node(index);
            Operator operator = node.operator();
            boolean packs = Traits.isPlane(operator);
            boolean keeps =
                    Traits.keepsMemory(operator)
                            && node.inputs().stream()
                                    .anyMatch(
                                            value ->
                                                    channelsLast.contains(value)
                                                            && graph.type(value).shape().dimension()
                                                                    == 4);
            if (keeps
                    || packs
                            && ((Operator.Convolution) operator).layout()
                                    == Layout.CHANNELS_FIRST) {
                if (node.outputs().get(0).shape().dimension() == 4) {
                    channelsLast.add(output(index));
                }
            }
        }
    }

    Plan plan() {
        return plan;
    }

    Graph graph() {
        return graph;
    }

    /** Return the nodes that anybody needs, in order. */
    Set<Integer> live() {
        return live;
    }

    boolean isTracked(Value value) {
        return tracked.contains(value);
    }

    List<Integer> readers(Value value) {
        return readers.getOrDefault(value, List.of());
    }

    /** Return the group that ends at a node, or null. */
    @Nullable Group groupAt(int index) {
        return groups.get(index);
    }

    /** Return whether a group that ends later computes a node. */
    boolean isTakenUp(int index) {
        return inside.contains(index);
    }

    /** Return the convolution whose whole effect a node completes, or null. */
    @Nullable PackedConvolution packed(int index) {
        return packed.get(index);
    }

    /** Return the node that a folded convolution begins with. */
    Node convolution(int tail) {
        Node node = node(tail);
        return Traits.isPlane(node.operator())
                ? node
                : node(((Value.Output) node.inputs().get(0)).node());
    }

    boolean isChannelsLast(Value value) {
        return channelsLast.contains(value);
    }

    BackwardUnits units() {
        return units;
    }
}
