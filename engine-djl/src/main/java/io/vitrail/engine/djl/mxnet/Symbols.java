package io.vitrail.engine.djl.mxnet;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The compiled symbols of a plan's pieces, each made on first use, under the library's lock. */
final class Symbols implements AutoCloseable {
    // so that the memory of a cache full of plans stays small beside that of one large pass; never
    // on a
    // tape, where MXNet's way back then reads an input that has no gradient from the wrong memory
    private static final long KEPT = 8L << 20;

    private record Key(Piece piece, List<Value> outputs) {}

    private final Plan plan;
    private final Weights weights;
    private final NDManager manager;
    private final Map<Piece, Trace> traces = new HashMap<>();
    private final Map<Key, CompiledSymbol> compiled = new HashMap<>();

    Symbols(Plan plan, Weights weights, Device device) {
        this.plan = plan;
        this.weights = weights;
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
            trace = Libmxnet.untaped(piece.unit() >= 0, () -> trace(piece, leaves));
            traces.put(piece, trace);
        }
        Trace traced = trace;
        CompiledSymbol symbol =
                compiled.computeIfAbsent(
                        new Key(piece, outputs),
                        key ->
                                CompiledSymbol.of(
                                        traced.json(outputs),
                                        traced.constants()::containsKey,
                                        piece.unit() < 0 && elements(piece) <= KEPT));
        return symbol.run(
                name -> {
                    NDArray constant = traced.constants().get(name);
                    return constant != null ? constant : leaves.apply(traced.inputs().get(name));
                },
                owner);
    }

    /** Return how many numbers a piece computes. */
    private long elements(Piece piece) {
        return piece.nodes().stream()
                .flatMap(node -> plan.graph().nodes().get(node).outputs().stream())
                .mapToLong(type -> type.shape().size())
                .sum();
    }

    /** Run the nodes of a piece one by one, in its mode, and listen. */
    private Trace trace(Piece piece, Function<Value, NDArray> leaves) {
        Trace trace = new Trace();
        Map<Value, NDArray> arrays = new HashMap<>();
        try (NDManager scratch = manager.newSubManager()) {
            for (Value leaf : piece.leaves()) {
                NDArray alias = Libmxnet.alias(leaves.apply(leaf), scratch);
                arrays.put(leaf, alias);
                trace.input(leaf, alias);
            }
            for (int index : piece.nodes()) {
                Node node = plan.graph().nodes().get(index);
                NDList inputs = new NDList();
                node.inputs().forEach(value -> inputs.add(arrays.get(value)));
                NDList made =
                        Kernels.of(node)
                                .forward()
                                .apply(
                                        new Operands(
                                                node,
                                                inputs,
                                                name -> weight(piece, node, name, trace),
                                                scratch,
                                                trace));
                for (int k = 0; k < node.outputs().size(); k++) {
                    arrays.put(new Value.Output(index, k), made.get(k));
                }
            }
            piece.outputs().forEach(value -> trace.value(value, arrays.get(value)));
            for (NDArray constant : trace.constants().values()) {
                if (constant.getManager() == scratch) {
                    constant.attach(manager);
                    NDScope.unregister(constant);
                }
            }
        }
        trace.end();
        return trace;
    }

    private @Nullable NDArray weight(Piece piece, Node node, String name, Trace trace) {
        Parameter parameter = node.parameters().get(name);
        if (parameter == null) {
            return null;
        }
        boolean taped = piece.unit() >= 0;
        return trace.constant(taped ? weights.taped(parameter) : weights.get(parameter));
    }

    @Override
    public void close() {
        compiled.values().forEach(CompiledSymbol::close);
        manager.close();
    }
}
