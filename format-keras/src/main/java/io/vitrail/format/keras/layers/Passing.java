package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Set;

/** Layers that do nothing at inference, whatever {@code training} a file says. */
final class Passing implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of(
                "Dropout",
                "SpatialDropout1D",
                "SpatialDropout2D",
                "SpatialDropout3D",
                "GaussianDropout",
                "GaussianNoise",
                "AlphaDropout",
                "ActivityRegularization",
                "Identity",
                "StochasticDepth",
                "AugMix",
                "CutMix",
                "MixUp",
                "RandAugment",
                "RandomBrightness",
                "RandomColorDegeneration",
                "RandomColorJitter",
                "RandomContrast",
                "RandomElasticTransform",
                "RandomErasing",
                "RandomFlip",
                "RandomGaussianBlur",
                "RandomGrayscale",
                "RandomHeight",
                "RandomHue",
                "RandomInvert",
                "RandomPerspective",
                "RandomPosterization",
                "RandomRotation",
                "RandomSaturation",
                "RandomSharpness",
                "RandomShear",
                "RandomTranslation",
                "RandomWidth",
                "RandomZoom");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        return List.of(layer.add(new Operator.Identity(), layer.input()));
    }
}
