package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.internal.Fitted;
import io.vitrail.runtime.plugin.internal.Thrown;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What one method has to do for a batch.
 *
 * @param items the size of the batch
 * @param chosen the layers that it explains at
 * @param targets the scores that it explains, one round each
 * @param probe what its pass must keep
 * @param sweeps the names of its sweeps in a shared pass, by its own
 */
record Job(
        AttributionMethod method,
        int items,
        Layers layers,
        List<Layer> chosen,
        List<Target> targets,
        Map<String, Object> options,
        Probe probe,
        Map<String, String> sweeps,
        BooleanSupplier cancelled) {

    /** Stands where a method explains no score. */
    private static final Target NONE =
            new Target() {
                @Override
                public NDArray score(NDList values) {
                    throw VitrailException.failure(
                            "a method that says it uses no target asked for its score");
                }

                @Override
                public String spelling() {
                    return "";
                }
            };

    Job at(List<Layer> layersToExplain) {
        return new Job(
                method, items, layers, layersToExplain, targets, options, probe, sweeps, cancelled);
    }

    Job seeing(Probe wanted, Map<String, String> names) {
        return new Job(method, items, layers, chosen, targets, options, wanted, names, cancelled);
    }

    /** Return how often the method attributes: once a target, or once if it uses none. */
    int rounds() {
        return method.usesTarget() ? targets.size() : 1;
    }

    private Target target(int round) {
        return method.usesTarget() ? targets.get(round) : NONE;
    }

    Request request(int round) {
        return new Request(method.id(), layers, chosen, target(round), options);
    }

    /** Return what a round found, its parts named for the round's target. */
    Attribution named(int round, Attribution found) {
        return found.forTarget(target(round).spelling());
    }

    /** Return who it is, for messages: the method, and the plugin that it comes from. */
    String who() {
        return "method '"
                + method.id()
                + "'"
                + Fitted.originOf(method)
                        .map(from -> " of plugin '" + from.plugin() + "' (" + from.source() + ")")
                        .orElse("");
    }

    /**
     * Return what the method's code returns; whatever it throws becomes a failure that names it.
     *
     * <p>What it says in the words of Vitrail's own errors stands as it is said, unless it blames
     * the model or the inputs, which were sound before the method had them.
     */
    <T> T contained(Supplier<T> work) {
        try {
            return work.get();
        } catch (VitrailException e) {
            throw switch (e.kind()) {
                case USAGE, FAILURE -> signed(e);
                case MODEL, INPUT -> failure(String.valueOf(e.getMessage()), e);
            };
        } catch (CancellationException e) {
            throw cancelled.getAsBoolean() ? e : failure(Thrown.said(e), e);
        } catch (Throwable e) { // a stranger's code throws anything, of other languages too
            throw failure(
                    e instanceof StackOverflowError
                            ? "it calls itself without end"
                            : Thrown.said(e),
                    e);
        }
    }

    /** What a plugin says in words of its own says who speaks. */
    private VitrailException signed(VitrailException e) {
        return Fitted.originOf(method)
                .filter(from -> !String.valueOf(e.getMessage()).contains(from.plugin()))
                .map(
                        from ->
                                new VitrailException(
                                        e.kind(), e.getMessage() + "\n  in:  " + who(), e))
                .orElse(e);
    }

    private VitrailException failure(String why, Throwable cause) {
        return new VitrailException(
                VitrailException.Kind.FAILURE,
                who() + " failed on " + layers.model() + ": " + why,
                cause);
    }
}
