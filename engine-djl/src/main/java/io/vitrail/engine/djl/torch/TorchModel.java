package io.vitrail.engine.djl.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import java.util.List;

/** A model on PyTorch: graphs by input shape, compiled plans by probe, weights once. */
final class TorchModel implements Model {
    private static final int CACHED = 16;

    /** A graph with its plans. */
    private static final class Recorded {
        final Layers layers;
        final LeastRecentlyUsed<ResolvedProbe, Leased<CompiledPlan>> plans =
                new LeastRecentlyUsed<>(CACHED, Leased::release);

        Recorded(Layers layers) {
            this.layers = layers;
        }
    }

    private final GraphSource source;
    private final BatchProofs graphs;
    private final Device device;
    private final NativeCalls calls;
    private final NDManager manager;
    private final Leased<Weights> weights;
    private final LeastRecentlyUsed<InputKey, Recorded> recordings =
            new LeastRecentlyUsed<>(CACHED, recorded -> recorded.plans.close());
    private boolean closed;

    TorchModel(GraphSource source, Device device, NativeCalls calls) {
        this.source = source;
        this.graphs = new BatchProofs(source);
        this.device = device;
        this.calls = calls;
        this.manager = calls.newManager(device);
        this.weights = new Leased<>(new Weights(manager, calls), this::free);
    }

    /** Work that is under way may still read weights from the source. */
    private void free() {
        manager.close();
        source.close();
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String format() {
        return source.format();
    }

    @Override
    public String engine() {
        return PyTorchEngine.NAME;
    }

    @Override
    public List<Graph.Port> inputs() {
        return source.inputs();
    }

    @Override
    public Layers layers(NDList inputs) {
        return whileOpen(
                () -> {
                    try (NDManager own = calls.newManager(device)) {
                        return recorded(fitting(inputs, own)).layers;
                    }
                });
    }

    @Override
    public Pass run(Probe probe, NDList inputs) {
        return whileOpen(() -> start(probe, inputs));
    }

    private interface Work<T> {
        T run();
    }

    /** Closing waits for nobody: work that has begun holds a lease of its own. */
    private <T> T whileOpen(Work<T> work) {
        if (!weights.lease()) {
            throw closedModel();
        }
        try {
            synchronized (this) {
                if (closed) {
                    throw closedModel();
                }
            }
            return work.run();
        } finally {
            weights.release();
        }
    }

    private IllegalStateException closedModel() {
        return new IllegalStateException("model '" + name() + "' is closed");
    }

    /**
     * Return the inputs in the model's own half type, which no file of arrays and no picture has;
     * any other type is the caller's business.
     */
    private NDList fitting(NDList inputs, NDManager own) {
        check(inputs);
        List<Graph.Port> ports = source.inputs();
        NDList fitting = new NDList(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            NDArray input = inputs.get(i);
            DataType wanted = i < ports.size() ? ports.get(i).type().type() : input.getDataType();
            boolean half = wanted == DataType.FLOAT16 || wanted == DataType.BFLOAT16;
            if (half && input.getDataType() == DataType.FLOAT32) {
                input =
                        wanted == DataType.BFLOAT16
                                ? BFloat16.of(input)
                                : input.toType(wanted, true);
                input.attach(own);
            }
            fitting.add(input);
        }
        return fitting;
    }

    private Recorded recorded(NDList inputs) {
        InputKey key = InputKey.of(inputs);
        Recorded known = recordings.get(key);
        if (known != null) {
            return known;
        }
        Graph graph = graphs.graph(inputs);
        Recorded recorded = new Recorded(new Layers(name(), graph));
        return graph.readsValues() ? recorded : recordings.putIfAbsent(key, recorded);
    }

    private void check(NDList inputs) {
        if (inputs.isEmpty()) {
            throw VitrailException.input(name() + ": no input was given");
        }
        for (NDArray input : inputs) {
            if (!(input instanceof PtNDArray)) {
                throw VitrailException.input(
                        name()
                                + ": an input belongs to the engine "
                                + input.getManager().getEngine().getEngineName()
                                + "\n  remedy: create it with model.newManager()");
            }
            if (input.size() == 0) {
                throw VitrailException.input(
                        name() + ": an input of shape " + input.getShape() + " is empty");
            }
        }
    }

    private Pass start(Probe probe, NDList inputs) {
        NDManager own = calls.newManager(device);
        try {
            return start(probe, fitting(inputs, own), own);
        } catch (RuntimeException | Error failure) {
            own.close();
            throw failure;
        }
    }

    private Pass start(Probe probe, NDList inputs, NDManager own) {
        Recorded recorded = recorded(inputs);
        ResolvedProbe resolved = ResolvedProbe.of(probe, recorded.layers);
        Leased<CompiledPlan> plan = plan(recorded, resolved);
        if (recorded.layers.graph().readsValues()) {
            recorded.plans.close(); // nobody else will ever see this recording
        }
        weights.lease();
        try {
            return TorchPass.run(
                    recorded.layers,
                    plan,
                    weights,
                    probe,
                    inputs,
                    own,
                    () -> {
                        own.close();
                        plan.release();
                        weights.release();
                    });
        } catch (RuntimeException | Error failure) {
            plan.release();
            weights.release();
            if (failure instanceof EngineException e) {
                throw new VitrailException(
                        VitrailException.Kind.FAILURE,
                        name()
                                + ": PyTorch failed: "
                                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                        e);
            }
            throw failure;
        }
    }

    /** Return a leased plan. */
    private Leased<CompiledPlan> plan(Recorded recorded, ResolvedProbe resolved) {
        Leased<CompiledPlan> known = recorded.plans.get(resolved);
        if (known != null && known.lease()) {
            return known;
        }
        CompiledPlan compiled =
                CompiledPlan.compile(Plan.of(recorded.layers.graph(), resolved), manager, calls);
        Leased<CompiledPlan> fresh = new Leased<>(compiled, compiled::close);
        fresh.lease(); // ours; the cache may drop its own at once
        Leased<CompiledPlan> kept = recorded.plans.putIfAbsent(resolved, fresh);
        if (kept == fresh || !kept.lease()) {
            return fresh;
        }
        fresh.release();
        return kept;
    }

    @Override
    public NDManager newManager() {
        return whileOpen(() -> calls.newManager(device));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        recordings.close();
        weights.release();
    }
}
