package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layers;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One forward run of a plan: what it kept, and the ways back. */
public interface Run {
    /** A target's scores, and their gradient at each value that it read, null where it has none. */
    record Scored(NDArray score, List<@Nullable NDArray> gradients) {}

    /** Return the form in which it ran, as {@link io.vitrail.api.Pass#form} says it. */
    default String form() {
        return "exact";
    }

    /** Let the next way back use up what only ways back read. */
    default void spend() {
        // memory is all that it costs not to
    }

    /** Return the array that readers of a value see. */
    NDArray seen(Value value);

    /** Return the same elements without a tape, owned by another manager. */
    NDArray alias(NDArray array, NDManager owner);

    /** Return zeros in the shape and type of an array. */
    NDArray zerosLike(NDArray array, NDManager owner);

    /**
     * Score a target, and differentiate the sum of the scores where they are one axis of numbers.
     *
     * @param values what the target reads
     * @param owner owns the arrays that come out
     */
    Scored score(Target target, NDList values, boolean differentiate, NDManager owner);

    /**
     * Return of how many targets the ways back run best as one; 1, the default, where each goes
     * alone.
     *
     * @param heads the values at which they begin
     */
    default int together(ResolvedProbe.Sweep sweep, Set<Value> heads) {
        return 1;
    }

    /**
     * Go back from several targets at once, no more than {@link #together} says.
     *
     * @param heads for each target the gradients at what it reads, all at the same values
     * @param owner owns the gradients at the sweep's points
     * @return what {@link #back} would return for each
     */
    default List<Map<Value, NDArray>> backTogether(
            ResolvedProbe.Sweep sweep, List<Map<Value, NDArray>> heads, NDManager owner) {
        throw new UnsupportedOperationException("each target goes alone");
    }

    /**
     * Go back from the gradients at what a target reads.
     *
     * @param plan what ran
     * @param sweep the rules, and the points to go to
     * @param owner owns the gradients at the sweep's points, which are returned; a point that the
     *     target does not depend on is absent
     */
    Map<Value, NDArray> back(
            Plan plan,
            Layers layers,
            ResolvedProbe.Sweep sweep,
            Map<Value, NDArray> heads,
            NDManager owner);
}
