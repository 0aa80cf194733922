package io.vitrail.method.gradcam;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Hold one map an item, outside native memory.
 *
 * @param data row-major
 * @param shape {@code (N, spatial...)}
 * @param wide whether the model computes in double
 */
record Maps(double[] data, long[] shape, boolean wide) {

    static Maps copyOf(NDArray maps) {
        Values values = Values.copyOf(maps, Axes.NONE);
        return new Maps(values.toDoubles(), values.shape(), values.isDouble());
    }

    static Maps zeros(long[] shape) {
        long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return new Maps(new double[Math.toIntExact(size)], shape, false);
    }

    Maps dividedBy(double divisor) {
        double[] quotients = new double[data.length];
        for (int i = 0; i < quotients.length; i++) {
            quotients[i] = data[i] / divisor;
        }
        return new Maps(quotients, shape, wide);
    }

    Maps relu() {
        double[] positive = new double[data.length];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = Math.max(data[i], 0);
        }
        return new Maps(positive, shape, wide);
    }

    /** Return these maps in another spatial size. */
    Maps resized(Resizing how, long[] size) {
        if (how == Resizing.NONE) {
            return this;
        }
        double[] resized = data;
        long[] sizes = shape.clone();
        for (int axis = 1; axis < sizes.length; axis++) {
            int outer = (int) product(sizes, 0, axis);
            int inner = (int) product(sizes, axis + 1, sizes.length);
            int to = Math.toIntExact(size[axis - 1]);
            resized = how.along(resized, outer, (int) sizes[axis], inner, to);
            sizes[axis] = to;
        }
        return new Maps(resized, sizes, wide);
    }

    /** Return {@code (x - min) / (1e-7 + max(x - min))}, item by item, as pytorch-grad-cam does. */
    Maps stretched() {
        double[] scaled = data.clone();
        int size = data.length / (int) shape[0];
        for (int from = 0; from < data.length; from += size) {
            double[] item = Arrays.copyOfRange(data, from, from + size);
            double min = Arrays.stream(item).min().orElse(0);
            double max = Arrays.stream(item).max().orElse(0) - min;
            for (int i = from; i < from + size; i++) {
                scaled[i] = (data[i] - min) / (1e-7 + max);
            }
        }
        return new Maps(scaled, shape, wide);
    }

    /** Return {@code x / max(x)}, item by item; an item without positive values stays as it is. */
    Maps dividedByMaximum() {
        double[] scaled = data.clone();
        int size = data.length / (int) shape[0];
        for (int from = 0; from < data.length; from += size) {
            double max = Arrays.stream(data, from, from + size).max().orElse(0);
            for (int i = from; i < from + size && max > 0; i++) {
                scaled[i] = data[i] / max;
            }
        }
        return new Maps(scaled, shape, wide);
    }

    Values values() {
        Axes axes = new Axes(IntStream.range(1, shape.length).boxed().toList(), -1);
        return wide ? Values.of(data, axes, shape) : Values.of(floats(), axes, shape);
    }

    float[] floats() {
        float[] floats = new float[data.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) data[i];
        }
        return floats;
    }

    private static long product(long[] sizes, int from, int to) {
        return Arrays.stream(sizes, from, to).reduce(1, (a, b) -> a * b);
    }
}
