package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Step;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One forward run of a plan: what it kept, and the vector-Jacobian products that lead back. */
public interface Run {
    /** A target's scores, and their gradient at each value that it read, null where it has none. */
    record Scored(NDArray score, List<@Nullable NDArray> gradients) {}

    /**
     * Return what work returns, done as the engine wants its arithmetic done: without a tape.
     *
     * @param foreign whether functions of a caller's run in it; then what it returns must be an
     *     engine's own or a {@link #own copy}
     */
    <T> T untaped(boolean foreign, Supplier<T> work);

    /** Return the array that readers of a value see. */
    NDArray seen(Value value);

    /** Return what a unit read there. */
    NDArray leaf(int unit, int index);

    /** Return what a node computed, whatever stands for it; null if nobody reads it. */
    @Nullable NDArray computed(Value value);

    /** Return the same elements without a tape, owned by another manager. */
    NDArray alias(NDArray array, NDManager owner);

    /** Return the same elements in memory that no caller can free or write to. */
    NDArray own(NDArray array, NDManager owner);

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
     * Return the vector-Jacobian product of a unit: the gradient at each of some leaves, null where
     * the outputs do not depend on it.
     *
     * @param leaves positions among the unit's leaves
     * @param outputs some of the unit's outputs
     * @param heads the gradient at each of those
     * @param positive nodes of the unit at which only the positive part of a gradient goes back, as
     *     guided backpropagation wants it
     * @param owner owns the arrays that come out
     */
    List<@Nullable NDArray> product(
            int unit,
            List<Integer> leaves,
            List<Value> outputs,
            NDList heads,
            Set<Integer> positive,
            NDManager owner);

    /**
     * Return the step of a unit of one node, where a rule stands.
     *
     * @param heads the gradient at each output of the node that was computed
     * @param owner owns what the rule makes of it
     */
    Step step(int unit, Layer layer, NDList heads, NDManager owner);
}
