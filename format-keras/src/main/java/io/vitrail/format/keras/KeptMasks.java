package io.vitrail.format.keras;

import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Set;

/** Hand a mask on through layers that treat every step alike, as Keras does. */
final class KeptMasks {
    private static final Set<String> KEEPING =
            Set.of(
                    "Activation",
                    "ReLU",
                    "LeakyReLU",
                    "PReLU",
                    "ELU",
                    "ThresholdedReLU",
                    "Dense",
                    "Identity",
                    "Dropout",
                    "SpatialDropout1D",
                    "SpatialDropout2D",
                    "SpatialDropout3D",
                    "GaussianDropout",
                    "GaussianNoise",
                    "AlphaDropout",
                    "ActivityRegularization",
                    "BatchNormalization",
                    "SyncBatchNormalization",
                    "LayerNormalization",
                    "GroupNormalization",
                    "UnitNormalization");

    private KeptMasks() {}

    /** Read a layer; what it returns has the mask of what it is called with, if it keeps one. */
    static List<Value> read(KerasLayer reader, LayerBuilder layer) {
        List<Value> outputs = reader.read(layer);
        String name = layer.config().className();
        if (KEEPING.contains(name) && outputs.size() == 1 && !layer.inputs().isEmpty()) {
            layer.mask(outputs.get(0), layer.mask(layer.inputs().get(0)));
        }
        return outputs;
    }
}
