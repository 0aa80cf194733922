package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import java.util.List;
import java.util.function.Function;

/**
 * A score that is about no class.
 *
 * @param spelling names it in results
 * @param sources what the formula reads
 * @param formula from those to one score an item
 */
record FormulaTarget(String spelling, List<Source> sources, Function<NDList, NDArray> formula)
        implements Target {
    FormulaTarget {
        sources = List.copyOf(sources);
    }

    @Override
    public NDArray score(NDList values) {
        return formula.apply(values);
    }

    /** Return the sum of all that an item has. */
    static NDArray sum(NDArray values) {
        return values.reshape(values.getShape().get(0), -1).sum(new int[] {1});
    }

    /** Return the mean of all that an item has. */
    static NDArray mean(NDArray values) {
        return values.reshape(values.getShape().get(0), -1).mean(new int[] {1});
    }
}
