package io.vitrail.runtime;

import io.vitrail.api.Layer;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import java.util.HashSet;
import java.util.Set;

/** Ask a method what its pass must keep, and see that a pass can: several methods share it. */
final class Asking {
    private Asking() {}

    /**
     * Return the probe of a method.
     *
     * @throws VitrailException of kind {@code FAILURE} if there is none, or it names a layer that
     *     the network does not have
     */
    static Probe of(Job job, OnePassMethod method) {
        Probe probe = method.probe(job.request(0));
        if (probe == null) {
            throw VitrailException.failure(job.who() + " returned no probe: a defect of it");
        }
        Set<Layer> named = new HashSet<>(probe.outputs());
        named.addAll(probe.inputs());
        named.addAll(probe.replacements().keySet());
        for (Probe.Sweep sweep : probe.sweeps().values()) {
            named.addAll(sweep.layers());
            // one that throws does so here, where it is known whose it is
            sweep.rules().forEach(placed -> job.layers().forEach(placed.where()::test));
        }
        named.forEach(layer -> check(job, layer));
        return probe;
    }

    private static void check(Job job, Layer layer) {
        try {
            job.layers().get(layer.name());
        } catch (VitrailException e) {
            throw new VitrailException(
                    VitrailException.Kind.FAILURE,
                    job.who()
                            + " asked for layer '"
                            + layer.name()
                            + "', which "
                            + job.layers().model()
                            + " does not have: a defect of it",
                    e);
        }
    }
}
