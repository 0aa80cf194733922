package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layers;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.LoopRules;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.Replacements;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import io.vitrail.engine.djl.plan.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A way back through a loop, step by step, so that any rule may stand inside of it.
 *
 * <p>The body runs once more for every step, and each run is kept until the way back has passed it.
 */
final class LoopBack implements AutoCloseable {
    private final Operator.Scan scan;
    private final Layers layers;
    private final ResolvedProbe.Sweep sweep;
    private final CompiledPlan body;

    LoopBack(Operator.Scan scan, LoopRules rules, Weights weights) {
        this.scan = scan;
        this.layers = new Layers(scan.kind(), scan.body());
        Set<Value> points = new LinkedHashSet<>();
        for (int i = 0; i < scan.body().inputs().size(); i++) {
            if (scan.body().inputs().get(i).type().type().isFloating()) {
                points.add(new Value.Input(i));
            }
        }
        this.sweep = new ResolvedProbe.Sweep(points, rules.rules());
        ResolvedProbe probe = new ResolvedProbe(Set.of(), Map.of("", sweep), Set.of());
        this.body = CompiledPlan.compile(Plan.of(scan.body(), probe, node -> false), weights);
    }

    /**
     * Return the gradient at each input of the loop, null where nothing depends on it.
     *
     * @param inputs the first states, then the sequences
     * @param heads the gradient at each output, null where there is none
     * @param work owns what comes out, and all else that is made
     */
    List<@Nullable NDArray> gradients(
            NDList inputs, List<@Nullable NDArray> heads, NDManager work) {
        int states = scan.states();
        int steps = (int) inputs.get(states).getShape().get(1);
        List<Run> runs = forward(inputs, steps, work);
        List<NDList> given = new ArrayList<>();
        for (NDArray head : heads.subList(0, scan.collected())) {
            given.add(head == null ? new NDList() : apart(head, steps, work));
        }
        List<@Nullable NDArray> carried =
                new ArrayList<>(heads.subList(scan.collected(), heads.size()));
        List<List<@Nullable NDArray>> found =
                new ArrayList<>(); // of each sequence, last step first
        inputs.subList(states, inputs.size()).forEach(sequence -> found.add(new ArrayList<>()));
        for (int t = steps - 1; t >= 0; t--) {
            Map<Value, NDArray> here = heads(carried, given, t);
            Map<Value, NDArray> back = runs.get(t).back(body.plan(), layers, sweep, here, work);
            for (int s = 0; s < states; s++) {
                carried.set(s, back.get(new Value.Input(s)));
            }
            for (int i = 0; i < found.size(); i++) {
                found.get(i).add(back.get(new Value.Input(states + i)));
            }
        }
        List<@Nullable NDArray> all = new ArrayList<>(carried);
        found.forEach(each -> all.add(together(each, runs.get(0), work)));
        return all;
    }

    private List<Run> forward(NDList inputs, int steps, NDManager work) {
        int states = scan.states();
        NDList state = new NDList(inputs.subList(0, states));
        List<NDList> sequences = new ArrayList<>();
        for (NDArray sequence : inputs.subList(states, inputs.size())) {
            sequences.add(apart(sequence, steps, work));
        }
        List<Run> runs = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            NDList here = new NDList(state);
            for (NDList sequence : sequences) {
                here.add(sequence.get(t));
            }
            Run run = body.run(Replacements.none(layers), here, work);
            for (int s = 0; s < states; s++) {
                state.set(s, run.alias(run.seen(output(s)), work));
            }
            runs.add(run);
        }
        return runs;
    }

    private Value output(int index) {
        return scan.body().outputs().get(index).value();
    }

    private Map<Value, NDArray> heads(
            List<@Nullable NDArray> carried, List<NDList> given, int step) {
        Map<Value, NDArray> heads = new HashMap<>();
        List<Graph.Result> outputs = scan.body().outputs();
        for (int i = 0; i < outputs.size(); i++) {
            int k = i - scan.states();
            NDArray head =
                    k < 0 ? carried.get(i) : given.get(k).isEmpty() ? null : given.get(k).get(step);
            if (head != null) {
                heads.merge(outputs.get(i).value(), head, NDArray::add);
            }
        }
        return heads;
    }

    /** Return the steps of a sequence (N, steps, ...), each (N, ...). */
    private static NDList apart(NDArray sequence, int steps, NDManager work) {
        NDArray alias = TorchScores.alias(sequence, work);
        NDList apart = new NDList(steps);
        for (NDArray step : alias.split(steps, 1)) {
            apart.add(step.squeeze(1));
        }
        return apart;
    }

    /** Return steps, the last one first, as a sequence; null where none depends on anything. */
    private @Nullable NDArray together(List<@Nullable NDArray> steps, Run like, NDManager work) {
        NDArray some = steps.stream().filter(step -> step != null).findFirst().orElse(null);
        if (some == null) {
            return null;
        }
        NDList all = new NDList(steps.size());
        for (NDArray step : steps) {
            all.add(step == null ? like.zerosLike(some, work) : step);
        }
        Collections.reverse(all);
        return NDArrays.stack(all, 1);
    }

    @Override
    public void close() {
        body.close();
    }
}
