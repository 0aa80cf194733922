package io.vitrail.engine.djl.plan;

import io.vitrail.api.BackwardRule;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How to run a graph for a probe: stages forward, units back.
 *
 * <p>Only what lies between a point of differentiation and the outputs is differentiated at all;
 * the rest runs without a tape. That part is cut into units: a node at which a rule stands is a
 * unit of its own, and so is each run of other nodes between such cuts. Reverse-mode
 * differentiation over the units is the engine's; inside a {@link Kind#TAPED} unit its autograd
 * does the work, and a unit whose product is known in closed form can be of another kind without
 * anybody else noticing.
 */
public final class Plan {
    private final Graph graph;
    private final ResolvedProbe probe;
    private final List<List<Integer>> stages;
    private final List<Unit> units;
    private final Set<Value> wanted;
    private final Map<Integer, Unit> unitOf = new HashMap<>();
    private final Recalled recalled;

    private Plan(
            Graph graph,
            ResolvedProbe probe,
            List<List<Integer>> stages,
            List<Unit> units,
            Set<Value> wanted) {
        this.graph = graph;
        this.probe = probe;
        this.stages = stages;
        this.units = units;
        this.wanted = wanted;
        units.forEach(unit -> unit.nodes().forEach(node -> unitOf.put(node, unit)));
        this.recalled = new Recalled(graph, probe);
    }

    /** Return what is run. */
    public Graph graph() {
        return graph;
    }

    /** Return what is wanted. */
    public ResolvedProbe probe() {
        return probe;
    }

    /** Return the nodes of each forward stage, in order; between two, values are replaced. */
    public List<List<Integer>> stages() {
        return stages;
    }

    /** Return the differentiated part, in an order in which it can run; backwards from the last. */
    public List<Unit> units() {
        return units;
    }

    /** Return the values that must be there in the end. */
    public Set<Value> wanted() {
        return wanted;
    }

    /** How a unit's vector-Jacobian product is computed. */
    public enum Kind {
        /** By the engine's own autograd over the unit's nodes. */
        TAPED
    }

    /**
     * A part of the graph that is differentiated in one go.
     *
     * @param nodes its nodes, in order; one where a rule stands
     * @param ruled whether a rule of some sweep stands here
     * @param leaves what it reads from outside; a ruled unit has one entry for each floating input
     *     of its node, others have each value once
     * @param outputs its values that others read
     */
    public record Unit(
            Kind kind,
            List<Integer> nodes,
            boolean ruled,
            List<Value> leaves,
            List<Value> outputs) {}

    /**
     * Plan a graph for a probe.
     *
     * @param guides whether {@link BackwardRule#GUIDED} at a node can be part of a unit with others
     */
    public static Plan of(Graph graph, ResolvedProbe probe, Predicate<Node> guides) {
        return new Planner(graph, probe, guides).plan();
    }

    /** Return the nodes at which a rule of any sweep stands, whether they are cuts or not. */
    public Set<Integer> ruled() {
        return probe.ruled();
    }

    /** Return the values that a node which runs reads, or that are wanted or replaced. */
    public Set<Value> read() {
        Set<Value> read = new HashSet<>(wanted);
        read.addAll(probe.replaced());
        for (List<Integer> stage : stages) {
            stage.forEach(node -> read.addAll(graph.nodes().get(node).inputs()));
        }
        return read;
    }

    /** Return the unit that each node belongs to; nodes that are not differentiated are absent. */
    public Map<Integer, Unit> unitOf() {
        return unitOf;
    }

    /** Return the number of differentiated nodes at which a rule of a sweep stands. */
    int rulesAt(ResolvedProbe.Sweep sweep) {
        int count = 0;
        for (Map.Entry<Integer, BackwardRule> at : sweep.rules().entrySet()) {
            if (unitOf.containsKey(at.getKey())) {
                count += at.getValue() instanceof LoopRules inner ? inner.rules().size() : 1;
            }
        }
        return count;
    }

    /**
     * Return a sweep of this name with the points of every sweep that has the same rules: they
     * share one way back.
     */
    ResolvedProbe.Sweep shared(String name) {
        return recalled.shared(name);
    }

    /**
     * Return the values that depend on a point of a sweep, the points included: gradients elsewhere
     * are of no use to it.
     */
    public Set<Value> needed(ResolvedProbe.Sweep sweep) {
        return recalled.needed(sweep);
    }

    /** Return the values that depend on a point of any sweep, the points included. */
    public Set<Value> tracked() {
        return Recalled.dependent(graph, probe.points());
    }

    /** Return whether any of some values depends on another one, or is it. */
    boolean reaches(Value from, List<Value> to) {
        return recalled.reaches(from, to);
    }

    /** Return whether a gradient can flow through a node to one of some values. */
    public static boolean isTracked(Node node, Set<Value> tracked) {
        return !(node.operator() instanceof Operator.Embedding) // none flows to a row's number
                && node.inputs().stream().anyMatch(tracked::contains);
    }

    private static final class Planner {
        private final Graph graph;
        private final ResolvedProbe probe;
        private final Set<Value> wanted;
        private final Set<Value> tracked;
        private final Predicate<Node> guides;
        private final boolean[] live;

        Planner(Graph graph, ResolvedProbe probe, Predicate<Node> guides) {
            this.guides = guides;
            this.graph = graph;
            this.probe = probe;
            this.wanted = probe.wanted(graph.outputs().stream().map(Graph.Result::value).toList());
            this.tracked = Recalled.dependent(graph, probe.points());
            this.live = new boolean[graph.nodes().size()];
            wanted.forEach(this::mark);
            probe.replaced().forEach(this::mark);
            for (int i = live.length - 1; i >= 0; i--) {
                if (live[i]) {
                    graph.nodes().get(i).inputs().forEach(this::mark);
                }
            }
        }

        private void mark(Value value) {
            if (value instanceof Value.Output output) {
                live[output.node()] = true;
            }
        }

        private boolean isTracked(int node) {
            return Plan.isTracked(graph.nodes().get(node), tracked);
        }

        Plan plan() {
            return new Plan(graph, probe, stages(), units(), wanted);
        }

        /** Return the nodes with a rule that are units of their own. */
        private Set<Integer> cuts() {
            Set<Integer> cuts = new HashSet<>(probe.ruled());
            cuts.removeIf(
                    node ->
                            guides.test(graph.nodes().get(node))
                                    && probe.sweeps().values().stream()
                                            .map(sweep -> sweep.rules().get(node))
                                            .allMatch(
                                                    rule ->
                                                            rule == null
                                                                    || rule
                                                                            == BackwardRule
                                                                                    .GUIDED));
            return cuts;
        }

        private List<List<Integer>> stages() {
            Map<Value, Integer> stageOf = new HashMap<>();
            List<List<Integer>> stages = new ArrayList<>();
            for (int i = 0; i < live.length; i++) {
                if (!live[i]) {
                    continue;
                }
                Node node = graph.nodes().get(i);
                int stage = 0;
                for (Value value : node.inputs()) {
                    stage = Math.max(stage, stageOf.getOrDefault(value, 0));
                }
                for (int k = 0; k < node.outputs().size(); k++) {
                    Value value = new Value.Output(i, k);
                    stageOf.put(value, stage + (probe.replaced().contains(value) ? 1 : 0));
                }
                while (stages.size() <= stage) {
                    stages.add(new ArrayList<>());
                }
                stages.get(stage).add(i);
            }
            return stages;
        }

        /**
         * A value's level counts the cuts on the longest way to it. Nodes of one level that have no
         * rule are one unit: whatever they read of each other lies inside, and all else is of a
         * lower level.
         */
        private List<Unit> units() {
            Set<Integer> ruled = cuts();
            Set<Value> cutBehind = new HashSet<>(probe.points());
            cutBehind.addAll(probe.replaced());
            Map<Value, Integer> levelOf = new HashMap<>();
            Map<Integer, List<Integer>> runs = new TreeMap<>();
            Map<Integer, List<Integer>> cuts = new TreeMap<>();
            for (int i = 0; i < live.length; i++) {
                if (!live[i] || !isTracked(i)) {
                    continue;
                }
                Node node = graph.nodes().get(i);
                int level = 0;
                for (Value value : node.inputs()) {
                    level = Math.max(level, levelOf.getOrDefault(value, 0));
                }
                boolean rule = ruled.contains(i);
                (rule ? cuts : runs).computeIfAbsent(level, key -> new ArrayList<>()).add(i);
                for (int k = 0; k < node.outputs().size(); k++) {
                    Value value = new Value.Output(i, k);
                    levelOf.put(value, level + (rule || cutBehind.contains(value) ? 1 : 0));
                }
            }
            List<List<Integer>> parts = new ArrayList<>();
            Set<Integer> levels = new java.util.TreeSet<>(runs.keySet());
            levels.addAll(cuts.keySet());
            for (int level : levels) {
                if (runs.containsKey(level)) {
                    parts.add(runs.get(level));
                }
                cuts.getOrDefault(level, List.of()).forEach(node -> parts.add(List.of(node)));
            }
            return assemble(parts, ruled, cutBehind);
        }

        private List<Unit> assemble(
                List<List<Integer>> parts, Set<Integer> ruled, Set<Value> cutBehind) {
            Map<Integer, Integer> partOf = new HashMap<>();
            for (int p = 0; p < parts.size(); p++) {
                for (int node : parts.get(p)) {
                    partOf.put(node, p);
                }
            }
            Set<Value> read =
                    new LinkedHashSet<>(wanted); // from outside of the unit that computes it
            read.addAll(cutBehind);
            Map<Integer, List<Value>> leavesOf = new LinkedHashMap<>();
            for (int p = 0; p < parts.size(); p++) {
                boolean rule = ruled.contains(parts.get(p).get(0));
                List<Value> leaves = new ArrayList<>();
                for (int node : parts.get(p)) {
                    for (Value value : graph.nodes().get(node).inputs()) {
                        boolean inside =
                                value instanceof Value.Output output
                                        && Integer.valueOf(p).equals(partOf.get(output.node()));
                        if (inside) {
                            continue;
                        }
                        if (rule && graph.type(value).type().isFloating()
                                || tracked.contains(value) && !leaves.contains(value)) {
                            leaves.add(value);
                            read.add(value);
                        }
                    }
                }
                leavesOf.put(p, leaves);
            }
            List<Unit> units = new ArrayList<>();
            for (int p = 0; p < parts.size(); p++) {
                List<Value> outputs = new ArrayList<>();
                for (int node : parts.get(p)) {
                    for (int k = 0; k < graph.nodes().get(node).outputs().size(); k++) {
                        Value value = new Value.Output(node, k);
                        if (tracked.contains(value) && read.contains(value)) {
                            outputs.add(value);
                        }
                    }
                }
                units.add(
                        new Unit(
                                Kind.TAPED,
                                Collections.unmodifiableList(parts.get(p)),
                                ruled.contains(parts.get(p).get(0)),
                                leavesOf.get(p),
                                outputs));
            }
            return units;
        }
    }
}
