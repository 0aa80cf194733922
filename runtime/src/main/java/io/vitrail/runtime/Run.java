package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.picture.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** One run of an explanation: batch after batch. */
final class Run {
    private final Explanation explanation;
    private final List<AttributionMethod> methods;
    private final Map<String, Map<String, Object>> options;
    private final Map<String, List<String>> layers = new LinkedHashMap<>();
    private final Set<String> notices = new LinkedHashSet<>();
    private int forwardPasses;

    Run(Explanation explanation, List<String> ids) {
        this.explanation = explanation;
        this.methods = ids.stream().map(explanation.panes::method).toList();
        this.options = OptionSettings.of(methods, explanation.options);
    }

    Explained all() {
        long start = System.nanoTime();
        checkCancelled();
        List<Facts> batches = new ArrayList<>();
        String preprocess;
        try (NDManager manager = model().newManager()) {
            Inputs.Feed feed = explanation.inputs.feed(model(), manager, explanation.preprocess);
            preprocess = feed.preprocess();
            int size = explanation.batch > 0 ? explanation.batch : feed.usualBatch();
            for (int from = 0; from < feed.items(); from += size) {
                int to = Math.min(feed.items(), from + size);
                batches.add(batch(feed, from, to));
                explanation.progress.progress("forward", to, feed.items());
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Explained(
                batches,
                new Explained.Circumstances(
                        explanation.score,
                        options,
                        layers,
                        seconds,
                        forwardPasses,
                        explanation.seed,
                        preprocess,
                        List.copyOf(notices)));
    }

    private Facts batch(Inputs.Feed feed, int from, int to) {
        try (NDManager manager = model().newManager()) {
            List<Prepared> seen = new ArrayList<>();
            NDList arrays = feed.batch(manager, from, to, seen);
            Targets.Items items = new Targets.Items(from, to - from, feed.items());
            return new BatchRun(this, manager, arrays, items).facts(seen);
        }
    }

    Explanation explanation() {
        return explanation;
    }

    Model model() {
        return explanation.model;
    }

    List<AttributionMethod> methods() {
        return methods;
    }

    Map<String, Object> options(AttributionMethod method) {
        return options.get(method.id());
    }

    /** Remember the layers that a method explains at. */
    void chose(AttributionMethod method, List<Layer> chosen) {
        layers.put(method.id(), chosen.stream().map(Layer::name).toList());
    }

    /** Remember what the caller should hear of, once however often it happens. */
    void notice(String text) {
        notices.add(text);
    }

    /** Run the network once. */
    Pass forward(Probe probe, NDList inputs) {
        checkCancelled();
        forwardPasses++;
        return model().run(probe, inputs);
    }

    void checkCancelled() {
        if (explanation.cancelled.getAsBoolean()) {
            throw new CancellationException("the caller gave up");
        }
    }

    /** Return the number of items of a batch: the first axis of its first array. */
    static int items(NDList arrays) {
        NDArray first = arrays.head();
        return Math.toIntExact(first.getShape().get(0));
    }
}
