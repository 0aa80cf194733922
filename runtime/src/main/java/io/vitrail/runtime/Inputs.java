package io.vitrail.runtime;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Values;
import java.nio.file.Path;
import java.util.List;

/** What is to be explained, before the model has seen it. */
record Inputs(Object what) {
    static Inputs files(List<Path> pictures) {
        return new Inputs(pictures);
    }

    static Inputs image(Image image) {
        return new Inputs(image);
    }

    static Inputs arrays(NDList arrays) {
        return new Inputs(arrays);
    }

    static Inputs values(List<Values> values) {
        return new Inputs(values);
    }

    static Inputs floats(float[] data, long... shape) {
        return new Inputs(List.of(data, shape));
    }
}
