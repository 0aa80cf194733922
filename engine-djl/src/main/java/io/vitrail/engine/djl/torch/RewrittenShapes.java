package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The input shapes for which a model has rewritten plans: a few at a time.
 *
 * <p>The best layout of a kernel depends on the size of what it meets, and one for another size may
 * be ten times as slow as none; so each shape has weights of its own, which add up.
 */
final class RewrittenShapes {
    private static final int MOST = 4;

    private final Map<List<Shape>, Integer> plans = new HashMap<>();

    /** Count a plan in, if its shape is known or there is room for another. */
    synchronized boolean enter(List<Shape> inputs) {
        if (!plans.containsKey(inputs) && plans.size() == MOST) {
            return false;
        }
        plans.merge(inputs, 1, Integer::sum);
        return true;
    }

    /** Count a plan out that was counted in. */
    synchronized void leave(List<Shape> inputs) {
        plans.computeIfPresent(inputs, (key, count) -> count == 1 ? null : count - 1);
    }
}
