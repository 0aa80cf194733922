package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Axes;
import java.util.Arrays;

/**
 * Hold the numbers of an array without native memory.
 *
 * <p>Immutable and equal by content. Elements are float, or double where the model computes in
 * double; half types are widened to float, integers to double. Row-major order.
 */
public final class Values {
    private final long[] shape;
    private final Axes axes;
    private final Object data; // float[] or double[]

    private Values(long[] shape, Axes axes, Object data) {
        this.shape = shape;
        this.axes = axes;
        this.data = data;
        long size = size(shape);
        int length = data instanceof float[] f ? f.length : ((double[]) data).length;
        if (size != length) {
            throw new IllegalArgumentException(
                    "shape "
                            + Arrays.toString(shape)
                            + " needs "
                            + size
                            + " elements, got "
                            + length);
        }
    }

    /** Create values from floats, which are copied. */
    public static Values of(float[] data, Axes axes, long... shape) {
        return new Values(shape.clone(), axes, data.clone());
    }

    /** Create values from doubles, which are copied. */
    public static Values of(double[] data, Axes axes, long... shape) {
        return new Values(shape.clone(), axes, data.clone());
    }

    /**
     * Copy an array out of native memory.
     *
     * @throws VitrailException if it has more than 2^31-1 elements
     */
    public static Values copyOf(NDArray array, Axes axes) {
        long[] shape = array.getShape().getShape().clone();
        if (array.size() > Integer.MAX_VALUE) {
            throw VitrailException.failure(
                    "an array of shape "
                            + array.getShape()
                            + " has more than 2^31-1 elements: select channels or a smaller batch");
        }
        return switch (array.getDataType()) {
            case FLOAT32 -> new Values(shape, axes, array.toFloatArray());
            case FLOAT64 -> new Values(shape, axes, array.toDoubleArray());
            case FLOAT16, BFLOAT16, UNKNOWN -> // DJL does not know bfloat16 when it sees it
                    widened(array, DataType.FLOAT32, shape, axes);
            default -> widened(array, DataType.FLOAT64, shape, axes);
        };
    }

    private static Values widened(NDArray array, DataType type, long[] shape, Axes axes) {
        try (NDArray wide = array.toType(type, true)) {
            return new Values(
                    shape,
                    axes,
                    type == DataType.FLOAT32 ? wide.toFloatArray() : wide.toDoubleArray());
        }
    }

    /** Return the sizes of the axes; a copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** Return which axes are space and channel. */
    public Axes axes() {
        return axes;
    }

    public boolean isDouble() {
        return data instanceof double[];
    }

    /** Return the number of elements. */
    public int size() {
        return isDouble() ? ((double[]) data).length : ((float[]) data).length;
    }

    /** Return one element, by its position in row-major order. */
    public double get(int position) {
        return data instanceof float[] f ? f[position] : ((double[]) data)[position];
    }

    /** Return the elements in row-major order as floats; a copy. */
    public float[] toFloats() {
        if (data instanceof float[] f) {
            return f.clone();
        }
        double[] from = (double[]) data;
        float[] to = new float[from.length];
        for (int i = 0; i < to.length; i++) {
            to[i] = (float) from[i];
        }
        return to;
    }

    /** Return the elements in row-major order as doubles; a copy. */
    public double[] toDoubles() {
        double[] to = new double[size()];
        for (int i = 0; i < to.length; i++) {
            to[i] = get(i);
        }
        return to;
    }

    /** Return item {@code n} of the batch, with a first axis of size 1. */
    public Values item(int n) {
        if (shape.length == 0 || n < 0 || n >= shape[0]) {
            throw new IndexOutOfBoundsException(
                    "no item " + n + " in an array of shape " + Arrays.toString(shape));
        }
        long[] one = shape.clone();
        one[0] = 1;
        int length = (int) size(one);
        int from = n * length;
        Object part =
                data instanceof float[] f
                        ? Arrays.copyOfRange(f, from, from + length)
                        : Arrays.copyOfRange((double[]) data, from, from + length);
        return new Values(one, axes, part);
    }

    /** Return whether every element is zero. */
    public boolean isZero() {
        for (int i = 0; i < size(); i++) {
            if (get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Return whether no element is NaN or infinite. */
    public boolean isFinite() {
        // a finite number less itself is zero, any other is not a number
        if (data instanceof float[] floats) {
            for (float one : floats) {
                if (one - one != 0) {
                    return false;
                }
            }
            return true;
        }
        for (double one : (double[]) data) {
            if (one - one != 0) {
                return false;
            }
        }
        return true;
    }

    private static long size(long[] shape) {
        long size = 1;
        for (long n : shape) {
            size = Math.multiplyExact(size, n);
        }
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Values that
                && Arrays.equals(shape, that.shape)
                && axes.equals(that.axes)
                && isDouble() == that.isDouble()
                && (data instanceof float[] f
                        ? Arrays.equals(f, (float[]) that.data)
                        : Arrays.equals((double[]) data, (double[]) that.data));
    }

    @Override
    public int hashCode() {
        int hash =
                data instanceof float[] f ? Arrays.hashCode(f) : Arrays.hashCode((double[]) data);
        return 31 * Arrays.hashCode(shape) + hash;
    }

    @Override
    public String toString() {
        return (isDouble() ? "double" : "float") + Arrays.toString(shape);
    }
}
