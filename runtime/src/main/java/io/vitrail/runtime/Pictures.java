package io.vitrail.runtime;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pictures, read when their batch comes.
 *
 * @param pictures each reads one
 * @param given what the caller gave for each
 */
record Pictures(List<Supplier<Picture>> pictures, List<?> given) implements Inputs {
    static final int USUAL_BATCH = 16;

    Pictures {
        pictures = List.copyOf(pictures);
        given = List.copyOf(given);
    }

    /**
     * Take files.
     *
     * @throws VitrailException of kind {@code INPUT} if there is none, or one is missing
     */
    static Pictures files(List<Path> files) {
        if (files.isEmpty()) {
            throw VitrailException.input("no pictures: give at least one");
        }
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw VitrailException.input(
                        file + ": no such file\n  working folder: " + Path.of("").toAbsolutePath());
            }
        }
        return new Pictures(
                files.stream().<Supplier<Picture>>map(file -> () -> Picture.read(file)).toList(),
                files);
    }

    /** Take pictures that were read before. */
    static Pictures of(List<Picture> pictures) {
        return new Pictures(
                pictures.stream().<Supplier<Picture>>map(picture -> () -> picture).toList(),
                pictures);
    }

    /** Take a picture of DJL's. */
    static Pictures image(Image image) {
        return of(List.of(picture(image)));
    }

    static Picture picture(Image image) {
        if (!(image.getWrappedImage() instanceof BufferedImage pixels)) {
            throw VitrailException.input(
                    "picture: an image of "
                            + image.getWrappedImage().getClass().getName()
                            + " is not known; make it with DJL's BufferedImageFactory");
        }
        return Picture.of(pixels);
    }

    /** Return the same pictures for a translator; these remain for a spelled preprocessing. */
    Inputs translated(OwnTranslator translator, List<Path> files) {
        return new TranslatedPictures(
                translator,
                files.stream().<Supplier<Image>>map(file -> () -> read(file)).toList(),
                files,
                () -> this);
    }

    /** Take a picture of DJL's for a translator. */
    static Inputs translated(OwnTranslator translator, Image image) {
        return new TranslatedPictures(
                translator, List.of(() -> image), List.of(image), () -> image(image));
    }

    private static Image read(Path file) {
        try {
            return ImageFactory.getInstance().fromFile(file);
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.INPUT,
                    file + ": is not a picture that DJL reads: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public Feed feed(Model model, NDManager manager, String preprocess) {
        return new PictureFeed(pictures, Preparation.of(model, preprocess));
    }

    @Override
    public OneByOne oneByOne(NDManager manager, String preprocess) {
        return OneByOne.of(given.stream().map(input -> new Given(input, input)).iterator());
    }

    /** Pictures, read and prepared when their batch comes. */
    private static final class PictureFeed implements Feed {
        private final List<Supplier<Picture>> pictures;
        private final Preparation preparation;
        private int at;

        PictureFeed(List<Supplier<Picture>> pictures, Preparation preparation) {
            this.pictures = pictures;
            this.preparation = preparation;
        }

        @Override
        public int items() {
            return pictures.size();
        }

        @Override
        public int usualBatch() {
            return USUAL_BATCH;
        }

        @Override
        public String preprocess() {
            return preparation.spec().spelling();
        }

        @Override
        public Optional<Chunk> next(NDManager manager, int most) {
            int from = at;
            at = Math.min(items(), from + most);
            return from == at
                    ? Optional.empty()
                    : Optional.of(preparation.chunk(manager, pictures.subList(from, at)));
        }
    }
}
