package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Value;
import java.util.HashMap;
import java.util.Map;

/** What stands for values in the forward pass: the functions of one probe. */
public final class Replacements {
    private final Probe probe;
    private final Map<Value, Layer> replaced = new HashMap<>();

    Replacements(Probe probe, Layers layers) {
        this.probe = probe;
        probe.replacements()
                .keySet()
                .forEach(layer -> replaced.put(layers.get(layer.name()).value(), layer));
    }

    /** Return nothing that stands for anything. */
    public static Replacements none(Layers layers) {
        return new Replacements(Probe.outputsOnly(), layers);
    }

    /**
     * Return what stands for a value.
     *
     * @throws VitrailException if its shape or type is another
     */
    public NDArray of(Value value, NDArray original) {
        Layer layer = java.util.Objects.requireNonNull(replaced.get(value));
        NDArray put = probe.replacements().get(layer).apply(original);
        if (!put.getShape().equals(original.getShape())
                || put.getDataType() != original.getDataType()) {
            throw VitrailException.failure(
                    "the replacement at layer '"
                            + layer.name()
                            + "' is "
                            + put.getShape()
                            + " "
                            + put.getDataType()
                            + ", it must be "
                            + original.getShape()
                            + " "
                            + original.getDataType());
        }
        return put;
    }
}
