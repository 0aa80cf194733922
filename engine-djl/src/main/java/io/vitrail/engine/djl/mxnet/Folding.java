package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which batch norms of a piece are folded into the weights of the convolution in front: those that
 * alone read it, where nobody looks between.
 */
final class Folding {
    private final Map<Integer, Integer> normOf = new HashMap<>();
    private final Set<Integer> folded = new HashSet<>();

    private Folding() {}

    /** Fold nothing. */
    static Folding none() {
        return new Folding();
    }

    /** Look for convolutions and batch norms that make one. */
    static Folding of(Piece piece, Plan plan) {
        Folding folding = new Folding();
        Graph graph = plan.graph();
        Map<Value, Integer> readers = new HashMap<>();
        for (int index : piece.nodes()) {
            graph.nodes().get(index).inputs().forEach(v -> readers.merge(v, 1, Integer::sum));
        }
        Set<Integer> ruled = plan.ruled();
        for (int index : piece.nodes()) {
            Node norm = graph.nodes().get(index);
            if (norm.operator() instanceof Operator.BatchNorm batch
                    && norm.inputs().get(0) instanceof Value.Output from
                    && piece.nodes().contains(from.node())
                    && !piece.outputs().contains(from)
                    && Integer.valueOf(1).equals(readers.get(from))
                    && !ruled.contains(index)
                    && !ruled.contains(from.node())
                    && joined(graph.nodes().get(from.node()), batch)) {
                folding.normOf.put(from.node(), index);
                folding.folded.add(index);
            }
        }
        return folding;
    }

    /** The arrays of a caller's block stay what is read: they may change. */
    private static boolean joined(Node node, Operator.BatchNorm norm) {
        return node.operator() instanceof Operator.Convolution convolution
                && convolution.layout().channel(node.outputs().get(0).shape().dimension())
                        == norm.axis()
                && node.parameters().values().stream()
                        .map(Parameter::array)
                        .allMatch(java.util.Optional::isEmpty);
    }

    /** Return whether a node is part of another. */
    boolean hides(int node) {
        return folded.contains(node);
    }

    /** Return the batch norm that is part of a convolution, or null. */
    @org.jspecify.annotations.Nullable
    Integer norm(int convolution) {
        return normOf.get(convolution);
    }
}
