package io.vitrail.runtime;

import io.vitrail.api.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The boxes of one item, found when first asked for: among ten thousand of them that takes longer
 * than a small detector itself.
 */
final class BoxesOfItem {
    private final Map<String, Predicate<Detection>> byTarget = new LinkedHashMap<>();
    private final Supplier<List<Detection>> finding;
    private @Nullable List<Detection> found;

    /**
     * @param finding finds all, the best first; runs once
     * @param targets for which some of them are told apart
     */
    BoxesOfItem(Supplier<List<Detection>> finding, List<Target> targets) {
        this.finding = finding;
        targets.forEach(target -> byTarget.put(target.spelling(), about(target)));
    }

    /** Return which boxes a target is about; holds on to no layer, for results outlive a model. */
    private static Predicate<Detection> about(Target target) {
        if (target instanceof BoxTarget one) {
            int number = one.number();
            return box -> box.number() == number;
        }
        if (target instanceof YoloScore score) {
            long which = score.which();
            return box -> which < 0 || which == box.classIndex();
        }
        return box -> false;
    }

    /** Return all boxes, the best first. */
    synchronized List<Detection> all() {
        List<Detection> all = found;
        if (all == null) {
            all = List.copyOf(finding.get());
            found = all;
        }
        return all;
    }

    /** Return those that a target is about, by its spelling. */
    List<Detection> of(String target) {
        Predicate<Detection> about = byTarget.get(target);
        return about == null ? List.of() : all().stream().filter(about).toList();
    }
}
