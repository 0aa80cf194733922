package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;

/**
 * An array while a block is recorded: what it is in the graph, and what it holds on these inputs.
 *
 * <p>Values of a graph never change, arrays do: an operation in place gives the array another
 * value.
 */
final class Recorded {
    /** What an array is in the graph. */
    sealed interface Origin {}

    /** A value that the graph computes. */
    record Computed(Value value) implements Origin {}

    /** A weight of the block, or a constant in its code. */
    record Weight(Parameter parameter) implements Origin {}

    private Origin origin;
    private NDArray array;
    private boolean dependsOnInput;

    Recorded(Origin origin, NDArray array, boolean dependsOnInput) {
        this.origin = origin;
        this.array = array;
        this.dependsOnInput = dependsOnInput;
    }

    Origin origin() {
        return origin;
    }

    /** Return the array of the engine; never the caller's own. */
    NDArray array() {
        return array;
    }

    boolean dependsOnInput() {
        return dependsOnInput;
    }

    /** Become what an operation in place made of it. */
    void become(Recorded result) {
        origin = result.origin;
        array = result.array;
        dependsOnInput = result.dependsOnInput;
    }
}
