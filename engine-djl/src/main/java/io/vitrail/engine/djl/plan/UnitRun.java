package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Step;
import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run that goes back unit by unit, so that any rule may stand between two of them. */
public interface UnitRun extends Run {
    @Override
    default Map<Value, NDArray> back(
            Plan plan,
            Layers layers,
            ResolvedProbe.Sweep sweep,
            Map<Value, NDArray> heads,
            NDManager owner) {
        return new Backward(plan, layers, sweep, this).from(heads, owner);
    }

    /**
     * Return what work returns, done as the engine wants its arithmetic done: without a tape.
     *
     * @param foreign whether functions of a caller's run in it; then what it returns must be an
     *     engine's own or a {@link #own copy}
     */
    <T> T untaped(boolean foreign, Supplier<T> work);

    /**
     * Return what a caller's function returns: a rule, a replacement. It may never do so, and then
     * must keep nobody waiting.
     */
    default <T> T called(Supplier<T> function) {
        return function.get();
    }

    /** Return what a unit read there. */
    NDArray leaf(int unit, int index);

    /** Return what a node computed, whatever stands for it; null if nobody reads it. */
    @Nullable NDArray computed(Value value);

    /** Return the same elements in memory that no caller can free or write to. */
    NDArray own(NDArray array, NDManager owner);

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
