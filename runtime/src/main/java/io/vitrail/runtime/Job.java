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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * What one method has to do for a batch.
 *
 * @param chosen the layers that it explains at
 * @param targets the scores that it explains, one round each
 * @param probe what its pass must keep
 * @param sweeps the names of its sweeps in a shared pass, by its own
 */
record Job(
        AttributionMethod method,
        Layers layers,
        List<Layer> chosen,
        List<Target> targets,
        Map<String, Object> options,
        Probe probe,
        Map<String, String> sweeps) {

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

    Job seeing(Probe wanted, Map<String, String> names) {
        return new Job(method, layers, chosen, targets, options, wanted, names);
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
        if (!found.method().equals(method.id()) || found.parts().isEmpty()) {
            throw VitrailException.failure(
                    "method '"
                            + method.id()
                            + "' returned "
                            + found.parts().size()
                            + " maps in the name of '"
                            + found.method()
                            + "': a defect of "
                            + method.getClass().getName());
        }
        return found.forTarget(target(round).spelling());
    }

    /** Call the method; what it throws of its own becomes a failure that names it. */
    <T> T call(Supplier<T> work) {
        return call(method, layers.model(), work);
    }

    /** Call a method; what it throws of its own becomes a failure that names it. */
    static <T> T call(AttributionMethod method, String model, Supplier<T> work) {
        try {
            return work.get();
        } catch (VitrailException | CancellationException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new VitrailException(
                    VitrailException.Kind.FAILURE,
                    "method '" + method.id() + "' failed on " + model + ": " + e,
                    e);
        }
    }
}
