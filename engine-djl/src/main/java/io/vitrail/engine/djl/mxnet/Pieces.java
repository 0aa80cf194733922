package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pieces of a plan, in an order in which they run.
 *
 * <p>A piece lies within a stage and within a unit. A node whose tape must hold nothing else is a
 * piece of its own; nodes with products in closed form are joined with their like, where most of a
 * unit has one. As few values as possible are seen between pieces: a call takes MXNet longer to
 * receive than a small layer to compute.
 */
final class Pieces {
    private static final int MOST = 4; // of so many nodes at most one has no closed form

    /** A node's place: pieces of a lower level come first, and a level's joined nodes. */
    private record Place(int level, Piece.Form form, int stage, int unit, int node) {
        static final Comparator<Place> ORDER =
                Comparator.comparingInt(Place::level)
                        .thenComparing(Place::form)
                        .thenComparingInt(Place::stage)
                        .thenComparingInt(Place::unit)
                        .thenComparingInt(Place::node);

        boolean beside(Place other) {
            return stage == other.stage && unit == other.unit && form == other.form;
        }
    }

    private final Plan plan;
    private final Graph graph;
    private final Set<Integer> closed = new HashSet<>(); // units
    private final Map<Integer, Place> places = new HashMap<>();

    private Pieces(Plan plan) {
        this.plan = plan;
        this.graph = plan.graph();
    }

    /** Cut a plan into pieces. */
    static List<Piece> of(Plan plan) {
        return new Pieces(plan).cut();
    }

    private List<Piece> cut() {
        Map<Integer, Integer> unitOf = new HashMap<>();
        for (int unit = 0; unit < plan.units().size(); unit++) {
            for (int node : plan.units().get(unit).nodes()) {
                unitOf.put(node, unit);
            }
        }
        for (int unit = 0; unit < plan.units().size(); unit++) {
            if (mostlyClosed(plan.units().get(unit))) {
                closed.add(unit);
            }
        }
        Map<Place, List<Integer>> parts = new TreeMap<>(Place.ORDER);
        for (int stage = 0; stage < plan.stages().size(); stage++) {
            for (int node : plan.stages().get(stage)) {
                Place place = place(node, stage, unitOf.getOrDefault(node, -1));
                places.put(node, place);
                parts.computeIfAbsent(place, key -> new ArrayList<>()).add(node);
            }
        }
        Set<Value> seen = seen();
        List<Piece> pieces = new ArrayList<>();
        parts.forEach((place, nodes) -> pieces.add(piece(place, nodes, seen)));
        return pieces;
    }

    /** Return what is read elsewhere than in its own piece. */
    private Set<Value> seen() {
        Set<Value> seen = new HashSet<>(plan.wanted());
        seen.addAll(plan.probe().replaced());
        plan.units().forEach(unit -> seen.addAll(unit.outputs()));
        places.forEach(
                (node, place) -> {
                    for (Value value : graph.nodes().get(node).inputs()) {
                        boolean near =
                                value instanceof Value.Output output
                                        && place.equals(places.get(output.node()));
                        if (!near) {
                            seen.add(value);
                        }
                    }
                });
        return seen;
    }

    /** The level is the number of cuts on the longest way to a node. */
    private Place place(int index, int stage, int unit) {
        Piece.Form form = form(index, unit);
        Place here = new Place(0, form, stage, unit, form == Piece.Form.ALONE ? index : -1);
        int level = 0;
        for (Value value : graph.nodes().get(index).inputs()) {
            if (value instanceof Value.Output output) {
                Place from = java.util.Objects.requireNonNull(places.get(output.node()));
                level = Math.max(level, from.level() + (cutBehind(value, from, here) ? 1 : 0));
            }
        }
        return new Place(level, form, stage, unit, here.node());
    }

    /**
     * What is seen from outside ends a tape: else the way back from there would lead through all
     * that lies behind, with zeros.
     */
    private boolean cutBehind(Value value, Place from, Place to) {
        return from.form() == Piece.Form.ALONE
                || !from.beside(to)
                || from.unit() >= 0
                        && from.form() == Piece.Form.JOINED
                        && plan.wanted().contains(value);
    }

    private Piece.Form form(int index, int unit) {
        Node node = graph.nodes().get(index);
        if (unit < 0) {
            return Kernels.compiles(node) ? Piece.Form.JOINED : Piece.Form.ALONE;
        }
        if (plan.units().get(unit).ruled()) {
            return Piece.Form.ALONE;
        }
        if (Kernels.closed(node) && (closed.contains(unit) || plan.ruled().contains(index))) {
            return Piece.Form.CLOSED;
        }
        return Kernels.of(node).joins() ? Piece.Form.JOINED : Piece.Form.ALONE;
    }

    /** Too many changes between the two forms cost more than closed ones save. */
    private boolean mostlyClosed(Plan.Unit unit) {
        long taped =
                unit.nodes().stream()
                        .filter(node -> !Kernels.closed(graph.nodes().get(node)))
                        .count();
        return taped * MOST <= unit.nodes().size();
    }

    private Piece piece(Place place, List<Integer> nodes, Set<Value> seen) {
        Set<Value> leaves = new LinkedHashSet<>();
        List<Value> outputs = new ArrayList<>();
        for (int index : nodes) {
            Node node = graph.nodes().get(index);
            leaves.addAll(node.inputs());
            for (int k = 0; k < node.outputs().size(); k++) {
                outputs.add(new Value.Output(index, k));
            }
        }
        leaves.removeAll(Set.copyOf(outputs));
        Piece.Form form = place.form();
        if (form == Piece.Form.JOINED && nodes.size() == 1) {
            form = Piece.Form.ALONE;
        }
        if (form != Piece.Form.ALONE) {
            outputs.retainAll(seen);
        }
        return new Piece(nodes, place.unit(), form, List.copyOf(leaves), List.copyOf(outputs));
    }
}
