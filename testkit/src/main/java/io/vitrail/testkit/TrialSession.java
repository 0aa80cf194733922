package io.vitrail.testkit;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.MethodCall;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import io.vitrail.api.VitrailException;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** A session that runs everything in one chunk. */
final class TrialSession implements Session {
    private final Model model;
    private final NDList inputs;
    private final NDManager manager;
    private final Random random = new Random(0);
    private final List<String> callers;
    private final Patience patience;

    /**
     * @param callers the ids of the methods at work, the session's own last
     */
    TrialSession(
            Model model,
            NDList inputs,
            NDManager manager,
            List<String> callers,
            Patience patience) {
        this.model = model;
        this.inputs = inputs;
        this.manager = manager;
        this.callers = callers;
        this.patience = patience;
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
        patience.pass();
        try (Pass pass = model.run(probe, batch)) {
            each.accept(pass);
        }
    }

    @Override
    public Attribution call(MethodCall call, NDList batch, Request request) {
        if (callers.contains(call.id())) {
            throw VitrailException.failure(
                    "method '" + call.id() + "' calls itself: " + String.join(" calls ", callers));
        }
        AttributionMethod called =
                ServiceLoader.load(AttributionMethod.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(method -> method.id().equals(call.id()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        VitrailException.usage(
                                                "no method '"
                                                        + call.id()
                                                        + "' on the test's path to call"));
        List<String> layers = request.chosen().stream().map(Layer::name).toList();
        return new Trial(called, layers, request.target(), call.options())
                .run(model, batch, callers, patience);
    }

    @Override
    public Random random() {
        return random;
    }

    @Override
    public void progress(long done, long total) {
        patience.step(done, total);
    }

    @Override
    public void checkCancelled() {
        patience.check();
    }
}
