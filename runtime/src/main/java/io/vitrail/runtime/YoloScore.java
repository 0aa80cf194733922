package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import java.util.List;
import java.util.function.Function;

/**
 * A score over all boxes of a detector.
 *
 * @param which the class, or -1 for all
 * @param formula from the sources to one score an item
 */
record YoloScore(
        String spelling, List<Source> sources, long which, Function<NDList, NDArray> formula)
        implements Target {
    YoloScore {
        sources = List.copyOf(sources);
    }

    @Override
    public NDArray score(NDList values) {
        return formula.apply(values);
    }
}
