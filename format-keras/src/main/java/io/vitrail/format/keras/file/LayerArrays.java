package io.vitrail.format.keras.file;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.LayerConfig;
import io.vitrail.format.keras.StoredArray;
import java.util.Collection;
import java.util.stream.Collectors;

/** What both ways to find a weight have in common: how they refuse. */
final class LayerArrays {
    private LayerArrays() {}

    static StoredArray checked(
            LayerConfig layer, String weight, StoredArray array, Shape expected) {
        if (!array.shape().equals(expected)) {
            throw layer.refusal(
                    "has the weight "
                            + weight
                            + " of shape "
                            + array.shape()
                            + ", its configuration demands "
                            + expected
                            + "\n  weight: "
                            + array.place(),
                    Refusal.SAVE_AGAIN);
        }
        return array;
    }

    static VitrailException missing(
            LayerConfig layer, String weight, Collection<StoredArray> present) {
        return layer.refusal(
                "lacks the weight "
                        + weight
                        + "\n  there:  "
                        + (present.isEmpty()
                                ? "no weights of this layer"
                                : present.stream()
                                        .limit(20)
                                        .map(array -> array.place() + " " + array.shape())
                                        .collect(Collectors.joining(", "))),
                Refusal.SAVE_AGAIN);
    }
}
