package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Leased;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** One run of a compiled plan, and the ways back through it. */
final class TorchPass implements Pass {
    private final Layers layers;
    private final CompiledPlan compiled;
    private final Plan plan;
    private final Weights weights;
    private final NDManager manager;
    private final Runnable free;
    private final Map<String, NDArray> variables = new HashMap<>();
    private final Map<Value, NDArray> handedOut = new HashMap<>();
    private final Scores scores;
    private final Map<Target, Map<ResolvedProbe.Sweep, Map<Value, NDArray>>> gradients =
            new IdentityHashMap<>();
    private boolean closed;

    private TorchPass(
            Layers layers,
            CompiledPlan compiled,
            Weights weights,
            NDManager manager,
            Runnable free) {
        this.layers = layers;
        this.compiled = compiled;
        this.plan = compiled.plan();
        this.weights = weights;
        this.manager = manager;
        this.free = free;
        this.scores = new Scores(plan, this::seen, weights, manager);
    }

    static TorchPass run(
            Layers layers,
            Leased<CompiledPlan> plan,
            Leased<Weights> weights,
            Probe probe,
            NDList inputs,
            NDManager manager,
            Runnable free) {
        TorchPass pass = new TorchPass(layers, plan.get(), weights.get(), manager, free);
        pass.forward(probe, inputs);
        return pass;
    }

    private void forward(Probe probe, NDList inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            // the caller may close what it fed, or write to it
            variables.put("i" + i, LentMemory.copy(inputs.get(i), manager));
        }
        Map<Value, Layer> replaced = new HashMap<>();
        probe.replacements()
                .keySet()
                .forEach(layer -> replaced.put(layers.get(layer.name()).value(), layer));
        for (CompiledPlan.Stage stage : compiled.stages()) {
            NDList x = new NDList();
            stage.reads().forEach(name -> x.add(variables.get(name)));
            NDList results =
                    GradMode.with(
                            !plan.units().isEmpty(),
                            () -> stage.script().run(x, weights.get(stage.weights())));
            for (int i = 0; i < results.size(); i++) {
                variables.put(stage.defines().get(i), results.get(i));
            }
            for (Value value : stage.replaceAfter()) {
                NDArray put =
                        GradMode.off(
                                () ->
                                        LentMemory.during(
                                                () ->
                                                        replacement(
                                                                value,
                                                                replaced.get(value),
                                                                probe)));
                variables.put(CompiledPlan.seen(value, plan), put);
            }
        }
    }

    private NDArray replacement(Value value, Layer layer, Probe probe) {
        NDArray original = detached(variables.get(CompiledPlan.variable(value)));
        NDArray put = probe.replacements().get(layer).apply(original);
        if (!put.getShape().equals(original.getShape())
                || put.getDataType() != original.getDataType()) {
            throw VitrailException.failure(
                    "the replacement at layer '"
                            + layer.name()
                            + "' is "
                            + put.getShape()
                            + " "
                            + put.getDataType()
                            + ", it must be "
                            + original.getShape()
                            + " "
                            + original.getDataType());
        }
        return LentMemory.copy(put, manager);
    }

    private NDArray detached(NDArray array) {
        NDArray alias = array.stopGradient();
        alias.attach(manager);
        return alias;
    }

    /** Return the array that readers of a value see. */
    private NDArray seen(Value value) {
        return variables.get(CompiledPlan.seen(value, plan));
    }

    private NDArray handOut(Value value) {
        open();
        return handedOut.computeIfAbsent(value, key -> detached(seen(key)));
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("this pass of '" + layers.model() + "' is closed");
        }
    }

    @Override
    public Layers layers() {
        open();
        return layers;
    }

    @Override
    public NDList inputs() {
        open();
        NDList inputs = new NDList();
        for (int i = 0; i < plan.graph().inputs().size(); i++) {
            inputs.add(handOut(new Value.Input(i)));
        }
        return inputs;
    }

    @Override
    public NDList outputs() {
        NDList outputs = new NDList();
        for (Graph.Result output : plan.graph().outputs()) {
            outputs.add(handOut(output.value()));
        }
        return outputs;
    }

    @Override
    public NDArray output(Layer layer) {
        open();
        return handOut(wanted(layers.get(layer.name()).value(), layer));
    }

    @Override
    public NDList inputs(Layer layer) {
        open();
        NDList inputs = new NDList();
        for (Value value : layers.get(layer.name()).inputs()) {
            inputs.add(handOut(wanted(value, layer)));
        }
        return inputs;
    }

    private Value wanted(Value value, Layer layer) {
        if (!plan.wanted().contains(value)) {
            throw new IllegalArgumentException(
                    "the probe did not ask for layer '"
                            + layer.name()
                            + "': add keepOutputs, keepInputs or differentiateAt");
        }
        return value;
    }

    @Override
    public NDArray score(Target target) {
        open();
        return scores.of(target).score();
    }

    @Override
    public long[] classes(Target target) {
        open();
        NDList values = new NDList();
        scores.sources(target).forEach(value -> values.add(handOut(value)));
        return target.classes(values);
    }

    private ResolvedProbe.Sweep sweep(String name) {
        ResolvedProbe.Sweep sweep = plan.probe().sweeps().get(name);
        if (sweep == null) {
            throw new IllegalArgumentException(
                    "the probe has no sweep '"
                            + name
                            + "', only "
                            + plan.probe().sweeps().keySet());
        }
        return sweep;
    }

    /**
     * Gradients at the points of every sweep with these rules; sweeps with equal rules share one
     * way back.
     */
    private Map<Value, NDArray> gradientsOf(Target target, String name) {
        open();
        Map<Integer, BackwardRule> rules = sweep(name).rules();
        Set<Value> points = new LinkedHashSet<>();
        for (ResolvedProbe.Sweep other : plan.probe().sweeps().values()) {
            if (other.rules().equals(rules)) {
                points.addAll(other.points());
            }
        }
        ResolvedProbe.Sweep shared = new ResolvedProbe.Sweep(points, rules);
        Map<ResolvedProbe.Sweep, Map<Value, NDArray>> known =
                gradients.computeIfAbsent(target, key -> new HashMap<>());
        Map<Value, NDArray> found = known.get(shared);
        if (found == null) {
            found =
                    new Backward(plan, layers, shared, variables, weights)
                            .from(scores.of(target).gradients(), manager);
            known.put(shared, found);
        }
        return found;
    }

    @Override
    public NDList gradients(Target target, String sweep) {
        Map<Value, NDArray> found = gradientsOf(target, sweep);
        NDList gradients = new NDList();
        for (int i = 0; i < plan.graph().inputs().size(); i++) {
            Graph.Port input = plan.graph().inputs().get(i);
            if (!input.type().type().isFloating()) {
                throw VitrailException.failure(
                        layers.model()
                                + ": input '"
                                + input.name()
                                + "' holds "
                                + input.type().type()
                                + ", which has no gradient\n  remedy: explain at the layer that reads it: -l "
                                + reading(new Value.Input(i)));
            }
            gradients.add(at(new Value.Input(i), found, sweep, input.name()));
        }
        return gradients;
    }

    /** Return the name of the first layer that makes floating point numbers of a value. */
    private String reading(Value value) {
        for (Layer layer : layers) {
            if (layer.inputs().contains(value) && layer.type().type().isFloating()) {
                return layer.name();
            }
        }
        return "LAYER";
    }

    @Override
    public NDArray gradient(Target target, Layer layer, String sweep) {
        open();
        return at(
                layers.get(layer.name()).value(), gradientsOf(target, sweep), sweep, layer.name());
    }

    private NDArray at(Value value, Map<Value, NDArray> found, String sweep, String place) {
        if (!sweep(sweep).points().contains(value)) {
            throw new IllegalArgumentException(
                    "the sweep '" + sweep + "' does not differentiate at '" + place + "'");
        }
        return found.computeIfAbsent(
                value, key -> weights.products().zerosLike(seen(key), manager));
    }

    @Override
    public int rulesAt(String sweep) {
        open();
        Set<Integer> differentiated = plan.unitOf().keySet();
        return (int)
                sweep(sweep).rules().keySet().stream().filter(differentiated::contains).count();
    }

    @Override
    public boolean reaches(Target target, Layer layer) {
        open();
        Value value = layers.get(layer.name()).value();
        Set<Value> below = new HashSet<>(Set.of(value));
        for (int i = 0; i < plan.graph().nodes().size(); i++) {
            if (plan.graph().nodes().get(i).inputs().stream().anyMatch(below::contains)) {
                for (int k = 0; k < plan.graph().nodes().get(i).outputs().size(); k++) {
                    below.add(new Value.Output(i, k));
                }
            }
        }
        return scores.sources(target).stream().anyMatch(below::contains);
    }

    @Override
    public NDManager manager() {
        open();
        return manager;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            variables.clear();
            handedOut.clear();
            scores.clear();
            gradients.clear();
            free.run();
        }
    }
}
