package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.util.Arrays;

/**
 * The channels of one item along its only axis: of time, or of tokens.
 *
 * <p>What is not finite is 0 here.
 */
record Steps(float[][] channels) {

    /** Return whether one item is a row of steps: one axis of space, or none and two axes. */
    static boolean fit(Values item) {
        int space = item.axes().spatial().size();
        boolean row = space == 0 && item.shape().length == 2 && item.shape()[0] == 1;
        return item.size() > 0 && (row || space == 1 && Planes.isOne(item));
    }

    /**
     * Take one item apart: {@code (1, T, C)}, {@code (1, C, T)} or {@code (1, T)}.
     *
     * @param what what it is, for the message
     * @throws VitrailException of kind usage if it is something else
     */
    static Steps of(Values item, String what) {
        if (!fit(item)) {
            throw VitrailException.usage(
                    what
                            + " of shape "
                            + Arrays.toString(item.shape())
                            + " is no row of steps\n  do:  take one item, (1, steps, channels),"
                            + " and say which axis has the steps");
        }
        if (item.axes().spatial().size() == 1) {
            return new Steps(Planes.of(item).channels());
        }
        float[] row = item.toFloats();
        for (int i = 0; i < row.length; i++) {
            row[i] = Float.isFinite(row[i]) ? row[i] : 0;
        }
        return new Steps(new float[][] {row});
    }

    int count() {
        return channels[0].length;
    }

    /** Return these channels with another number of steps. */
    Steps resized(int count) {
        float[][] resized = new float[channels.length][];
        for (int c = 0; c < resized.length; c++) {
            resized[c] = Interpolation.linear(channels[c], new int[] {count()}, new int[] {count});
        }
        return new Steps(resized);
    }

    /** Return the only channel, or the sum of several. */
    float[] sum() {
        return new Planes(channels, count(), 1, 0).sum();
    }

    /** Return all numbers, channel after channel. */
    float[] all() {
        float[] all = new float[channels.length * count()];
        for (int c = 0; c < channels.length; c++) {
            System.arraycopy(channels[c], 0, all, c * count(), count());
        }
        return all;
    }
}
