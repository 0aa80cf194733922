package io.vitrail.format.keras.layers;

import io.vitrail.format.keras.KerasLayer;
import java.util.List;

/** The readers of Keras's own layers. */
public final class OwnLayers {
    /** Each class of layer is read by one of them. */
    public static final List<KerasLayer> ALL =
            List.of(
                    new Convolutions(),
                    new TransposedConvolutions(),
                    new DepthwiseConvolutions(),
                    new Dense(),
                    new Pooling(),
                    new GlobalPooling(),
                    new ActivationLayers(),
                    new Normalising(),
                    new Merging(),
                    new DotProduct(),
                    new Shaping(),
                    new Bordering(),
                    new Passing(),
                    new Rescalings(),
                    new Resizing(),
                    new Applications(),
                    new Operations(),
                    new Embeddings(),
                    new HeadAttention(),
                    new GroupedAttention(),
                    new DotAttention(),
                    new Recurrent(),
                    new Cells(),
                    new StackedCells(),
                    new BothDirections(),
                    new EachStep(),
                    new Wrapped(),
                    new EinsteinDense());

    private OwnLayers() {}
}
