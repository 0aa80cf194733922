package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Several nodes as they ran, with what the products in closed form read. */
final class ClosedPiece implements DifferentiablePiece {
    private final Piece piece;
    private final Graph graph;
    private final ClosedSymbols symbols;
    private final Map<Value, NDArray> leaves = new HashMap<>();
    private final Map<Trace.Entry, NDArray> kept = new HashMap<>();
    private final NDList outputs = new NDList();

    /**
     * Run a piece so that it can be differentiated.
     *
     * @param seen the array of each value that the piece reads
     * @param manager owns what is made
     */
    ClosedPiece(
            Piece piece,
            Graph graph,
            ClosedSymbols symbols,
            Function<Value, NDArray> seen,
            NDManager manager) {
        this.piece = piece;
        this.graph = graph;
        this.symbols = symbols;
        for (Value leaf : piece.leaves()) {
            leaves.put(leaf, Libmxnet.alias(seen.apply(leaf), manager));
        }
        NDList made = symbols.forward().run(this::input, manager);
        for (int i = 0; i < made.size(); i++) {
            kept.put(symbols.made().get(i), made.get(i));
        }
        piece.outputs().forEach(value -> outputs.add(kept.get(symbols.at(value))));
        for (Value leaf : piece.leaves()) {
            if (!symbols.readBack(leaf)) {
                java.util.Objects.requireNonNull(leaves.remove(leaf)).close();
            }
        }
    }

    private NDArray input(String name) {
        NDArray constant = symbols.constant(name);
        return constant != null
                ? constant
                : java.util.Objects.requireNonNull(leaves.get(symbols.leaf(name)));
    }

    @Override
    public NDList outputs() {
        return outputs;
    }

    @Override
    public Map<Value, NDArray> product(
            Map<Value, NDArray> heads, Set<Value> wanted, Set<Integer> positive, NDManager owner) {
        List<Value> reached = piece.outputs().stream().filter(heads::containsKey).toList();
        List<Value> asked = piece.asked(graph, reached, wanted);
        Map<Value, NDArray> given = new HashMap<>();
        reached.forEach(value -> given.put(value, heads.remove(value)));
        Map<Value, NDArray> found = new HashMap<>();
        if (!asked.isEmpty()) {
            ClosedSymbols.Back back = symbols.back(reached, asked, positive);
            NDList gradients = back.run(leaves::get, kept::get, given::get, owner);
            for (int i = 0; i < gradients.size(); i++) {
                found.put(back.leaves().get(i), gradients.get(i));
            }
        }
        given.values().forEach(NDArray::close);
        return found;
    }
}
