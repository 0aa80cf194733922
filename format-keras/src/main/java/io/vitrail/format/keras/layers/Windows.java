package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What layers that move a window over space have in common: sizes, steps, padding. */
final class Windows {
    /** Zeros, or places that count for nothing, around each spatial axis. */
    record Padding(List<Long> before, List<Long> after) {}

    private Windows() {}

    /** Return the number of spatial axes that a class says at its end: {@code Conv2D}. */
    static int spatialAxes(LayerBuilder layer) {
        String name = layer.config().className().replaceAll("\\D", "");
        return Integer.parseInt(name);
    }

    /** Return the spatial sizes of an array of so many spatial axes. */
    static List<Long> sizes(LayerBuilder layer, Value x, int axes) {
        Shape shape = layer.shape(x);
        if (shape.dimension() != axes + 2) {
            throw layer.refusal(
                    "reads " + shape + ", where it takes " + axes + " axes of space",
                    "save the model again");
        }
        int first = layer.layout() == Layout.CHANNELS_FIRST ? 2 : 1;
        return IntStream.range(first, first + axes).mapToObj(shape::get).toList();
    }

    /** Return the number of channels of an array. */
    static long channels(LayerBuilder layer, Value x) {
        Shape shape = layer.shape(x);
        return shape.get(layer.layout().channel(shape.dimension()));
    }

    /** Return a number for each spatial axis, from 1; one in the file stands for all. */
    static List<Long> each(LayerBuilder layer, String key, int axes, List<Long> otherwise) {
        List<Long> given = layer.config().integers(key, otherwise);
        List<Long> numbers = given.size() == 1 ? Collections.nCopies(axes, given.get(0)) : given;
        if (numbers.size() != axes
                || numbers.stream().anyMatch(n -> n < 1 || n > Integer.MAX_VALUE)) {
            throw layer.refusal(
                    "has " + key + " " + given + " for " + axes + " axes",
                    "one number from 1 for each axis is known");
        }
        return numbers;
    }

    /**
     * Return the padding of a mode, as TensorFlow computes it: {@code same} makes the output {@code
     * ceil(n / stride)} long, and what is odd goes behind.
     */
    static Padding padding(
            LayerBuilder layer,
            List<Long> sizes,
            List<Long> kernel,
            List<Long> strides,
            List<Long> dilations) {
        String mode = layer.config().string("padding", "valid");
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            long extent = extent(kernel.get(i), dilations.get(i));
            long stride = strides.get(i);
            long total =
                    switch (mode) {
                        case "valid" -> 0;
                        case "same" -> {
                            long steps = (sizes.get(i) + stride - 1) / stride;
                            yield Math.max((steps - 1) * stride + extent - sizes.get(i), 0);
                        }
                        case "causal" -> extent - 1;
                        default ->
                                throw layer.refusal(
                                        "has padding '" + mode + "'",
                                        "valid, same and causal are known");
                    };
            before.add(mode.equals("causal") ? total : total / 2);
            after.add(total - before.get(i));
        }
        return new Padding(before, after);
    }

    /** Return how many positions a spread kernel covers. */
    static long extent(long kernel, long dilation) {
        return (kernel - 1) * dilation + 1;
    }
}
