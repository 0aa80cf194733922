package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * Turn what the network computed into one score an item.
 *
 * <p>Any lambda over the network's outputs is a target: {@code outputs -> outputs.head().get(":,
 * 281")}. It is differentiated as it stands, so it must be written with {@code NDArray} operations.
 * It may close what it makes, except for an array that it has filled with {@code NDArray.set}: on
 * PyTorch those numbers would be gone before the way back reads them.
 */
@FunctionalInterface
public interface Target {
    /**
     * Return the scores, of shape {@code (N)}.
     *
     * @param values what {@link #sources()} names, in that order; by default all outputs of the
     *     network
     */
    NDArray score(NDList values);

    /**
     * Return what {@link #score} reads; empty, the default, stands for all outputs of the network.
     */
    default List<Source> sources() {
        return List.of();
    }

    /** Return the spelling that names this target in results: {@code class:281}. */
    default String spelling() {
        return "custom";
    }

    /**
     * Return the class that each item's score is about, or an empty array where the target is about
     * no class.
     *
     * @param values as in {@link #score}
     */
    default long[] classes(NDList values) {
        return new long[0];
    }

    /**
     * Return which element of each item is its score, where {@link #score} does nothing but pick
     * one: an engine then needs no differentiation to begin.
     *
     * @param values as in {@link #score}
     * @return for each item the position among its elements of the only array that the target
     *     reads, row-major; empty, the default, where the score is another function
     */
    default long[] picked(NDList values) {
        return new long[0];
    }
}
