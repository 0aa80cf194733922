package io.vitrail.runtime;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Model;
import io.vitrail.picture.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Pictures that a DJL model's own translator makes inputs of, unless the caller says how.
 *
 * @param images each reads one
 * @param otherwise the same pictures for a preprocessing that the caller spells
 */
record TranslatedPictures(
        OwnTranslator translator, List<Supplier<Image>> images, Supplier<Pictures> otherwise)
        implements Inputs {
    private static final int USUAL_BATCH = 16;

    TranslatedPictures {
        images = List.copyOf(images);
    }

    @Override
    public Feed feed(Model model, NDManager manager, String preprocess) {
        return preprocess.isEmpty()
                ? new TranslatedFeed(model, translator, images)
                : otherwise.get().feed(model, manager, preprocess);
    }

    /** Pictures, translated batch by batch. */
    record TranslatedFeed(Model model, OwnTranslator translator, List<Supplier<Image>> images)
            implements Feed {
        @Override
        public int items() {
            return images.size();
        }

        @Override
        public int usualBatch() {
            return translator.batches() ? USUAL_BATCH : 1;
        }

        @Override
        public String preprocess() {
            return "";
        }

        @Override
        public NDList batch(NDManager manager, int from, int to, List<Prepared> seen) {
            List<Image> batch = new ArrayList<>();
            images.subList(from, to).forEach(image -> batch.add(image.get()));
            NDList inputs = translator.inputs(batch, manager);
            InputCheck.check(model, inputs);
            return inputs;
        }
    }
}
