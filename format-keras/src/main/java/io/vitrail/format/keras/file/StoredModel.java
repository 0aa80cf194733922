package io.vitrail.format.keras.file;

import java.util.List;

/**
 * A model of a file; a Sequential is told as the chain of calls that it is.
 *
 * <p>Every tensor is known to exist: its layer is among the layers and has so many calls. Layers
 * stand in the file's order, which need not be one of execution.
 *
 * @param inputs outputs of its InputLayers, in the order in which it is called; a Sequential
 *     without an InputLayer is given one
 * @param outputs what it returns, in order
 * @param outputNames the keys of a dict of outputs, else the names of the layers that they are of,
 *     a second one of the same name with {@code #2}
 */
public record StoredModel(
        String name,
        String className,
        List<StoredLayer> layers,
        List<Tensor> inputs,
        List<Tensor> outputs,
        List<String> outputNames) {
    public StoredModel {
        layers = List.copyOf(layers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        outputNames = List.copyOf(outputNames);
    }
}
