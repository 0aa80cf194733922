package org.example.smoothgrad;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.Arrays;
import java.util.Random;

/**
 * Normal noise on copies of an input.
 *
 * @param size its standard deviation, in units of the input's range
 * @param manager owns the copies until they are closed
 */
record Noise(double size, Random random, NDManager manager) {

    /** Return noisy copies of one item, as a batch; whole numbers are copied as they are. */
    NDArray on(NDArray input, int copies) {
        double[] clean = Values.copyOf(input, Axes.NONE).toDoubles();
        double deviation = input.getDataType().isFloating() ? size * range(clean) : 0;
        double[] noisy = new double[copies * clean.length];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = clean[i % clean.length] + deviation * random.nextGaussian();
        }
        long[] shape = input.getShape().getShape().clone(); // it is the array's own
        shape[0] = copies;
        NDArray wide = manager.create(noisy, new Shape(shape));
        if (input.getDataType() == DataType.FLOAT64) {
            return wide; // an array of the same type would share its memory
        }
        try (wide) {
            return wide.toType(input.getDataType(), false);
        }
    }

    private static double range(double[] values) {
        return Arrays.stream(values).max().orElse(0) - Arrays.stream(values).min().orElse(0);
    }
}
