package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.util.Arrays;
import java.util.List;

/**
 * The channels of one item, each a map of rows.
 *
 * <p>What is not finite is 0 here, and counted.
 *
 * @param channels one array of {@code width * height} values each
 * @param notFinite how many values were NaN or infinite
 */
record Planes(float[][] channels, int width, int height, int notFinite) {

    /** Return whether values can be drawn as maps: two axes of space, or one. */
    static boolean fit(Values values) {
        int space = values.axes().spatial().size();
        return (space == 1 || space == 2) && values.size() > 0;
    }

    /** Return whether values that fit are one map, and have no axis beside its own. */
    static boolean isOne(Values values) {
        long[] shape = values.shape();
        long size = values.axes().channel() < 0 ? 1 : shape[values.axes().channel()];
        for (int axis : values.axes().spatial()) {
            size *= shape[axis];
        }
        return size == values.size();
    }

    /**
     * Take one item apart.
     *
     * @throws VitrailException of kind usage if it has no space, more than two axes of it, or the
     *     batch has several items
     */
    static Planes of(Values item) {
        long[] shape = item.shape();
        List<Integer> spatial = item.axes().spatial();
        int channel = item.axes().channel();
        if (!fit(item)) {
            throw VitrailException.usage(
                    "an array of shape "
                            + Arrays.toString(shape)
                            + " is no map\n  do:  choose a layer with rows and columns, or save npz");
        }
        int rows = spatial.size() == 2 ? spatial.get(0) : -1;
        int columns = spatial.get(spatial.size() - 1);
        int height = rows < 0 ? 1 : (int) shape[rows];
        int width = (int) shape[columns];
        int count = channel < 0 ? 1 : (int) shape[channel];
        if (!isOne(item)) {
            throw VitrailException.usage(
                    "an array of shape "
                            + Arrays.toString(shape)
                            + " holds several maps\n  do:  choose one with item(n)");
        }
        float[][] planes = new float[count][width * height];
        int acrossStep = stride(shape, columns);
        int downStep = rows < 0 ? 0 : stride(shape, rows);
        int channelStep = channel < 0 ? 0 : stride(shape, channel);
        int bad = 0;
        for (int c = 0; c < count; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    float value = (float) item.get(c * channelStep + y * downStep + x * acrossStep);
                    if (Float.isFinite(value)) {
                        planes[c][y * width + x] = value;
                    } else {
                        bad++;
                    }
                }
            }
        }
        return new Planes(planes, width, height, bad);
    }

    static int stride(long[] shape, int axis) {
        int stride = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            stride *= (int) shape[i];
        }
        return stride;
    }

    /** Return the only channel, or the sum of several: the attribution of a place. */
    float[] sum() {
        if (channels.length == 1) {
            return channels[0];
        }
        float[] sum = new float[width * height];
        for (float[] plane : channels) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += plane[i];
            }
        }
        return sum;
    }

    /** Return the largest magnitude among the channels at each place. */
    float[] magnitude() {
        float[] largest = new float[width * height];
        for (float[] plane : channels) {
            for (int i = 0; i < largest.length; i++) {
                largest[i] = Math.max(largest[i], Math.abs(plane[i]));
            }
        }
        return largest;
    }
}
