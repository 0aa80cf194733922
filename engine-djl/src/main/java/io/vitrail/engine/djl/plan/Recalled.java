package io.vitrail.engine.djl.plan;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answer what every pass of a plan asks about its graph, each question worked out once. */
final class Recalled {
    private final Graph graph;
    private final ResolvedProbe probe;
    private final Map<Value, Set<Value>> reached = new ConcurrentHashMap<>();
    private final Map<String, ResolvedProbe.Sweep> shared = new ConcurrentHashMap<>();
    private final Map<ResolvedProbe.Sweep, Set<Value>> needed = new ConcurrentHashMap<>();

    Recalled(Graph graph, ResolvedProbe probe) {
        this.graph = graph;
        this.probe = probe;
    }

    boolean reaches(Value from, List<Value> to) {
        Set<Value> found = reached.get(from);
        if (found == null) {
            found = descended(graph, Set.of(from), false);
            reached.put(from, found);
        }
        for (Value value : to) {
            if (found.contains(value)) {
                return true;
            }
        }
        return false;
    }

    ResolvedProbe.Sweep shared(String name) {
        ResolvedProbe.Sweep known = shared.get(name);
        return known == null ? shared.computeIfAbsent(name, this::merged) : known;
    }

    private ResolvedProbe.Sweep merged(String name) {
        ResolvedProbe.Sweep own = probe.sweeps().get(name);
        Set<Value> points = new LinkedHashSet<>();
        for (ResolvedProbe.Sweep other : probe.sweeps().values()) {
            if (other.rules().equals(own.rules())) {
                points.addAll(other.points());
            }
        }
        return new ResolvedProbe.Sweep(points, own.rules());
    }

    Set<Value> needed(ResolvedProbe.Sweep sweep) {
        return needed.computeIfAbsent(sweep, key -> dependent(graph, key.points()));
    }

    /** Return the floating values that depend on a point, the points included. */
    static Set<Value> dependent(Graph graph, Set<Value> points) {
        return descended(graph, points, true);
    }

    private static Set<Value> descended(Graph graph, Set<Value> points, boolean floating) {
        Set<Value> descended = new HashSet<>(points);
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            if (floating && node.operator() instanceof Operator.Embedding) {
                continue; // no gradient flows to the number of a row
            }
            boolean below = false;
            for (Value value : node.inputs()) {
                below |= descended.contains(value);
            }
            for (int k = 0; below && k < node.outputs().size(); k++) {
                if (!floating || node.outputs().get(k).type().isFloating()) {
                    descended.add(new Value.Output(i, k));
                }
            }
        }
        return descended;
    }
}
