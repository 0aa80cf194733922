package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.MethodCall;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One run of an explanation: batch after batch. */
final class Run {
    private final Explanation explanation;
    private final List<AttributionMethod> methods;
    private final Map<String, Map<String, Object>> options;
    private final Map<String, List<String>> layers = new LinkedHashMap<>();
    private final Set<String> notices = new LinkedHashSet<>();
    private final Set<String> forms = new LinkedHashSet<>();
    private int forwardPasses;

    Run(Explanation explanation, List<String> ids) {
        this.explanation = explanation;
        this.methods = ids.stream().map(explanation.panes::method).toList();
        this.options = OptionSettings.of(methods, explanation.options);
        methods.forEach(this::checkCalls);
    }

    /** Refuse, before anything runs, to call a method that is not there, or the caller itself. */
    private void checkCalls(AttributionMethod method) {
        options.get(method.id())
                .forEach(
                        (key, value) -> {
                            if (!(value instanceof MethodCall call)) {
                                return;
                            }
                            AttributionMethod other = explanation.panes.method(call.id());
                            if (other.id().equals(method.id())) {
                                throw VitrailException.usage(
                                        "option '"
                                                + method.id()
                                                + "."
                                                + key
                                                + "': "
                                                + method.id()
                                                + " cannot call itself\n  do:  name another method");
                            }
                            OptionSettings.of(other, call);
                        });
    }

    /** Run to the end and keep everything. */
    Explained all() {
        long start = System.nanoTime();
        List<Facts> facts = new ArrayList<>();
        String preprocess;
        try (Batches batches = new Batches(this)) {
            for (Optional<Facts> next = batches.next(); next.isPresent(); next = batches.next()) {
                facts.add(next.get());
            }
            preprocess = batches.preprocess();
        }
        if (facts.isEmpty()) {
            throw VitrailException.input("no inputs: give at least one");
        }
        return new Explained(facts, circumstances(start, 0, preprocess));
    }

    /** Run batch by batch, when its first item is asked for. */
    Stream<Explained> stream() {
        ItemByItem items = new ItemByItem(this);
        return StreamSupport.stream(items, false).onClose(items::close);
    }

    /** Run while inputs are read and outcomes worked on. */
    <R> Stream<R> outcomes(Function<? super Outcome, ? extends R> work) {
        Streaming<R> results = new Streaming<>(this, work);
        return StreamSupport.stream(results, false).onClose(results::close);
    }

    /** Return what holds for all that ran since a time and a number of passes. */
    Explained.Circumstances circumstances(long start, int passes, String preprocess) {
        return new Explained.Circumstances(
                explanation.score,
                options,
                new LinkedHashMap<>(layers),
                (System.nanoTime() - start) / 1e9,
                forwardPasses - passes,
                List.copyOf(forms),
                explanation.seed,
                preprocess,
                List.copyOf(notices));
    }

    /** Return how often the network ran forward until now. */
    int forwardPasses() {
        return forwardPasses;
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

    /** Return the layers that a method explains at, of these. */
    List<Layer> layersFor(AttributionMethod method, Layers of) {
        String usual = Vitrail.sidecar(model()).layer();
        return ChosenLayers.of(method, of, explanation.layers, usual, this::notice);
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
        Pass pass = model().run(probe, inputs);
        forms.add(pass.form());
        return pass;
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
