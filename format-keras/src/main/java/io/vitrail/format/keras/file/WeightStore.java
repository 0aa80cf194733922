package io.vitrail.format.keras.file;

import io.vitrail.format.keras.LayerWeights;

/** The weights of the layers of one model, asked for in the order of its configuration. */
interface WeightStore {
    /** Return the weights of a layer; each is asked for once. */
    Part of(JsonConfig layer);

    /** A layer's weights; where it is a model, its layers have them. */
    interface Part extends LayerWeights {
        @Override
        Part child(String name, String attribute);

        /** Return the store of the model that this layer is. */
        WeightStore inner();
    }
}
