package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Score targets on what a pass computed, and differentiate the scores where the way back begins.
 */
final class Scores {
    /** Scores, and their gradients at the values that the target reads. */
    record Head(NDArray score, Map<Value, NDArray> gradients) {}

    private final Plan plan;
    private final Function<Value, NDArray> seen;
    private final Weights weights;
    private final NDManager manager;
    private final Map<Target, Head> heads = new IdentityHashMap<>();

    /**
     * Create it for one pass.
     *
     * @param seen the array that readers of a value see
     * @param manager owns scores and gradients
     */
    Scores(Plan plan, Function<Value, NDArray> seen, Weights weights, NDManager manager) {
        this.plan = plan;
        this.seen = seen;
        this.weights = weights;
        this.manager = manager;
    }

    /** Return the values that a target reads. */
    List<Value> sources(Target target) {
        List<Graph.Result> outputs = plan.graph().outputs();
        if (target.sources().isEmpty()) {
            return outputs.stream().map(Graph.Result::value).toList();
        }
        List<Value> values = new ArrayList<>();
        for (Source source : target.sources()) {
            Value value =
                    source instanceof Source.Output output
                            ? outputs.get(output.index()).value()
                            : ((Source.At) source).value();
            if (!plan.wanted().contains(value)) {
                throw new IllegalArgumentException(
                        "target '"
                                + target.spelling()
                                + "' reads a value that the probe did not ask for: add reading(target)");
            }
            values.add(value);
        }
        return values;
    }

    /** Return the scores of a target, computed once. */
    Head of(Target target) {
        Head known = heads.get(target);
        if (known == null) {
            // the tape reads what the target makes
            known = GradMode.on(() -> LentMemory.during(() -> taped(target)));
            heads.put(target, known);
        }
        return known;
    }

    /** What a target makes, and its tape, ends with this call. */
    private Head taped(Target target) {
        try (NDManager work = manager.newSubManager()) {
            return scored(target, work);
        }
    }

    private Head scored(Target target, NDManager work) {
        List<Value> sources = sources(target);
        NDList leaves = new NDList();
        for (Value value : sources) {
            NDArray leaf = seen.apply(value).stopGradient();
            leaf.attach(work);
            leaf.setRequiresGradient(BFloat16.type(leaf).isFloating());
            leaves.add(leaf);
        }
        NDArray score = target.score(leaves);
        Map<Value, NDArray> gradients =
                !plan.probe().sweeps().isEmpty() && score.getShape().dimension() == 1
                        ? gradients(score, sources, leaves)
                        : Map.of();
        Shape first = leaves.head().getShape();
        long items = first.dimension() == 0 ? 1 : first.get(0);
        if (score.getShape().dimension() != 1 || score.size() != items) {
            throw VitrailException.usage(
                    "target '"
                            + target.spelling()
                            + "' gives scores of shape "
                            + score.getShape()
                            + " for a batch of "
                            + items
                            + ": one score an item is needed");
        }
        return new Head(LentMemory.copy(score, manager), gradients);
    }

    private Map<Value, NDArray> gradients(NDArray score, List<Value> sources, NDList leaves) {
        List<@Nullable NDArray> gradients =
                weights.products().ofScore(score, floating(leaves), manager);
        Map<Value, NDArray> found = new HashMap<>();
        List<Value> places = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            if (BFloat16.type(leaves.get(i)).isFloating()) {
                places.add(sources.get(i));
            }
        }
        for (int i = 0; i < places.size(); i++) {
            NDArray gradient = gradients.get(i);
            if (gradient != null) {
                found.merge(places.get(i), gradient, NDArray::add);
            }
        }
        return found;
    }

    private static NDList floating(NDList leaves) {
        NDList floating = new NDList();
        leaves.stream().filter(leaf -> BFloat16.type(leaf).isFloating()).forEach(floating::add);
        return floating;
    }

    void clear() {
        heads.clear();
    }
}
