package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.Prepared;
import io.vitrail.engine.djl.plan.Replacements;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import io.vitrail.engine.djl.plan.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A plan rewritten for speed: one script forward, and one for each way back. */
final class RewrittenPlan implements Prepared {
    /**
     * A script with its weights.
     *
     * @param reads variables that it is given
     * @param returns variables that it returns
     */
    record Call(
            Script script,
            NDList weights,
            List<Derived> leased,
            List<String> reads,
            List<String> returns) {
        NDList run(NDList x, List<NDArray> spent) {
            return script.run(x, weights, spent);
        }
    }

    /**
     * A way back.
     *
     * @param reads variables of the way forward that it is given behind the heads
     * @param points what it returns gradients at
     */
    record Back(Call call, List<String> reads, List<Value> points) {}

    /**
     * A way back of several targets at once.
     *
     * @param back returns the gradients of all targets at the first point, then at the next
     * @param most the number of targets at once
     */
    record Together(Back back, int most) {}

    private record BackKey(ResolvedProbe.Sweep sweep, List<Value> heads) {}

    private final Lowering lowering;
    private final Weights weights;
    private final Call forward;
    private final boolean tapes;
    private final Map<BackKey, Back> backs = new HashMap<>();
    private final Map<BackKey, Optional<Together>> together = new HashMap<>();

    private RewrittenPlan(Lowering lowering, Weights weights) {
        this.lowering = lowering;
        this.weights = weights;
        this.tapes = lowering.units().all().stream().anyMatch(BackwardUnits.Unit::taped);
        RewrittenForward.Written written = new RewrittenForward(lowering, saved()).write();
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < lowering.graph().inputs().size(); i++) {
            inputs.add("i" + i);
        }
        this.forward =
                compile(
                        written.text(),
                        written.text().body(inputs, written.returns()),
                        inputs,
                        written.returns());
    }

    static RewrittenPlan compile(Lowering lowering, Weights weights) {
        return new RewrittenPlan(lowering, weights);
    }

    private Call compile(ScriptText text, String body, List<String> reads, List<String> returns) {
        List<Derived> needed = text.weights();
        NDList arrays = weights.derived().lease(needed);
        try {
            Script script =
                    Script.compile(weights.manager(), body, !needed.isEmpty(), weights.calls());
            return new Call(script, arrays, needed, reads, returns);
        } catch (RuntimeException | Error failure) {
            weights.derived().release(needed);
            throw failure;
        }
    }

    /** What the ways back will read: each sweep's, from wherever a target may begin. */
    private Set<String> saved() {
        List<Value> heads = new ArrayList<>(lowering.plan().wanted());
        Map<Map<Integer, BackwardRule>, Set<Value>> points = new HashMap<>();
        lowering.plan()
                .probe()
                .sweeps()
                .values()
                .forEach(
                        sweep ->
                                points.computeIfAbsent(sweep.rules(), key -> new LinkedHashSet<>())
                                        .addAll(sweep.points()));
        Set<String> saved = new LinkedHashSet<>();
        points.forEach(
                (rules, at) ->
                        saved.addAll(
                                new RewrittenBackward(lowering, new ResolvedProbe.Sweep(at, rules))
                                        .write(heads)
                                        .saved()));
        return saved;
    }

    @Override
    public Plan plan() {
        return lowering.plan();
    }

    Lowering lowering() {
        return lowering;
    }

    /** Return whether libtorch's tape must run on the way forward. */
    boolean tapes() {
        return tapes;
    }

    Call forward() {
        return forward;
    }

    /** Return the way back from gradients at some values, compiled when first asked for. */
    Back back(ResolvedProbe.Sweep sweep, List<Value> heads) {
        BackKey key = new BackKey(sweep, heads);
        synchronized (backs) {
            Back known = backs.get(key);
            if (known == null) {
                RewrittenBackward.Written written =
                        new RewrittenBackward(lowering, sweep).write(heads);
                known = back(written, written.body());
                backs.put(key, known);
            }
            return known;
        }
    }

    private Back back(RewrittenBackward.Written written, String body) {
        return new Back(
                compile(
                        written.text(),
                        body,
                        written.reads(),
                        new ArrayList<>(written.points().values())),
                written.saved(),
                new ArrayList<>(written.points().keySet()));
    }

    /** Return how several targets go back from some values at once; empty if each goes alone. */
    Optional<Together> together(ResolvedProbe.Sweep sweep, List<Value> heads) {
        BackKey key = new BackKey(sweep, heads);
        synchronized (backs) {
            Optional<Together> known = together.get(key);
            if (known == null) {
                known =
                        Optional.ofNullable(Stack.of(lowering, sweep, heads))
                                .map(stack -> together(key, stack));
                together.put(key, known);
            }
            return known;
        }
    }

    private Together together(BackKey key, Stack stack) {
        RewrittenBackward.Written written =
                new RewrittenBackward(lowering, key.sweep(), stack).write(key.heads());
        return new Together(back(written, written.stacked(stack)), stack.most());
    }

    @Override
    public Run run(Replacements replacements, NDList inputs, NDManager manager) {
        return new RewrittenRun(this, weights, manager).forward(inputs);
    }

    @Override
    public void close() {
        close(forward);
        synchronized (backs) {
            backs.values().forEach(back -> close(back.call()));
            backs.clear();
            together.values().forEach(all -> all.ifPresent(one -> close(one.back().call())));
            together.clear();
        }
    }

    private void close(Call call) {
        call.script().close();
        weights.derived().release(call.leased());
    }
}
