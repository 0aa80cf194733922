package io.vitrail.runtime;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Model;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Pictures that a DJL model's own translator makes inputs of, unless the caller says how.
 *
 * @param images each reads one
 * @param given what the caller gave for each
 * @param otherwise the same pictures for a preprocessing that the caller spells
 */
record TranslatedPictures(
        OwnTranslator translator,
        List<Supplier<Image>> images,
        List<?> given,
        Supplier<Pictures> otherwise)
        implements Inputs {
    private static final int USUAL_BATCH = 16;

    TranslatedPictures {
        images = List.copyOf(images);
        given = List.copyOf(given);
    }

    @Override
    public Feed feed(Model model, NDManager manager, String preprocess) {
        return preprocess.isEmpty()
                ? new TranslatedFeed(model, translator, images)
                : otherwise.get().feed(model, manager, preprocess);
    }

    /** A translator may not be used by two threads: each picture is read when it is translated. */
    @Override
    public OneByOne oneByOne(NDManager manager, String preprocess) {
        if (!preprocess.isEmpty()) {
            return otherwise.get().oneByOne(manager, preprocess);
        }
        return OneByOne.of(
                IntStream.range(0, images.size())
                        .mapToObj(n -> new Given(given.get(n), translated(images.get(n))))
                        .iterator());
    }

    private Function<NDManager, NDList> translated(Supplier<Image> image) {
        return manager -> translator.inputs(List.of(image.get()), manager);
    }

    /** Pictures, read and translated when their batch comes. */
    private static final class TranslatedFeed implements Feed {
        private final Model model;
        private final OwnTranslator translator;
        private final List<Supplier<Image>> images;
        private int at;

        TranslatedFeed(Model model, OwnTranslator translator, List<Supplier<Image>> images) {
            this.model = model;
            this.translator = translator;
            this.images = images;
        }

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
        public Optional<Chunk> next(NDManager manager, int most) {
            int from = at;
            at = Math.min(items(), from + most);
            if (from == at) {
                return Optional.empty();
            }
            List<Image> batch = images.subList(from, at).stream().map(Supplier::get).toList();
            NDList inputs = translator.inputs(batch, manager);
            InputCheck.check(model, inputs);
            return Optional.of(new Chunk(inputs, List.of()));
        }
    }
}
