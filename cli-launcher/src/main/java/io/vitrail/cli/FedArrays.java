package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Axes;
import java.util.List;
import java.util.Optional;

/**
 * What a file of arrays feeds to a model.
 *
 * @param arrays one an input, in the model's order
 * @param channels the names of the channels of a series; empty where nobody says
 * @param words the words of the tokens of the only item; empty where nobody says
 * @param axes those of the only input, where the model's file says others than it takes
 */
record FedArrays(NDList arrays, List<String> channels, List<String> words, Optional<Axes> axes) {

    /** Create arrays without names. */
    static FedArrays of(NDList arrays) {
        return new FedArrays(arrays, List.of(), List.of(), Optional.empty());
    }
}
