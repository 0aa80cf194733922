package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.MethodCall;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a method of many passes works with while it explains one item.
 *
 * <p>Its randomness starts anew for each item and target, so that an item's result does not depend
 * on what it is explained together with.
 */
final class RunSession implements Session {
    private static final int USUAL_CHUNK = 16;

    private final Run run;
    private final NDManager manager;
    private final NDList inputs;
    private final Request request;
    private final Random random;
    private final List<String> callers;

    RunSession(Run run, NDManager manager, NDList inputs, Request request) {
        this(run, manager, inputs, request, run.explanation().seed, List.of());
    }

    private RunSession(
            Run run,
            NDManager manager,
            NDList inputs,
            Request request,
            long seed,
            List<String> outer) {
        this.run = run;
        this.manager = manager;
        this.inputs = inputs;
        this.request = request;
        this.random = new Random(seed);
        this.callers = Stream.concat(outer.stream(), Stream.of(request.method())).toList();
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
    public void run(Probe probe, NDList all, Consumer<Pass> each) {
        Probe reading = probe.reading(request.target());
        int batch = run.explanation().batch;
        int chunk = batch > 0 ? batch : USUAL_CHUNK;
        int items = Run.items(all);
        for (int from = 0; from < items; from += chunk) {
            int to = Math.min(items, from + chunk);
            try (NDManager own = manager.newSubManager();
                    Pass pass =
                            run.forward(
                                    reading,
                                    items <= chunk ? all : Inputs.slice(own, all, from, to))) {
                each.accept(pass);
            }
        }
    }

    @Override
    public Attribution call(MethodCall call, NDList all, Request like) {
        AttributionMethod other = run.explanation().panes.method(call.id());
        if (callers.contains(other.id())) {
            throw VitrailException.failure(
                    "method '"
                            + other.id()
                            + "' calls itself and would never end: "
                            + String.join(" calls ", callers)
                            + " calls "
                            + other.id());
        }
        Map<String, Object> settings = OptionSettings.of(other, call);
        List<Layer> chosen =
                like.chosen().isEmpty() ? run.layersFor(other, like.layers()) : like.chosen();
        Request asked = new Request(other.id(), like.layers(), chosen, like.target(), settings);
        return Job.call(other, like.layers().model(), () -> attribution(other, all, asked));
    }

    private Attribution attribution(AttributionMethod method, NDList all, Request asked) {
        if (method instanceof ManyPassMethod many) {
            return itemByItem(many, all, asked);
        }
        OnePassMethod one = (OnePassMethod) method;
        List<Attribution> chunks = new ArrayList<>();
        run(
                one.probe(asked).reading(asked.target()),
                all,
                pass -> chunks.add(one.attribute(pass, asked)));
        return Joining.attributions(chunks);
    }

    private Attribution itemByItem(ManyPassMethod method, NDList all, Request asked) {
        long seed = random.nextLong();
        List<Attribution> items = new ArrayList<>();
        for (int n = 0; n < Run.items(all); n++) {
            try (NDManager own = manager.newSubManager()) {
                NDList one = Run.items(all) == 1 ? all : Inputs.slice(own, all, n, n + 1L);
                RunSession session = new RunSession(run, own, one, asked, seed, callers);
                items.add(method.attribute(session, asked));
            }
        }
        return Joining.attributions(items);
    }

    @Override
    public Random random() {
        return random;
    }

    @Override
    public void progress(long done, long total) {
        run.explanation().progress.progress(request.method(), done, total);
    }

    @Override
    public void checkCancelled() {
        run.checkCancelled();
    }
}
