package io.vitrail.engine.djl.plan;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.List;

/** A model on any engine: graphs by input shape, prepared plans by probe, weights once. */
public final class PlannedModel implements Model {
    private static final int CACHED = 16;

    /** A graph with its plans. */
    private static final class Recorded {
        final Layers layers;
        final LeastRecentlyUsed<ResolvedProbe, Leased<Prepared>> plans =
                new LeastRecentlyUsed<>(CACHED, Leased::release);

        Recorded(Layers layers) {
            this.layers = layers;
        }
    }

    private final GraphSource source;
    private final BatchProofs graphs;
    private final Leased<Backend> backend;
    private final LeastRecentlyUsed<InputKey, Recorded> recordings =
            new LeastRecentlyUsed<>(CACHED, recorded -> recorded.plans.close());
    private boolean closed;

    /** Create it; source and backend are its own from here on. */
    public PlannedModel(GraphSource source, Backend backend) {
        this.source = source;
        this.graphs = new BatchProofs(source);
        this.backend = new Leased<>(backend, () -> free(source, backend));
    }

    /** Work that is under way may still read weights from the source. */
    private static void free(GraphSource source, Backend backend) {
        backend.close();
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
        return backend.get().engine();
    }

    @Override
    public List<Graph.Port> inputs() {
        return source.inputs();
    }

    @Override
    public Layers layers(NDList inputs) {
        return whileOpen(
                () -> {
                    try (NDManager own = backend.get().newManager()) {
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
        if (!backend.lease()) {
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
            backend.release();
        }
    }

    private IllegalStateException closedModel() {
        return new IllegalStateException("model '" + name() + "' is closed");
    }

    /** Return the inputs in the types that the engine makes of them. */
    private NDList fitting(NDList inputs, NDManager manager) {
        check(inputs);
        List<Graph.Port> ports = source.inputs();
        NDList fitting = new NDList(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            NDArray input = inputs.get(i);
            DataType wanted = i < ports.size() ? ports.get(i).type().type() : input.getDataType();
            NDArray own = backend.get().fitting(input, wanted);
            if (own != input) {
                own.attach(manager);
            }
            fitting.add(own);
        }
        return fitting;
    }

    private Recorded recorded(NDList inputs) {
        InputKey key = InputKey.of(inputs);
        Recorded known = recordings.get(key);
        if (known != null) {
            return known;
        }
        Graph graph = backend.get().fitting(graphs.graph(inputs));
        Recorded recorded = new Recorded(new Layers(name(), graph));
        return graph.readsValues() ? recorded : recordings.putIfAbsent(key, recorded);
    }

    private void check(NDList inputs) {
        if (inputs.isEmpty()) {
            throw VitrailException.input(name() + ": no input was given");
        }
        for (NDArray input : inputs) {
            if (!backend.get().owns(input)) {
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
        NDManager own = backend.get().newManager();
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
        Leased<Prepared> plan = plan(recorded, resolved);
        if (recorded.layers.graph().readsValues()) {
            recorded.plans.close(); // nobody else will ever see this recording
        }
        backend.lease();
        try {
            Run run = plan.get().run(new Replacements(probe, recorded.layers), inputs, own);
            return new PlannedPass(
                    recorded.layers,
                    plan.get().plan(),
                    run,
                    own,
                    () -> {
                        own.close();
                        plan.release();
                        backend.release();
                    });
        } catch (RuntimeException | Error failure) {
            plan.release();
            backend.release();
            if (failure instanceof EngineException e) {
                throw new VitrailException(
                        VitrailException.Kind.FAILURE,
                        name()
                                + ": "
                                + backend.get().library()
                                + " failed: "
                                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                        e);
            }
            throw failure;
        }
    }

    /** Return a leased plan. */
    private Leased<Prepared> plan(Recorded recorded, ResolvedProbe resolved) {
        Leased<Prepared> known = recorded.plans.get(resolved);
        if (known != null && known.lease()) {
            return known;
        }
        Prepared prepared =
                backend.get()
                        .prepare(Plan.of(recorded.layers.graph(), resolved, backend.get()::guides));
        Leased<Prepared> fresh = new Leased<>(prepared, prepared::close);
        fresh.lease(); // ours; the cache may drop its own at once
        Leased<Prepared> kept = recorded.plans.putIfAbsent(resolved, fresh);
        if (kept == fresh || !kept.lease()) {
            return fresh;
        }
        fresh.release();
        return kept;
    }

    @Override
    public NDManager newManager() {
        return whileOpen(() -> backend.get().newManager());
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
        backend.release();
    }
}
