package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Step;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rules at layers inside of a loop, as one rule at the loop: each stands at every step.
 *
 * @param rules by the positions of their nodes in the body
 */
public record LoopRules(Map<Integer, BackwardRule> rules) implements BackwardRule {
    public LoopRules {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    }

    /** A step that can go back through a loop. */
    public interface LoopStep extends Step {
        /** Return the gradient at each input of the loop, with rules at nodes of its body. */
        NDList through(LoopRules rules);
    }

    @Override
    public NDArray gradient(Step step) {
        return gradients(step).singletonOrThrow();
    }

    @Override
    public NDList gradients(Step step) {
        if (step instanceof LoopStep loop) {
            return loop.through(this);
        }
        throw new IllegalStateException(step.layer().name() + " runs as no loop here");
    }
}
