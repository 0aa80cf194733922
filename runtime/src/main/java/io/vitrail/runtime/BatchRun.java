package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Graph;
import io.vitrail.picture.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explain one batch: one forward pass for all one-pass methods and targets. */
final class BatchRun {
    private static final Wanted PREDICTED = new Wanted.Spelled("predicted");

    private final Run run;
    private final Guard guard;
    private final NDManager manager;
    private final NDList arrays;
    private final Targets.Items items;
    private final Layers layers;
    private final List<String> labels;
    private final List<Target> targets;
    private final Map<String, List<Layer>> chosen = new LinkedHashMap<>();
    private final Map<String, Attribution> found = new LinkedHashMap<>();
    private final Map<String, Map<String, List<String>>> unreachable = new LinkedHashMap<>();

    BatchRun(Run run, Guard guard, NDManager manager, NDList arrays, Targets.Items items) {
        this.run = run;
        this.guard = guard;
        this.manager = manager;
        this.arrays = arrays;
        this.items = items;
        this.layers = run.model().layers(arrays);
        LabelCount.check(layers, run.explanation().labels);
        this.labels = labels();
        this.targets = targets(layers, items);
    }

    /** Return the targets that the methods evaluate, or that were asked for. */
    private List<Target> targets(Layers at, Targets.Items which) {
        Explanation wanted = run.explanation();
        List<Wanted> chosen = wanted.targets;
        if (chosen.isEmpty() && run.methods().stream().anyMatch(AttributionMethod::usesTarget)) {
            chosen = List.of(PREDICTED);
        }
        List<Target> bound =
                new Targets(at, wanted.score, labels, boxes(), which, wanted.panes.forms())
                        .bind(chosen);
        if (chosen.contains(PREDICTED) && at.graph().outputs().size() > 1) {
            run.notice(firstOfSeveral(at));
        }
        return bound;
    }

    private BoxReader boxes() {
        Explanation wanted = run.explanation();
        Anchors anchors = Anchors.of(Vitrail.sidecar(run.model()));
        return new BoxReader(anchors, wanted.boxThreshold, wanted.boxOverlap);
    }

    private static String firstOfSeveral(Layers at) {
        List<String> names = at.graph().outputs().stream().map(Graph.Result::name).toList();
        return at.model()
                + ": 'predicted' is about '"
                + names.get(0)
                + "', the first of "
                + names.size()
                + " outputs: "
                + String.join(", ", names)
                + "\n  another: -t output:NAME/predicted, output:NAME/sum";
    }

    Facts facts(List<Prepared> seen) {
        List<Job> jobs = new ArrayList<>();
        List<Job> alone = new ArrayList<>();
        Probe reading = Probe.outputsOnly();
        for (Target target : targets) {
            reading = reading.reading(target);
        }
        Sharing sharing = new Sharing(reading);
        for (AttributionMethod method : run.methods()) {
            found.put(method.id(), Attribution.of(method.id(), Map.of()));
            if (method instanceof OnePassMethod one) {
                Job job = job(one, items.count(), layers, targets);
                Probe probe = guard.call(job, () -> Asking.of(job, one));
                if (probe.replacements().isEmpty()) {
                    jobs.add(job.seeing(probe, sharing.add(method.id(), probe)));
                } else {
                    alone.add(job.seeing(probe.and(reading), Map.of()));
                }
            }
        }
        Facts facts;
        Pass shared = guard.opened(() -> run.forward(sharing.probe(), arrays));
        try {
            facts =
                    new Returned(layers, targets, items.count(), labels, boxes())
                            .facts(shared, seen);
            findUnreachable(shared);
            explain(jobs, shared, sharing.probe().sweeps().size());
        } finally {
            guard.free(shared);
        }
        alone.forEach(this::explainAlone);
        for (AttributionMethod method : run.methods()) {
            if (method instanceof ManyPassMethod many) {
                explain(many, facts);
            }
        }
        return warned(facts);
    }

    /** Explain with a method that changes the pass forward: its code runs there too. */
    private void explainAlone(Job job) {
        Probe probe = guard.seen(job.probe());
        Pass own = guard.call(job, () -> guard.opened(() -> run.forward(probe, arrays)));
        try {
            explain(List.of(job), own, probe.sweeps().size());
        } finally {
            guard.free(own);
        }
    }

    private Job job(AttributionMethod method, int count, Layers at, List<Target> scores) {
        Explanation wanted = run.explanation();
        Job job =
                new Job(
                        method,
                        count,
                        at,
                        List.of(),
                        scores,
                        run.options(method),
                        Probe.outputsOnly(),
                        Map.of(),
                        wanted.cancelled);
        List<Layer> found = guard.call(job, () -> run.layersFor(method, at));
        run.chose(method, found);
        chosen.put(method.id(), found);
        return job.at(found);
    }

    /**
     * Target by target, so that no more gradients are there at once than those of one target, or of
     * the few that the engine goes back from together.
     *
     * @param waysBack of each target at most
     */
    private void explain(List<Job> jobs, Pass pass, int waysBack) {
        Map<String, List<Attribution>> rounds = new LinkedHashMap<>();
        jobs.forEach(job -> rounds.put(job.method().id(), new ArrayList<>()));
        Pass seen = guard.seen(pass);
        pass.announce(targets);
        for (int i = 0; i < Math.max(1, targets.size()); i++) {
            if (waysBack <= 1 && i >= targets.size() - 1) {
                pass.spend();
            }
            for (Job job : jobs) {
                if (i < job.rounds()) {
                    rounds.get(job.method().id())
                            .add(round(job, i, new PassView(seen, job.sweeps())));
                }
            }
            if (i < targets.size()) {
                pass.forget(targets.get(i));
            }
        }
        rounds.forEach((method, all) -> found.put(method, together(method, all)));
    }

    /** One after the other with {@link Attribution#and} would copy the first a thousand times. */
    private static Attribution together(String method, List<Attribution> rounds) {
        Map<Attribution.Part, Values> parts = new LinkedHashMap<>();
        Map<String, String> notes = new LinkedHashMap<>();
        for (Attribution one : rounds) {
            parts.putAll(one.parts());
            notes.putAll(one.notes());
        }
        return new Attribution(method, parts, notes);
    }

    private Attribution round(Job job, int round, PassView view) {
        OnePassMethod method = (OnePassMethod) job.method();
        run.checkCancelled();
        Request request = job.request(round);
        Attribution attribution =
                checked(job, guard.call(job, () -> method.attribute(view, request)));
        run.explanation().progress.progress(method.id(), round + 1, job.rounds());
        return job.named(round, attribution);
    }

    /**
     * Run a method of many passes item by item, each with the class or box that the network sees in
     * the item as it is: what the method does to it must not change the question.
     */
    private void explain(ManyPassMethod method, Facts facts) {
        List<Attribution> itemsFound = new ArrayList<>();
        Appetite before = Appetite.now();
        for (int n = 0; n < items.count(); n++) {
            NDManager own = guard.opened(manager.newSubManager());
            try {
                itemsFound.add(item(method, facts, n, own));
            } finally {
                guard.free(own);
            }
        }
        Appetite.now()
                .since(before, run.explanation().appetite)
                .ifPresent(grown -> run.notice(kept(method, grown)));
        found.put(method.id(), Joining.attributions(itemsFound));
    }

    private static String kept(ManyPassMethod method, String grown) {
        return method.id()
                + ": while it ran, the process took "
                + grown
                + " that it did not give back; with many inputs memory may run out";
    }

    private Attribution item(ManyPassMethod method, Facts facts, int n, NDManager own) {
        NDList one = items.count() == 1 ? arrays : Inputs.slice(own, arrays, n, n + 1L);
        Layers at = run.model().layers(one);
        List<Target> fixed = new ArrayList<>();
        for (Target target : targets(at, new Targets.Items(items.first() + n, 1, items.total()))) {
            fixed.add(fixed(target, facts, n));
        }
        Job job = job(method, 1, at, fixed);
        Attribution whole = Attribution.of(method.id(), Map.of());
        for (int i = 0; i < job.rounds(); i++) {
            Request request = job.request(i);
            RunSession session = new RunSession(run, guard, own, one, request);
            Attribution found = guard.call(job, () -> method.attribute(session, request));
            whole = whole.and(job.named(i, checked(session.answered(job, found), found)));
        }
        return whole;
    }

    /** Return what a method found, if it is what was asked for. */
    private Attribution checked(Job job, Attribution given) {
        Attribution found = Found.checked(job, given);
        Found.notFinite(job, found).ifPresent(run::notice);
        return found;
    }

    private static Target fixed(Target target, Facts facts, int item) {
        long seen = -1;
        for (Scored one : facts.scored()) {
            if (one.target().equals(target.spelling()) && item < one.classes().size()) {
                seen = one.classes().get(item);
            }
        }
        return fixed(target, facts, item, seen);
    }

    private static Target fixed(Target target, Facts facts, int item, long seen) {
        if (target instanceof BoxTarget box) {
            return box.fixedAt(List.copyOf(facts.outputs().values()), item);
        }
        if (target instanceof ClassTarget predicted && predicted.chosen().isEmpty() && seen >= 0) {
            return predicted.fixed(seen);
        }
        if (target instanceof PluggedTarget plugged) {
            return plugged.with(fixed(plugged.target(), facts, item, seen));
        }
        if (target instanceof CombinedTarget combined) {
            return combined.with(part -> fixed(part, facts, item, seen));
        }
        return target;
    }

    /** Return the names of the classes: as the caller says, else as the model's translator does. */
    private List<String> labels() {
        List<String> said = run.explanation().labels;
        return said.isEmpty()
                ? LoadedModel.translator(run.model())
                        .map(own -> own.classes(layers.graph(), manager))
                        .orElse(said)
                : said;
    }

    private void findUnreachable(Pass pass) {
        for (AttributionMethod method : run.methods()) {
            Map<String, List<String>> byTarget = new LinkedHashMap<>();
            for (Layer layer : method.usesTarget() ? chosen(method) : List.<Layer>of()) {
                for (Target target : targets) {
                    if (!pass.reaches(target, layer)) {
                        byTarget.computeIfAbsent(target.spelling(), key -> new ArrayList<>())
                                .add(layer.name());
                    }
                }
            }
            unreachable.put(method.id(), byTarget);
        }
    }

    private List<Layer> chosen(AttributionMethod method) {
        List<Layer> known = chosen.get(method.id());
        return known == null ? job(method, items.count(), layers, targets).chosen() : known;
    }

    private Facts warned(Facts facts) {
        List<Warning> warnings = new ArrayList<>();
        found.forEach(
                (method, attribution) ->
                        warnings.addAll(
                                Emptiness.of(
                                        attribution,
                                        unreachable.get(method),
                                        run.explanation().score,
                                        items.count())));
        return new Facts(
                facts.items(),
                facts.outputs(),
                facts.classes(),
                facts.boxes(),
                facts.scored(),
                Emptiness.noted(found, warnings),
                warnings,
                facts.seen());
    }
}
