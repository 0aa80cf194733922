package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
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
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * How pictures become the input of a model.
 *
 * @param spec with a size
 * @param input what the model takes
 */
record Preparation(Preprocessing spec, PictureInput input) {

    /**
     * Find out how, from what the caller says and from the model.
     *
     * @throws VitrailException if either does not say enough, or they contradict each other
     */
    static Preparation of(Model model, String preprocess) {
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
        return new Preparation(spec, input);
    }

    /** Read, prepare and put together some pictures. */
    Inputs.Chunk chunk(NDManager manager, List<Supplier<Picture>> pictures) {
        return joined(manager, pictures.stream().map(one -> prepared(one.get())).toList());
    }

    /** Prepare one picture. */
    Prepared prepared(Picture picture) {
        return spec.apply(picture, input.channelsLast());
    }

    /** Put pictures together that are prepared. */
    Inputs.Chunk joined(NDManager manager, List<Prepared> seen) {
        int each = spec.channels() * spec.height() * spec.width();
        FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(seen.size(), each));
        seen.forEach(one -> all.put(one.data()));
        Shape shape =
                input.channelsLast()
                        ? new Shape(seen.size(), spec.height(), spec.width(), spec.channels())
                        : new Shape(seen.size(), spec.channels(), spec.height(), spec.width());
        return new Inputs.Chunk(new NDList(typed(manager.create(all.array(), shape))), seen);
    }

    private NDArray typed(NDArray floats) {
        // bfloat16 is the engine's business: no library makes arrays of it
        return input.type() == DataType.FLOAT16 || input.type() == DataType.FLOAT64
                ? floats.toType(input.type(), false)
                : floats;
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
