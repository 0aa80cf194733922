package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What a method of many passes works with while it explains one item.
 *
 * <p>Its randomness starts anew for each item and target, so that an item's result does not depend
 * on what it is explained together with.
 */
final class RunSession implements Session {
    private static final int USUAL_CHUNK = 16;

    private final Run run;
    private final Guard guard;
    private final NDManager manager;
    private final NDList inputs;
    private final Request request;
    private final Random random;

    RunSession(Run run, Guard guard, NDManager manager, NDList inputs, Request request) {
        this.run = run;
        this.guard = guard;
        this.manager = manager;
        this.inputs = inputs;
        this.request = request;
        this.random = new Random(run.explanation().seed);
    }

    @Override
    public NDList inputs() {
        return guard.inside(() -> guard.seen(inputs));
    }

    @Override
    public NDManager manager() {
        return guard.inside(() -> guard.seen(manager));
    }

    @Override
    public void run(Probe probe, NDList given, Consumer<Pass> each) {
        NDList all = guard.bare(given);
        Probe reading = guard.seen(probe).reading(request.target());
        int batch = run.explanation().batch;
        int chunk = batch > 0 ? batch : USUAL_CHUNK;
        int items = guard.inside(() -> Run.items(all));
        for (int from = 0; from < items; from += chunk) {
            int first = from;
            int to = Math.min(items, from + chunk);
            NDManager own = guard.inside(() -> guard.opened(manager.newSubManager()));
            try {
                Pass pass =
                        guard.opened(
                                () ->
                                        run.forward(
                                                reading,
                                                items <= chunk
                                                        ? all
                                                        : Inputs.slice(own, all, first, to)));
                try {
                    each.accept(guard.seen(pass));
                } finally {
                    guard.free(pass);
                }
            } finally {
                guard.free(own);
            }
        }
    }

    @Override
    public Attribution call(String method, NDList given, Request like) {
        NDList all = guard.bare(given);
        AttributionMethod other = run.explanation().panes.method(method);
        Request asked = new Request(method, like.layers(), like.chosen(), like.target(), Map.of());
        if (other instanceof ManyPassMethod many) {
            return many.attribute(new RunSession(run, guard, manager, all, asked), asked);
        }
        OnePassMethod one = (OnePassMethod) other;
        List<Attribution> chunks = new ArrayList<>();
        run(
                one.probe(asked).reading(like.target()),
                all,
                pass -> chunks.add(one.attribute(pass, asked)));
        return Joining.attributions(chunks);
    }

    @Override
    public Random random() {
        return random;
    }

    @Override
    public void progress(long done, long total) {
        guard.inside(
                () -> {
                    run.explanation().progress.progress(request.method(), done, total);
                    return done;
                });
    }

    @Override
    public void checkCancelled() {
        guard.inside(
                () -> {
                    run.checkCancelled();
                    return true;
                });
    }
}
