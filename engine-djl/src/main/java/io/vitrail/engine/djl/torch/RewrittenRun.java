package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layers;
import io.vitrail.api.Target;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import io.vitrail.engine.djl.plan.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One run of a rewritten plan: a native call forward, and one for each way back. */
final class RewrittenRun implements Run {
    private final RewrittenPlan compiled;
    private final Weights weights;
    private final NDManager manager;
    private final Map<String, NDArray> variables = new HashMap<>();

    /**
     * Create it.
     *
     * @param manager owns all that is made
     */
    RewrittenRun(RewrittenPlan compiled, Weights weights, NDManager manager) {
        this.compiled = compiled;
        this.weights = weights;
        this.manager = manager;
    }

    RewrittenRun forward(NDList inputs) {
        NDList x = new NDList();
        for (int i = 0; i < inputs.size(); i++) {
            // the caller may close what it fed, or write to it
            NDArray own = LentMemory.copy(inputs.get(i), manager);
            variables.put("i" + i, own);
            x.add(own);
        }
        NDList results = GradMode.with(compiled.tapes(), () -> compiled.forward().run(x));
        for (int i = 0; i < results.size(); i++) {
            variables.put(compiled.forward().returns().get(i), results.get(i));
        }
        return this;
    }

    private NDArray variable(String name) {
        return Objects.requireNonNull(variables.get(name), name);
    }

    @Override
    public String form() {
        return "rewritten";
    }

    @Override
    public NDArray seen(Value value) {
        return variable(RewrittenForward.seen(value, compiled.lowering()));
    }

    @Override
    public NDArray alias(NDArray array, NDManager owner) {
        return TorchScores.alias(array, owner);
    }

    @Override
    public NDArray zerosLike(NDArray array, NDManager owner) {
        return weights.products().zerosLike(array, owner);
    }

    @Override
    public Scored score(Target target, NDList values, boolean differentiate, NDManager owner) {
        return TorchScores.score(target, values, differentiate, owner, weights);
    }

    @Override
    public Map<Value, NDArray> back(
            Plan plan,
            Layers layers,
            ResolvedProbe.Sweep sweep,
            Map<Value, NDArray> heads,
            NDManager owner) {
        List<Value> from = new ArrayList<>();
        for (Value value : plan.wanted()) {
            if (heads.containsKey(value)) {
                from.add(value);
            }
        }
        RewrittenPlan.Back back = compiled.back(sweep, from);
        Map<Value, NDArray> found = new HashMap<>();
        if (back.points().isEmpty()) {
            return found;
        }
        NDList x = new NDList();
        from.forEach(value -> x.add(heads.get(value)));
        for (String name : back.reads()) {
            x.add(variable(name));
        }
        NDList gradients = GradMode.off(() -> back.call().run(x));
        gradients.attach(owner);
        for (int i = 0; i < gradients.size(); i++) {
            found.put(back.points().get(i), gradients.get(i));
        }
        return found;
    }
}
