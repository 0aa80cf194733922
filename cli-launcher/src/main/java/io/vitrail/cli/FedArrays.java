package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * What a file of arrays feeds to a model.
 *
 * @param arrays one an input, in the model's order
 * @param channels the names of the channels of a series; empty where nobody says
 * @param words the words of the tokens of the only item; empty where nobody says
 */
record FedArrays(NDList arrays, List<String> channels, List<String> words) {

    /** Create arrays without names. */
    static FedArrays of(NDList arrays) {
        return new FedArrays(arrays, List.of(), List.of());
    }
}
