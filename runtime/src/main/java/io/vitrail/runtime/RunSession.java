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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private final List<String> callers;
    private final Set<Layer> called = new LinkedHashSet<>();

    RunSession(Run run, Guard guard, NDManager manager, NDList inputs, Request request) {
        this(run, guard, manager, inputs, request, run.explanation().seed, List.of());
    }

    private RunSession(
            Run run,
            Guard guard,
            NDManager manager,
            NDList inputs,
            Request request,
            long seed,
            List<String> outer) {
        this.run = run;
        this.guard = guard;
        this.manager = manager;
        this.inputs = inputs;
        this.request = request;
        this.random = new Random(seed);
        this.callers = Stream.concat(outer.stream(), Stream.of(request.method())).toList();
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
    public Attribution call(MethodCall call, NDList given, Request like) {
        NDList all = guard.bare(given);
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
        Job job =
                new Job(
                        other,
                        guard.inside(() -> Run.items(all)),
                        like.layers(),
                        chosen,
                        List.of(like.target()),
                        settings,
                        Probe.outputsOnly(),
                        Map.of(),
                        run.explanation().cancelled);
        Job answered = job;
        Attribution found;
        if (other instanceof ManyPassMethod many) {
            RunSession inner =
                    new RunSession(run, guard, manager, all, asked, random.nextLong(), callers);
            found = job.contained(() -> many.attribute(inner, asked));
            answered = inner.answered(job, found);
        } else {
            found = job.contained(() -> inOnePass((OnePassMethod) other, all, asked));
        }
        called.addAll(answered.chosen());
        return Found.placed(answered, found);
    }

    /**
     * Return a job as it was answered: a method that hands on what another one found may answer at
     * the layers where that one explains by itself.
     */
    Job answered(Job job, @Nullable Attribution found) {
        boolean handedOn =
                job.chosen().isEmpty()
                        && found != null
                        && found.parts().keySet().stream().anyMatch(Attribution.Part::atLayer);
        return handedOn ? job.at(List.copyOf(called)) : job;
    }

    private Attribution inOnePass(OnePassMethod one, NDList all, Request asked) {
        List<Attribution> chunks = new ArrayList<>();
        run(
                one.probe(asked).reading(asked.target()),
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
