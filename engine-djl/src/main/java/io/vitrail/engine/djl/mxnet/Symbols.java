package io.vitrail.engine.djl.mxnet;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The compiled symbols of a plan's pieces, each made on first use, under the library's lock. */
final class Symbols implements AutoCloseable {
    // so that the memory of a cache full of plans stays small beside that of one large pass; never
    // on a tape, where MXNet's way back then reads an input without a gradient from wrong memory
    private static final long KEPT = 8L << 20;

    private record Key(Piece piece, List<Value> outputs) {}

    private final Plan plan;
    private final Weights weights;
    private final boolean exact;
    private final NDManager manager;
    private final Map<Piece, Trace> traces = new HashMap<>();
    private final Map<Piece, ClosedSymbols> closed = new HashMap<>();
    private final Map<Key, CompiledSymbol> compiled = new HashMap<>();

    /**
     * Create them.
     *
     * @param exact whether each node is computed as it is written
     */
    Symbols(Plan plan, Weights weights, boolean exact, Device device) {
        this.plan = plan;
        this.weights = weights;
        this.exact = exact;
        this.manager = Libmxnet.newManager(device);
    }

    /**
     * Run a piece.
     *
     * @param outputs those of the piece that are computed
     * @param leaves the array of each value that the piece reads
     */
    NDList run(Piece piece, List<Value> outputs, Function<Value, NDArray> leaves, NDManager owner) {
        Trace trace = traces.get(piece);
        if (trace == null) {
            trace =
                    Libmxnet.untaped(
                            piece.unit() >= 0,
                            () ->
                                    Tracing.forward(
                                            plan.graph(),
                                            piece,
                                            piece.unit() >= 0 ? Folding.none() : folding(piece),
                                            weights,
                                            manager));
            traces.put(piece, trace);
        }
        Trace traced = trace;
        CompiledSymbol symbol =
                compiled.computeIfAbsent(
                        new Key(piece, outputs),
                        key ->
                                CompiledSymbol.of(
                                        traced.json(outputs.stream().map(traced::at).toList()),
                                        traced.constants()::containsKey,
                                        piece.unit() < 0 && elements(piece) <= KEPT));
        return symbol.run(
                name -> {
                    NDArray constant = traced.constants().get(name);
                    return constant != null ? constant : leaves.apply(traced.inputs().get(name));
                },
                owner);
    }

    /** Return the symbols of a piece whose products are in closed form. */
    ClosedSymbols closed(Piece piece) {
        return closed.computeIfAbsent(
                piece,
                key ->
                        new ClosedSymbols(
                                plan,
                                piece,
                                folding(piece),
                                weights,
                                elements(piece) <= KEPT,
                                manager));
    }

    private Folding folding(Piece piece) {
        return exact ? Folding.none() : Folding.of(piece, plan);
    }

    /** Return how many numbers a piece computes. */
    private long elements(Piece piece) {
        return piece.nodes().stream()
                .flatMap(node -> plan.graph().nodes().get(node).outputs().stream())
                .mapToLong(type -> type.shape().size())
                .sum();
    }

    @Override
    public void close() {
        closed.values().forEach(ClosedSymbols::close);
        compiled.values().forEach(CompiledSymbol::close);
        manager.close();
    }
}
