package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Value;
import java.util.Map;
import java.util.Set;

/** Several nodes as they ran. */
interface DifferentiablePiece {
    /** Return the outputs of the piece. */
    NDList outputs();

    /**
     * Return the gradient at each of some leaves; absent where no output with a gradient depends on
     * it.
     *
     * @param heads the gradients at outputs; those at the piece's own are taken out
     * @param positive nodes at which only the positive part of a gradient goes back
     */
    Map<Value, NDArray> product(
            Map<Value, NDArray> heads, Set<Value> wanted, Set<Integer> positive, NDManager owner);
}
