package io.vitrail.engine.djl.mxnet;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A part of a plan that MXNet runs in one go, and differentiates in another.
 *
 * @param nodes its nodes, in order
 * @param unit the number of the unit that differentiates it, -1 if none does
 * @param form how it is run
 * @param leaves what it reads from outside, each value once
 * @param outputs its values, of a symbol those that somebody else reads
 */
record Piece(List<Integer> nodes, int unit, Form form, List<Value> leaves, List<Value> outputs) {
    /** How a piece is run. */
    enum Form {
        /** As a symbol; the way back is one too, of products in closed form. */
        CLOSED,
        /** As a symbol, on a tape if it is differentiated. */
        JOINED,
        /** As one node, on a tape of its own if it is differentiated. */
        ALONE
    }

    /** Return the leaves whose gradient is wanted and that some outputs depend on. */
    List<Value> asked(Graph graph, List<Value> reached, Set<Value> wanted) {
        Set<Value> read = read(graph, reached);
        return leaves.stream().filter(wanted::contains).filter(read::contains).toList();
    }

    /** Return what some outputs are computed from. */
    private Set<Value> read(Graph graph, List<Value> from) {
        Set<Value> read = new HashSet<>(from);
        for (int n = nodes.size() - 1; n >= 0; n--) {
            int index = nodes.get(n);
            int outputs = graph.nodes().get(index).outputs().size();
            boolean reached = false;
            for (int k = 0; k < outputs; k++) {
                reached |= read.contains(new Value.Output(index, k));
            }
            if (reached) {
                read.addAll(graph.nodes().get(index).inputs());
            }
        }
        return read;
    }
}
