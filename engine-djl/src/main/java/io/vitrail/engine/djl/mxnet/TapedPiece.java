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

/** Several nodes as they ran, on one tape. */
final class TapedPiece implements DifferentiablePiece {
    private final Piece piece;
    private final Graph graph;
    private final Symbols symbols;
    private final NDManager manager;
    private final Map<Value, NDArray> leaves = new HashMap<>();
    private final NDList outputs;

    /**
     * Run a piece so that it can be differentiated.
     *
     * @param tracked values with respect to which it can be
     * @param seen the array of each value that the piece reads
     * @param manager owns what is made
     */
    TapedPiece(
            Piece piece,
            Graph graph,
            Symbols symbols,
            Set<Value> tracked,
            Function<Value, NDArray> seen,
            NDManager manager) {
        this.piece = piece;
        this.graph = graph;
        this.symbols = symbols;
        this.manager = manager;
        NDList marked = new NDList();
        for (Value leaf : piece.leaves()) {
            NDArray alias = Libmxnet.alias(seen.apply(leaf), manager);
            leaves.put(leaf, alias);
            if (tracked.contains(leaf)) {
                marked.add(alias);
            }
        }
        Libmxnet.mark(marked);
        this.outputs = run(piece.outputs());
    }

    private NDList run(List<Value> wanted) {
        return Libmxnet.taped(true, () -> symbols.run(piece, wanted, leaves::get, manager));
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
        NDList given = new NDList();
        reached.forEach(value -> given.add(heads.remove(value)));
        Map<Value, NDArray> found = new HashMap<>();
        if (!asked.isEmpty()) {
            // a tape takes zeros for the gradients that are missing, and 0 times infinity is none
            NDList made = reached.equals(piece.outputs()) ? outputs : run(reached);
            NDList variables = new NDList();
            asked.forEach(leaf -> variables.add(leaves.get(leaf)));
            NDList gradients = Libmxnet.backward(made, given, variables, true, owner);
            for (int i = 0; i < asked.size(); i++) {
                found.put(asked.get(i), gradients.get(i));
            }
        }
        given.forEach(NDArray::close);
        return found;
    }
}
