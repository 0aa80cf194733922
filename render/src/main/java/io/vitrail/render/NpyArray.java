package io.vitrail.render;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;

/**
 * An array as NumPy stores it: its numbers and the type that they have in the file.
 *
 * <p>The type matters where the array is fed to a network: tokens stay {@code INT64}, halves {@code
 * FLOAT16}, although the numbers here are floats (of {@code FLOAT16} and {@code FLOAT32}) or
 * doubles (of all others), all of them exact.
 *
 * @param type the element type; not {@code BFLOAT16}, {@code COMPLEX64}, {@code STRING} or {@code
 *     UNKNOWN}
 * @param values shape and numbers; {@link Axes#channelsFirst} after reading
 */
public record NpyArray(DataType type, Values values) {

    /** Create an array of the type that its numbers have: {@code FLOAT32} or {@code FLOAT64}. */
    public static NpyArray of(Values values) {
        return new NpyArray(values.isDouble() ? DataType.FLOAT64 : DataType.FLOAT32, values);
    }

    /** Create an array of type {@code INT64}; magnitudes up to 2^53. */
    public static NpyArray of(long[] numbers, long... shape) {
        double[] values = new double[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers[i];
        }
        return new NpyArray(
                DataType.INT64, Values.of(values, Axes.channelsFirst(shape.length), shape));
    }

    /** Return the same array with other axes. */
    public NpyArray withAxes(Axes axes) {
        long[] shape = values.shape();
        return new NpyArray(
                type,
                values.isDouble()
                        ? Values.of(values.toDoubles(), axes, shape)
                        : Values.of(values.toFloats(), axes, shape));
    }
}
