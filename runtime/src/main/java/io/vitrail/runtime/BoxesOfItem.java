package io.vitrail.runtime;

import io.vitrail.api.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The boxes of one item.
 *
 * @param all the best first
 * @param byTarget those that a target is about, by its spelling
 */
record BoxesOfItem(List<Detection> all, Map<String, List<Detection>> byTarget) {
    BoxesOfItem {
        all = List.copyOf(all);
        byTarget = Map.copyOf(byTarget);
    }

    static BoxesOfItem of(List<Detection> all, List<Target> targets) {
        Map<String, List<Detection>> byTarget = new LinkedHashMap<>();
        for (Target target : targets) {
            byTarget.put(
                    target.spelling(), all.stream().filter(one -> isAbout(target, one)).toList());
        }
        return new BoxesOfItem(all, byTarget);
    }

    private static boolean isAbout(Target target, Detection box) {
        return target instanceof BoxTarget one && one.number() == box.number()
                || target instanceof YoloScore score
                        && (score.which() < 0 || score.which() == box.classIndex());
    }

    List<Detection> of(String target) {
        return byTarget.getOrDefault(target, List.of());
    }
}
