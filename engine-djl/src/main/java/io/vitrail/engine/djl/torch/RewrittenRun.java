package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One run of a rewritten plan: a native call forward, and one for each way back. */
final class RewrittenRun implements Run {
    private final RewrittenPlan compiled;
    private final Weights weights;
    private final NDManager manager;
    private final NDList x = new NDList();
    private final Map<String, NDArray> variables = new HashMap<>();
    private boolean spending;

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
        for (int i = 0; i < inputs.size(); i++) {
            // the caller may close what it fed, or write to it
            NDArray own = LentMemory.copy(inputs.get(i), manager);
            variables.put("i" + i, own);
            x.add(own);
        }
        forward();
        return this;
    }

    /** Compute the variables that are not there, all of them at first. */
    private void forward() {
        NDList results =
                GradMode.with(compiled.tapes(), () -> compiled.forward().run(x, List.of()));
        for (int i = 0; i < results.size(); i++) {
            NDArray known =
                    variables.putIfAbsent(compiled.forward().returns().get(i), results.get(i));
            if (known != null) {
                results.get(i).close();
            }
        }
    }

    @Override
    public void spend() {
        spending = true;
    }

    /** Take away what only ways back read. */
    private List<NDArray> spent(Plan plan) {
        Set<String> kept = new HashSet<>();
        plan.wanted().forEach(value -> kept.add(RewrittenForward.seen(value, compiled.lowering())));
        List<NDArray> spent = new ArrayList<>();
        variables
                .entrySet()
                .removeIf(
                        one -> {
                            boolean own =
                                    !kept.contains(one.getKey()) && !one.getKey().startsWith("i");
                            return own && spent.add(one.getValue());
                        });
        return spent;
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
        List<Value> from = ordered(heads.keySet());
        RewrittenPlan.Back back = compiled.back(sweep, from);
        Map<Value, NDArray> found = new HashMap<>();
        if (back.points().isEmpty()) {
            return found;
        }
        NDList reads = new NDList();
        from.forEach(value -> reads.add(heads.get(value)));
        read(back, reads);
        List<NDArray> spent = spending ? spent(plan) : List.of();
        spending = false;
        NDList gradients = GradMode.off(() -> back.call().run(reads, spent));
        gradients.attach(owner);
        for (int i = 0; i < gradients.size(); i++) {
            found.put(back.points().get(i), gradients.get(i));
        }
        return found;
    }

    @Override
    public int together(ResolvedProbe.Sweep sweep, Set<Value> heads) {
        return compiled.together(sweep, ordered(heads)).map(RewrittenPlan.Together::most).orElse(1);
    }

    @Override
    public List<Map<Value, NDArray>> backTogether(
            ResolvedProbe.Sweep sweep, List<Map<Value, NDArray>> heads, NDManager owner) {
        List<Value> from = ordered(heads.get(0).keySet());
        RewrittenPlan.Back back = compiled.together(sweep, from).orElseThrow().back();
        NDList gradients;
        try (NDManager work = manager.newSubManager()) {
            NDList reads = new NDList();
            for (Value value : from) {
                NDList all = new NDList(heads.size());
                heads.forEach(one -> all.add(one.get(value)));
                reads.add(GradMode.off(() -> NDArrays.concat(all)));
            }
            reads.attach(work);
            read(back, reads);
            gradients = GradMode.off(() -> back.call().run(reads, List.of()));
            gradients.attach(owner);
        }
        List<Map<Value, NDArray>> found = new ArrayList<>();
        for (int t = 0; t < heads.size(); t++) {
            Map<Value, NDArray> one = new HashMap<>();
            for (int p = 0; p < back.points().size(); p++) {
                one.put(back.points().get(p), gradients.get(p * heads.size() + t));
            }
            found.add(one);
        }
        return found;
    }

    /** Return values in the order in which a way back is given their gradients. */
    private List<Value> ordered(Set<Value> heads) {
        return compiled.plan().wanted().stream().filter(heads::contains).toList();
    }

    /** Add what a way back reads of the way forward. */
    private void read(RewrittenPlan.Back back, NDList reads) {
        if (!variables.keySet().containsAll(back.reads())) {
            forward(); // an earlier way back has used it up
        }
        back.reads().forEach(name -> reads.add(variable(name)));
    }
}
