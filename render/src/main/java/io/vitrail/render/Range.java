package io.vitrail.render;

import java.util.Arrays;

/**
 * What counts as full strength when numbers become colours.
 *
 * <p>Robust: the 99th percentile, so that single outliers do not darken the rest. Zeros do not
 * count, or a sparse map would be all saturated.
 *
 * @param limit the magnitude of full strength; 0 for a map of zeros
 * @param signed whether both signs are shown
 */
record Range(double limit, boolean signed) {
    private static final double PERCENTILE = 0.99;

    /** Return the range of the positive values. */
    static Range positive(float[] values) {
        float[] some = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (value > 0) {
                some[count++] = value;
            }
        }
        return new Range(percentile(Arrays.copyOf(some, count)), false);
    }

    /** Return the range of the magnitudes, the same on both sides of 0. */
    static Range symmetric(float[] values) {
        float[] sizes = new float[values.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.abs(values[i]);
        }
        return new Range(positive(sizes).limit, true);
    }

    /** Return the range that suits the signs of the values. */
    static Range of(float[] values) {
        for (float value : values) {
            if (value < 0) {
                return symmetric(values);
            }
        }
        return positive(values);
    }

    boolean isEmpty() {
        return limit == 0;
    }

    /** Return the strength of a value, -1 to 1. */
    double strength(double value) {
        return limit == 0 ? 0 : Math.min(Math.max(value / limit, signed ? -1 : 0), 1);
    }

    /** Between the neighbours in rank, as NumPy interpolates. */
    private static double percentile(float[] values) {
        if (values.length == 0) {
            return 0;
        }
        Arrays.sort(values);
        double rank = PERCENTILE * (values.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, values.length - 1);
        return values[below] + (rank - below) * ((double) values[above] - values[below]);
    }
}
