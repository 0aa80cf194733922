package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Run the nodes of a piece one by one on zeros, forwards and back, and write the calls down. */
final class Tracing {
    private final Graph graph;
    private final Piece piece;
    private final Folding folding;
    private final Weights weights;
    private final NDManager scratch;
    private final Trace trace = new Trace();
    private final Map<Value, NDArray> arrays = new HashMap<>();
    private final Map<Value, NDArray> gradients = new HashMap<>();

    private Tracing(Graph graph, Piece piece, Folding folding, Weights weights, NDManager scratch) {
        this.graph = graph;
        this.piece = piece;
        this.folding = folding;
        this.weights = weights;
        this.scratch = scratch;
    }

    /**
     * Trace a piece forwards.
     *
     * @param manager owns constants
     */
    static Trace forward(
            Graph graph, Piece piece, Folding folding, Weights weights, NDManager manager) {
        return back(graph, piece, folding, weights, List.of(), Set.of(), Set.of(), manager);
    }

    /**
     * Trace a piece forwards and, from some of its outputs to some of its leaves, back.
     *
     * @param positive nodes at which only the positive part of a gradient goes back
     * @param manager owns constants
     */
    static Trace back(
            Graph graph,
            Piece piece,
            Folding folding,
            Weights weights,
            List<Value> reached,
            Set<Value> asked,
            Set<Integer> positive,
            NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            Tracing tracing = new Tracing(graph, piece, folding, weights, scratch);
            tracing.forward();
            if (!reached.isEmpty()) {
                tracing.back(reached, asked, positive);
            }
            for (NDArray constant : tracing.trace.constants().values()) {
                if (constant.getManager() == scratch) {
                    constant.attach(manager);
                    NDScope.unregister(constant);
                }
            }
            tracing.trace.end();
            return tracing.trace;
        }
    }

    private NDArray zeros(Value value) {
        return scratch.zeros(graph.type(value).shape(), graph.type(value).type());
    }

    private NDArray array(Value value) {
        return java.util.Objects.requireNonNull(arrays.get(value));
    }

    private void forward() {
        for (Value leaf : piece.leaves()) {
            NDArray zeros = zeros(leaf);
            arrays.put(leaf, zeros);
            trace.input(leaf, zeros);
        }
        for (int index : piece.nodes()) {
            Node node = graph.nodes().get(index);
            NDList made =
                    folding.hides(index)
                            ? new NDList(array(node.inputs().get(0)))
                            : Kernels.of(node).forward().apply(operands(index, false));
            for (int k = 0; k < node.outputs().size(); k++) {
                arrays.put(new Value.Output(index, k), made.get(k));
            }
        }
        piece.outputs().forEach(value -> trace.value(value, array(value)));
    }

    private Operands operands(int index, boolean back) {
        Node node = graph.nodes().get(index);
        NDList inputs = new NDList();
        node.inputs().forEach(value -> inputs.add(array(value)));
        return new Operands(node, inputs, name -> weight(index, name, back), scratch, trace);
    }

    private @Nullable NDArray weight(int index, String name, boolean back) {
        Node node = graph.nodes().get(index);
        Integer norm = folding.norm(index);
        if (norm != null) {
            Node behind = graph.nodes().get(norm);
            return trace.constant(weights.folded().get(node, behind, name, back));
        }
        Parameter parameter = node.parameters().get(name);
        if (parameter == null) {
            return null;
        }
        boolean taped = piece.unit() >= 0 && piece.form() != Piece.Form.CLOSED;
        return trace.constant(back || taped ? weights.taped(parameter) : weights.get(parameter));
    }

    private void back(List<Value> reached, Set<Value> asked, Set<Integer> positive) {
        trace.turn();
        for (Value value : reached) {
            NDArray head = zeros(value);
            trace.head(value, head);
            gradients.put(value, head);
        }
        Set<Value> useful = useful(asked);
        for (int n = piece.nodes().size() - 1; n >= 0; n--) {
            back(piece.nodes().get(n), useful, positive);
        }
        for (Value leaf : piece.leaves()) {
            NDArray gradient = gradients.get(leaf);
            if (asked.contains(leaf) && gradient != null) {
                trace.gradient(leaf, gradient);
            }
        }
    }

    /** Return the values that depend on some leaves. */
    private Set<Value> useful(Set<Value> asked) {
        Set<Value> useful = new HashSet<>(asked);
        for (int index : piece.nodes()) {
            Node node = graph.nodes().get(index);
            if (node.inputs().stream().anyMatch(useful::contains)) {
                useful.add(new Value.Output(index, 0));
            }
        }
        return useful;
    }

    /** Nodes in closed form have one output. */
    private void back(int index, Set<Value> useful, Set<Integer> positive) {
        Node node = graph.nodes().get(index);
        NDArray head = gradients.get(new Value.Output(index, 0));
        if (head == null || node.inputs().stream().noneMatch(useful::contains)) {
            return;
        }
        Operands x = operands(index, true);
        NDArray given = positive.contains(index) ? x.call("relu", head) : head;
        List<NDArray> found =
                folding.hides(index)
                        ? List.of(given)
                        : java.util.Objects.requireNonNull(Kernels.of(node).closed())
                                .of(
                                        x,
                                        new NDList(array(new Value.Output(index, 0))),
                                        new NDList(given));
        List<Value> inputs = new ArrayList<>(node.inputs());
        for (int i = 0; i < found.size(); i++) { // none where nothing depends on any input
            if (useful.contains(inputs.get(i))) {
                gradients.merge(
                        inputs.get(i), found.get(i), (a, b) -> x.call("elemwise_add", a, b));
            }
        }
    }
}
