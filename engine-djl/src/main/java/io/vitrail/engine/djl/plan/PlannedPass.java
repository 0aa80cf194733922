package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One run of a plan, and the ways back through it, on any engine. */
final class PlannedPass implements Pass {
    private final Layers layers;
    private final Plan plan;
    private final Run run;
    private final NDManager manager;
    private final Runnable free;
    private final Map<Value, NDArray> handedOut = new HashMap<>();
    private final Scores scores;
    private final WaysBack ways;
    private boolean closed;

    /**
     * Create it when the run forward is over.
     *
     * @param manager owns the arrays of the run
     * @param free closes the manager, and ends what it borrowed
     */
    PlannedPass(Layers layers, Plan plan, Run run, NDManager manager, Runnable free) {
        this.layers = layers;
        this.plan = plan;
        this.run = run;
        this.manager = manager;
        this.free = free;
        this.scores = new Scores(plan, run, manager, this::handOut);
        this.ways = new WaysBack(plan, layers, run, scores, manager);
    }

    private NDArray handOut(Value value) {
        open();
        return handedOut.computeIfAbsent(value, key -> run.alias(run.seen(key), manager));
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

    private Map<Value, NDArray> gradientsOf(Target target, String name) {
        open();
        sweep(name); // refuses an unknown one
        return ways.of(target, plan.shared(name));
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
                                + layers.reader(i).map(Layer::name).orElse("LAYER"));
            }
            gradients.add(at(new Value.Input(i), found, sweep, input.name()));
        }
        return gradients;
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
        return found.computeIfAbsent(value, key -> run.zerosLike(run.seen(key), manager));
    }

    @Override
    public int rulesAt(String sweep) {
        open();
        return plan.rulesAt(sweep(sweep));
    }

    @Override
    public boolean reaches(Target target, Layer layer) {
        open();
        return plan.reaches(layers.get(layer.name()).value(), scores.sources(target));
    }

    @Override
    public void announce(List<Target> targets) {
        open();
        ways.announce(targets);
    }

    @Override
    public void forget(Target target) {
        open();
        ways.forget(target);
        scores.forget(target);
    }

    @Override
    public void spend() {
        open();
        run.spend();
    }

    @Override
    public String form() {
        return run.form();
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
            handedOut.clear();
            scores.clear();
            ways.clear();
            free.run();
        }
    }
}
