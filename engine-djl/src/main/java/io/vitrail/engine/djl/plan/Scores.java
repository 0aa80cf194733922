package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Score targets on what a pass computed, and differentiate the scores where the way back begins.
 */
final class Scores {
    /** Scores, and their gradients at the values that the target reads. */
    record Head(NDArray score, Map<Value, NDArray> gradients) {}

    private final Plan plan;
    private final Run run;
    private final NDManager manager;
    private final Function<Value, NDArray> handOut;
    private final Map<Target, Head> heads = new IdentityHashMap<>();

    /**
     * Create it for one pass.
     *
     * @param manager owns scores and gradients
     * @param handOut returns a value as targets may see it outside of {@link Target#score}
     */
    Scores(Plan plan, Run run, NDManager manager, Function<Value, NDArray> handOut) {
        this.handOut = handOut;
        this.plan = plan;
        this.run = run;
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
            known = scored(target);
            heads.put(target, known);
        }
        return known;
    }

    private Head scored(Target target) {
        List<Value> sources = sources(target);
        if (sources.size() == 1) {
            NDArray value = handOut.apply(sources.get(0));
            long[] picked =
                    value.getDataType() == DataType.FLOAT32
                            ? target.picked(new NDList(value))
                            : new long[0];
            if (picked.length > 0) {
                return picked(target, sources.get(0), value, picked);
            }
        }
        NDList values = new NDList();
        sources.forEach(value -> values.add(run.seen(value)));
        boolean differentiate = !plan.probe().sweeps().isEmpty();
        Run.Scored scored = run.score(target, values, differentiate, manager);
        Shape given = scored.score().getShape();
        Shape first = values.head().getShape();
        long items = first.dimension() == 0 ? 1 : first.get(0);
        if (given.dimension() != 1 || given.size() != items) {
            throw VitrailException.usage(
                    "target '"
                            + target.spelling()
                            + "' gives scores of shape "
                            + given
                            + " for a batch of "
                            + items
                            + ": one score an item is needed");
        }
        Map<Value, NDArray> gradients = new HashMap<>();
        for (int i = 0; i < scored.gradients().size(); i++) {
            NDArray gradient = scored.gradients().get(i);
            if (gradient != null) {
                gradients.merge(sources.get(i), gradient, NDArray::add);
            }
        }
        return new Head(scored.score(), gradients);
    }

    /** Elements are their own scores, and the gradient is 1 there. */
    private Head picked(Target target, Value source, NDArray value, long[] picked) {
        Shape shape = value.getShape();
        long items = shape.dimension() == 0 ? 1 : shape.get(0);
        long size = shape.size() / items;
        float[] elements = value.toFloatArray();
        float[] ones = new float[elements.length];
        float[] scores = new float[picked.length];
        for (int n = 0; n < picked.length; n++) {
            if (picked.length != items || picked[n] < 0 || picked[n] >= size) {
                throw VitrailException.usage(
                        "target '"
                                + target.spelling()
                                + "' picks element "
                                + picked[n]
                                + " of item "
                                + n
                                + ", of "
                                + items
                                + " items with "
                                + size
                                + " elements each");
            }
            int at = (int) (n * size + picked[n]);
            ones[at] = 1;
            scores[n] = elements[at];
        }
        NDArray score = manager.create(scores);
        return plan.probe().sweeps().isEmpty()
                ? new Head(score, Map.of())
                : new Head(score, Map.of(source, manager.create(ones, shape)));
    }

    /** Free the scores of a target. */
    void forget(Target target) {
        Head known = heads.remove(target);
        if (known != null) {
            known.score().close();
            known.gradients().values().forEach(NDArray::close);
        }
    }

    void clear() {
        heads.clear();
    }
}
