package io.vitrail.engine.djl.torch;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The differentiated nodes of a plan in parts: those with a product in closed form each alone, runs
 * of others under one tape.
 */
final class BackwardUnits {
    /**
     * A part that is differentiated in one go.
     *
     * @param nodes one node with a product in closed form, or some under one tape
     */
    record Unit(List<Integer> nodes, boolean taped) {}

    private final Graph graph;
    private final Set<Value> tracked;
    private final Set<Integer> packed;
    private final List<Unit> units = new ArrayList<>();
    private final Map<Integer, Integer> tapeOf = new HashMap<>(); // a taped node's unit

    /**
     * Part a plan.
     *
     * @param live the nodes that anybody needs, in order
     * @param packed nodes that complete a convolution
     */
    BackwardUnits(Plan plan, Set<Integer> live, Set<Integer> packed) {
        this.graph = plan.graph();
        this.tracked = plan.tracked();
        this.packed = packed;
        part(plan, live);
    }

    private Node node(int index) {
        return graph.nodes().get(index);
    }

    /** Units in an order in which they can run, as {@link Plan} orders its own. */
    private void part(Plan plan, Set<Integer> live) {
        Set<Integer> ruled = plan.probe().ruled();
        Map<Value, Integer> levelOf = new HashMap<>();
        Map<Integer, List<Integer>> tapes = new TreeMap<>();
        Map<Integer, List<Unit>> alone = new TreeMap<>();
        Set<Integer> levels = new TreeSet<>();
        for (int index : live) {
            Node node = node(index);
            if (!Plan.isTracked(node, tracked)) {
                continue;
            }
            int level = 0;
            for (Value value : node.inputs()) {
                level = Math.max(level, levelOf.getOrDefault(value, 0));
            }
            boolean closed = packed.contains(index) || isInside(index) || closed(node);
            boolean cut = closed || ruled.contains(index);
            levels.add(level);
            if (cut) {
                alone.computeIfAbsent(level, key -> new ArrayList<>())
                        .add(new Unit(List.of(index), !closed));
            } else {
                tapes.computeIfAbsent(level, key -> new ArrayList<>()).add(index);
            }
            for (int k = 0; k < node.outputs().size(); k++) {
                Value value = new Value.Output(index, k);
                levelOf.put(value, level + (cut || plan.wanted().contains(value) ? 1 : 0));
            }
        }
        for (int level : levels) {
            if (tapes.containsKey(level)) {
                units.add(new Unit(tapes.get(level), true));
            }
            units.addAll(alone.getOrDefault(level, List.of()));
        }
        for (int u = 0; u < units.size(); u++) {
            if (units.get(u).taped()) {
                for (int index : units.get(u).nodes()) {
                    tapeOf.put(index, u);
                }
            }
        }
    }

    /** A convolution whose batch norm stands for both. */
    private boolean isInside(int index) {
        return Traits.isPlane(node(index).operator()) && !packed.contains(index);
    }

    private boolean closed(Node node) {
        if (node.outputs().size() != 1) {
            return false;
        }
        for (int i = 0; i < node.inputs().size(); i++) {
            if (tracked.contains(node.inputs().get(i))
                    && Products.of(graph, node, i, "g", Products.DRY) == null) {
                return false;
            }
        }
        return true;
    }

    /** Return the parts in an order in which they can run. */
    List<Unit> all() {
        return units;
    }

    /** Return the number of the taped unit that a node belongs to, or -1. */
    int tapeOf(int index) {
        return tapeOf.getOrDefault(index, -1);
    }

    /** Return what a taped unit reads from outside, each value once, that depends on a point. */
    List<Value> leaves(int unit) {
        List<Value> leaves = new ArrayList<>();
        for (int index : units.get(unit).nodes()) {
            for (Value value : node(index).inputs()) {
                boolean own = value instanceof Value.Output output && tapeOf(output.node()) == unit;
                if (!own && tracked.contains(value) && !leaves.contains(value)) {
                    leaves.add(value);
                }
            }
        }
        return leaves;
    }
}
