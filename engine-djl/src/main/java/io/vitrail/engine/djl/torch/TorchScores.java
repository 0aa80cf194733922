package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Target;
import io.vitrail.engine.djl.plan.Run;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Score targets, whatever form of the plan computed what they read. */
final class TorchScores {
    private TorchScores() {}

    /** Return the same elements without a tape, owned by another manager. */
    static NDArray alias(NDArray array, NDManager owner) {
        NDArray alias = array.stopGradient();
        alias.attach(owner);
        return alias;
    }

    /** The tape reads what the target makes; both end with this call. */
    static Run.Scored score(
            Target target, NDList values, boolean differentiate, NDManager owner, Weights weights) {
        return GradMode.on(
                () ->
                        LentMemory.during(
                                () -> {
                                    try (NDManager work = owner.newSubManager()) {
                                        return scored(
                                                target,
                                                values,
                                                differentiate,
                                                owner,
                                                work,
                                                weights);
                                    }
                                }));
    }

    private static Run.Scored scored(
            Target target,
            NDList values,
            boolean differentiate,
            NDManager owner,
            NDManager work,
            Weights weights) {
        NDList leaves = new NDList();
        NDList floating = new NDList();
        for (NDArray value : values) {
            NDArray leaf = alias(value, work);
            boolean taped = BFloat16.type(leaf).isFloating();
            leaf.setRequiresGradient(taped);
            leaves.add(leaf);
            if (taped) {
                floating.add(leaf);
            }
        }
        NDArray score = target.score(leaves);
        NDArray kept = LentMemory.copy(score, owner);
        if (!differentiate || score.getShape().dimension() != 1) {
            return new Run.Scored(kept, List.of());
        }
        Iterator<@Nullable NDArray> found =
                weights.products().ofScore(score, floating, owner).iterator();
        List<@Nullable NDArray> gradients = new ArrayList<>();
        leaves.forEach(
                leaf -> gradients.add(BFloat16.type(leaf).isFloating() ? found.next() : null));
        return new Run.Scored(kept, gradients);
    }
}
