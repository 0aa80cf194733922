package io.vitrail.runtime;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.picture.Picture;
import io.vitrail.picture.Prepared;
import io.vitrail.picture.Preprocessing;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Pictures, read when their batch comes.
 *
 * @param pictures each reads one
 */
record Pictures(List<Supplier<Picture>> pictures) implements Inputs {
    private static final int USUAL_BATCH = 16;

    Pictures {
        pictures = List.copyOf(pictures);
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
                files.stream().<Supplier<Picture>>map(file -> () -> Picture.read(file)).toList());
    }

    /** Take pictures that were read before. */
    static Pictures of(List<Picture> pictures) {
        return new Pictures(
                pictures.stream().<Supplier<Picture>>map(picture -> () -> picture).toList());
    }

    /** Take a picture of DJL's. */
    static Pictures image(Image image) {
        if (!(image.getWrappedImage() instanceof BufferedImage pixels)) {
            throw VitrailException.input(
                    "picture: an image of "
                            + image.getWrappedImage().getClass().getName()
                            + " is not known; make it with DJL's BufferedImageFactory");
        }
        return of(List.of(Picture.of(pixels)));
    }

    /** Return the same pictures for a translator; these remain for a spelled preprocessing. */
    Inputs translated(OwnTranslator translator, List<Path> files) {
        return new TranslatedPictures(
                translator,
                files.stream().<Supplier<Image>>map(file -> () -> read(file)).toList(),
                () -> this);
    }

    /** Take a picture of DJL's for a translator. */
    static Inputs translated(OwnTranslator translator, Image image) {
        return new TranslatedPictures(translator, List.of(() -> image), () -> image(image));
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
        if (preprocess.isEmpty()) {
            throw VitrailException.usage(
                    model.name()
                            + ": how do pictures become its inputs? Say it with --preprocess SPEC"
                            + " or in "
                            + model.name()
                            + ".vitrail.json\n"
                            + Preprocessing.presets());
        }
        List<Graph.Port> ports = model.inputs();
        if (ports.size() > 1) {
            throw VitrailException.input(
                    model.name()
                            + ": has "
                            + ports.size()
                            + " inputs, a picture is one; feed arrays\n  expected: "
                            + InputCheck.expected(model));
        }
        PictureInput input = PictureInput.of(model);
        Preprocessing spec = Preprocessing.parse(preprocess);
        if (!spec.hasSize()) {
            if (input.width() < 1) {
                throw VitrailException.usage(
                        model.name()
                                + ": its file does not say the size of its input; add size=224, or"
                                + " whatever it was trained with, to '"
                                + preprocess
                                + "'");
            }
            spec = spec.withDefaultSize(input.width(), input.height());
        }
        if (input.channels() > 0 && input.channels() != spec.channels()) {
            throw VitrailException.usage(
                    model.name()
                            + ": takes "
                            + input.channels()
                            + (input.channels() == 1 ? " channel" : " channels")
                            + ", '"
                            + spec.spelling()
                            + "' gives "
                            + spec.channels()
                            + (input.channels() == 1
                                    ? "\n  do: add grey"
                                    : "\n  do: leave grey out"));
        }
        return new PictureFeed(pictures, spec, input);
    }

    /** Pictures, prepared one after the other. */
    record PictureFeed(List<Supplier<Picture>> pictures, Preprocessing spec, PictureInput input)
            implements Feed {
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
            return spec.spelling();
        }

        @Override
        public NDList batch(NDManager manager, int from, int to, List<Prepared> seen) {
            int count = to - from;
            int each = spec.channels() * spec.height() * spec.width();
            FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(count, each));
            for (int i = from; i < to; i++) {
                Prepared one = spec.apply(pictures.get(i).get(), input.channelsLast());
                all.put(one.data());
                seen.add(one);
            }
            Shape shape =
                    input.channelsLast()
                            ? new Shape(count, spec.height(), spec.width(), spec.channels())
                            : new Shape(count, spec.channels(), spec.height(), spec.width());
            return new NDList(typed(manager.create(all.array(), shape)));
        }

        private ai.djl.ndarray.NDArray typed(ai.djl.ndarray.NDArray floats) {
            // bfloat16 is the engine's business: no library makes arrays of it
            return input.type() == DataType.FLOAT16 || input.type() == DataType.FLOAT64
                    ? floats.toType(input.type(), false)
                    : floats;
        }
    }

    /**
     * What a model says of the picture that it takes.
     *
     * @param width 0 where it does not say
     * @param channels 0 where it does not say
     */
    record PictureInput(int width, int height, int channels, boolean channelsLast, DataType type) {
        static PictureInput of(Model model) {
            ArrayType type = model.inputs().isEmpty() ? null : model.inputs().get(0).type();
            boolean last = type != null && type.axes().channel() == 3;
            List<Long> stated = Vitrail.sidecar(model).shape();
            if (stated.size() != 4 && type != null) {
                stated = java.util.Arrays.stream(type.shape().getShape()).boxed().toList();
            }
            DataType kind = type == null ? DataType.FLOAT32 : type.type();
            if (stated.size() != 4) {
                return new PictureInput(0, 0, 0, last, kind);
            }
            int row = last ? 1 : 2;
            return new PictureInput(
                    size(stated.get(row + 1)),
                    size(stated.get(row)),
                    size(stated.get(last ? 3 : 1)),
                    last,
                    kind);
        }

        private static int size(long stated) {
            return stated > 0 && stated < Short.MAX_VALUE ? (int) stated : 0;
        }
    }
}
