package io.vitrail.format.keras.file;

/**
 * Point to an output of a layer inside of the same model.
 *
 * @param layer the layer's name
 * @param call which call of that layer, from 0
 * @param index which output of that call, from 0
 */
public record Tensor(String layer, int call, int index) {}
