package io.vitrail.api;

import io.vitrail.api.graph.Value;

/** Say what a {@link Target} reads to compute its scores. */
public sealed interface Source {

    /** An output of the network, by its position. */
    record Output(int index) implements Source {}

    /** Any value of the graph: a layer's output, or the logits in front of a final softmax. */
    record At(Value value) implements Source {}

    /** Return the source that reads a layer's output. */
    static Source of(Layer layer) {
        return new At(layer.value());
    }
}
