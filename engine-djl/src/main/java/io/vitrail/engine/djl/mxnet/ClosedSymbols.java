package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The symbols of a piece whose products are in closed form: one forwards, which also returns what
 * the others read, and one for each way back that was asked for.
 */
final class ClosedSymbols implements AutoCloseable {
    private record Way(List<Value> reached, Set<Value> asked, Set<Integer> positive) {}

    private final Plan plan;
    private final Piece piece;
    private final Folding folding;
    private final Weights weights;
    private final NDManager manager;
    private final boolean memory;
    private final Trace whole;
    private final List<Trace.Entry> made = new ArrayList<>();
    private final CompiledSymbol forward;
    private final Map<Way, Back> backs = new HashMap<>();

    /**
     * Trace and compile a piece.
     *
     * @param memory whether MXNet keeps the memory for what it computes on the way
     * @param manager owns constants
     */
    ClosedSymbols(
            Plan plan,
            Piece piece,
            Folding folding,
            Weights weights,
            boolean memory,
            NDManager manager) {
        this.plan = plan;
        this.piece = piece;
        this.folding = folding;
        this.weights = weights;
        this.manager = manager;
        this.memory = memory;
        Set<Value> tracked = plan.tracked();
        Set<Value> asked = new java.util.HashSet<>(piece.leaves());
        asked.retainAll(tracked);
        this.whole = trace(new Way(piece.outputs(), asked, Set.of()));
        for (Value value : piece.outputs()) {
            add(whole.at(value));
        }
        whole.kept().forEach(this::add);
        this.forward = CompiledSymbol.of(whole.json(made), whole.constants()::containsKey, memory);
    }

    private void add(Trace.Entry entry) {
        if (!made.contains(entry)) {
            made.add(entry);
        }
    }

    private Trace trace(Way way) {
        return Tracing.back(
                plan.graph(),
                piece,
                folding,
                weights,
                way.reached(),
                way.asked(),
                way.positive(),
                manager);
    }

    /** Return the symbol that leads forwards. */
    CompiledSymbol forward() {
        return forward;
    }

    /** Return what the forward symbol computes, in order. */
    List<Trace.Entry> made() {
        return made;
    }

    /** Return where an output is. */
    Trace.Entry at(Value value) {
        return whole.at(value);
    }

    /** Return whether a way back reads a leaf. */
    boolean readBack(Value leaf) {
        return whole.readBack().contains(leaf);
    }

    /** Return the constant behind an input of the forward symbol, null if it is none. */
    @Nullable NDArray constant(String input) {
        return whole.constants().get(input);
    }

    /** Return the value behind an input of the forward symbol. */
    Value leaf(String input) {
        return java.util.Objects.requireNonNull(whole.inputs().get(input));
    }

    /**
     * Return the way from some outputs to some leaves.
     *
     * @param positive nodes at which only the positive part of a gradient goes back
     */
    Back back(List<Value> reached, List<Value> asked, Set<Integer> positive) {
        return backs.computeIfAbsent(
                new Way(reached, Set.copyOf(asked), positive),
                way -> new Back(trace(way), made, memory));
    }

    /** A way back, compiled. */
    static final class Back implements AutoCloseable {
        private final Trace trace;
        private final Map<String, Trace.Entry> kept = new LinkedHashMap<>();
        private final CompiledSymbol symbol;

        private Back(Trace trace, List<Trace.Entry> made, boolean memory) {
            this.trace = trace;
            Map<Trace.Entry, String> names = new LinkedHashMap<>();
            for (Trace.Entry entry : trace.kept()) {
                if (!made.contains(entry)) {
                    throw new IllegalStateException("a way back reads what was not kept");
                }
                names.put(entry, "s" + names.size());
            }
            names.forEach((entry, name) -> kept.put(name, entry));
            symbol = CompiledSymbol.of(trace.back(names), trace.constants()::containsKey, memory);
        }

        /** Return the leaves that have a gradient. */
        List<Value> leaves() {
            return trace.reached();
        }

        /**
         * Return the gradients at the leaves, in order.
         *
         * @param computed the array of what the forward symbol computed
         */
        NDList run(
                Function<Value, NDArray> leaves,
                Function<Trace.Entry, NDArray> computed,
                Function<Value, NDArray> heads,
                NDManager owner) {
            return symbol.run(
                    name -> {
                        NDArray constant = trace.constants().get(name);
                        Trace.Entry entry = kept.get(name);
                        Value head = trace.heads().get(name);
                        return constant != null
                                ? constant
                                : entry != null
                                        ? computed.apply(entry)
                                        : head != null
                                                ? heads.apply(head)
                                                : leaves.apply(trace.inputs().get(name));
                    },
                    owner);
        }

        @Override
        public void close() {
            symbol.close();
        }
    }

    @Override
    public void close() {
        forward.close();
        backs.values().forEach(Back::close);
    }
}
