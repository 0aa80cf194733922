package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A formula over the scores of other targets.
 *
 * @param spelling names it in results
 * @param parts the targets, which all say what they read
 * @param formula from their scores to one score an item
 */
record CombinedTarget(String spelling, List<Target> parts, Function<NDList, NDArray> formula)
        implements Target {
    CombinedTarget {
        parts = List.copyOf(parts);
    }

    /** Return this target with other parts. */
    CombinedTarget with(UnaryOperator<Target> change) {
        return new CombinedTarget(spelling, parts.stream().map(change).toList(), formula);
    }

    @Override
    public List<Source> sources() {
        return parts.stream().flatMap(part -> part.sources().stream()).toList();
    }

    @Override
    public NDArray score(NDList values) {
        NDList scores = new NDList();
        List<NDList> each = split(values);
        for (int i = 0; i < parts.size(); i++) {
            scores.add(parts.get(i).score(each.get(i)));
        }
        return formula.apply(scores);
    }

    /** Of the class that the network predicts, if a part is about it; else of the first class. */
    @Override
    public long[] classes(NDList values) {
        List<NDList> each = split(values);
        long[] first = {};
        for (int i = 0; i < parts.size(); i++) {
            long[] classes = parts.get(i).classes(each.get(i));
            if (parts.get(i) instanceof ClassTarget part && part.chosen().isEmpty()) {
                return classes;
            }
            first = first.length == 0 ? classes : first;
        }
        return first;
    }

    private List<NDList> split(NDList values) {
        List<NDList> each = new ArrayList<>();
        int from = 0;
        for (Target part : parts) {
            int to = from + part.sources().size();
            each.add(new NDList(values.subList(from, to)));
            from = to;
        }
        return each;
    }
}
