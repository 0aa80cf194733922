package io.vitrail.format.keras;

import ai.djl.ndarray.types.Shape;

/**
 * Find the weights of one layer.
 *
 * <p>An {@code .h5} file has names for them, a {@code .keras} file numbers alone; so each weight is
 * asked for by both.
 */
public interface LayerWeights {
    /**
     * Return a weight.
     *
     * @param name its name in an {@code .h5}, bare: {@code kernel}, {@code gamma}, {@code
     *     moving_mean}
     * @param index its number in a {@code .keras}, from 0, in the order in which the layer makes
     *     its weights
     * @param expected the shape that the layer's configuration demands
     * @throws io.vitrail.api.VitrailException of kind {@code MODEL} if it is missing or has another
     *     shape, with file, layer, weight and both shapes
     */
    StoredArray get(String name, int index, Shape expected);

    /** Return whether {@link #get} would find such a weight, whatever its shape. */
    boolean has(String name, int index);

    /**
     * Return the weights of a part of a wrapper, attention or recurrent layer.
     *
     * @param name the folder in an {@code .h5}: {@code lstm_cell}, {@code query}; where the file
     *     has none of that name, the part's weights are searched among all of the layer's
     * @param attribute the folder in a {@code .keras}: {@code cell}, {@code query_dense}
     */
    LayerWeights child(String name, String attribute);

    /** Return whether there is a folder that {@link #child} would go into. */
    boolean hasChild(String name, String attribute);
}
