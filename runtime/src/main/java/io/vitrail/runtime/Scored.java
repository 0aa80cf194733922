package io.vitrail.runtime;

import io.vitrail.api.Values;
import java.util.List;

/**
 * What a target came to.
 *
 * @param target its spelling: {@code predicted}, {@code class:281}
 * @param classes the class that each item's score is about; empty where the target is about none
 * @param labels the names of those classes; an empty text where a class has no name
 * @param scores one score an item, of shape {@code (N)}
 */
public record Scored(String target, List<Long> classes, List<String> labels, Values scores) {
    public Scored {
        classes = List.copyOf(classes);
        labels = List.copyOf(labels);
    }

    /** Return the result of one item. */
    public Scored item(int n) {
        return new Scored(
                target,
                classes.isEmpty() ? classes : classes.subList(n, n + 1),
                labels.isEmpty() ? labels : labels.subList(n, n + 1),
                scores.item(n));
    }

    /** Return what a target came to in several batches together. */
    static Scored joined(List<Scored> parts) {
        return new Scored(
                parts.get(0).target,
                parts.stream().flatMap(part -> part.classes.stream()).toList(),
                parts.stream().flatMap(part -> part.labels.stream()).toList(),
                Joining.values(parts.stream().map(Scored::scores).toList()));
    }
}
