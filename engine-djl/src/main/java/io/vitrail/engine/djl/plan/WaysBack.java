package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layers;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Go back from the targets of one pass, once for each target and sweep.
 *
 * <p>Where the run can, the targets that are announced go back together with the one that is asked
 * for; what was found for them is kept until they are asked for or forgotten.
 */
final class WaysBack {
    private final Plan plan;
    private final Layers layers;
    private final Run run;
    private final Scores scores;
    private final NDManager manager;
    private final Map<Target, Map<ResolvedProbe.Sweep, Map<Value, NDArray>>> gradients =
            new IdentityHashMap<>();
    private final List<Target> announced = new ArrayList<>(); // each once, by identity

    /**
     * Create it for one pass.
     *
     * @param manager owns the gradients
     */
    WaysBack(Plan plan, Layers layers, Run run, Scores scores, NDManager manager) {
        this.plan = plan;
        this.layers = layers;
        this.run = run;
        this.scores = scores;
        this.manager = manager;
    }

    /** Remember which targets will be asked for, in this order. */
    void announce(List<Target> targets) {
        announced.clear();
        Set<Target> once = Collections.newSetFromMap(new IdentityHashMap<>());
        targets.stream().filter(once::add).forEach(announced::add);
    }

    /**
     * Return the gradients at the points of a sweep, absent where the target does not depend on
     * one.
     */
    Map<Value, NDArray> of(Target target, ResolvedProbe.Sweep sweep) {
        Map<Value, NDArray> known = known(target).get(sweep);
        if (known != null) {
            return known;
        }
        Map<Value, NDArray> heads = scores.of(target).gradients();
        List<Target> together = together(target, sweep, heads.keySet());
        if (together.size() == 1) {
            Map<Value, NDArray> found = run.back(plan, layers, sweep, heads, manager);
            keep(target, sweep, found);
            return found;
        }
        List<Map<Value, NDArray>> all = new ArrayList<>();
        together.forEach(one -> all.add(scores.of(one).gradients()));
        List<Map<Value, NDArray>> found = run.backTogether(sweep, all, manager);
        for (int i = 0; i < found.size(); i++) {
            keep(together.get(i), sweep, found.get(i));
        }
        return found.get(0);
    }

    private Map<ResolvedProbe.Sweep, Map<Value, NDArray>> known(Target target) {
        return gradients.getOrDefault(target, Map.of());
    }

    private void keep(Target target, ResolvedProbe.Sweep sweep, Map<Value, NDArray> found) {
        gradients.computeIfAbsent(target, key -> new HashMap<>()).put(sweep, found);
    }

    /** Return a target, and those announced behind it whose ways back can run with its own. */
    private List<Target> together(Target first, ResolvedProbe.Sweep sweep, Set<Value> heads) {
        List<Target> together = new ArrayList<>(List.of(first));
        int from = position(first);
        if (from < 0 || from == announced.size() - 1 || heads.isEmpty()) {
            return together;
        }
        int most = run.together(sweep, heads);
        for (int i = from + 1; i < announced.size() && together.size() < most; i++) {
            Target next = announced.get(i);
            if (!known(next).containsKey(sweep)
                    && scores.of(next).gradients().keySet().equals(heads)) {
                together.add(next);
            }
        }
        return together;
    }

    private int position(Target target) {
        for (int i = 0; i < announced.size(); i++) {
            if (announced.get(i) == target) {
                return i;
            }
        }
        return -1;
    }

    /** Free what was found for a target. */
    void forget(Target target) {
        int position = position(target);
        if (position >= 0) {
            announced.remove(position);
        }
        Map<ResolvedProbe.Sweep, Map<Value, NDArray>> found = gradients.remove(target);
        if (found != null) {
            found.values().forEach(sweep -> sweep.values().forEach(NDArray::close));
        }
    }

    void clear() {
        announced.clear();
        gradients.clear();
    }
}
