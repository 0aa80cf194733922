package io.vitrail.testkit;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** A session that runs everything in one chunk and is never cancelled. */
final class TrialSession implements Session, AutoCloseable {
    private final Model model;
    private final NDList inputs;
    private final NDManager manager;
    private final Random random = new Random(0);

    TrialSession(Model model, NDList inputs) {
        this.model = model;
        this.inputs = inputs;
        this.manager = model.newManager();
    }

    @Override
    public NDList inputs() {
        return inputs;
    }

    @Override
    public NDManager manager() {
        return manager;
    }

    @Override
    public void run(Probe probe, NDList batch, Consumer<Pass> each) {
        try (Pass pass = model.run(probe, batch)) {
            each.accept(pass);
        }
    }

    @Override
    public Attribution call(String id, NDList batch, Request request) {
        AttributionMethod called =
                ServiceLoader.load(AttributionMethod.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(method -> method.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no method '" + id + "' to call"));
        return new Trial(called, List.of(), request.target(), Map.of()).run(model, batch);
    }

    @Override
    public Random random() {
        return random;
    }

    @Override
    public void progress(long done, long total) {
        // nobody watches
    }

    @Override
    public void checkCancelled() {
        // nobody gives up
    }

    @Override
    public void close() {
        manager.close();
    }
}
