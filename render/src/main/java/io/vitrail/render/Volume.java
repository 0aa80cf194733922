package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.util.Arrays;
import java.util.List;

/**
 * The channels of one item with three axes of space.
 *
 * <p>What is not finite is 0 here.
 *
 * @param channels one array of depth x height x width values each, row-major
 * @param size depth, height, width
 */
record Volume(float[][] channels, int[] size) {

    /** Return whether one item has three axes of space and none beside them and its channels. */
    static boolean fit(Values item) {
        return item.axes().spatial().size() == 3 && item.size() > 0 && Planes.isOne(item);
    }

    /**
     * Take one item apart.
     *
     * @throws VitrailException of kind usage if it is no volume, or the batch has several items
     */
    static Volume of(Values item) {
        long[] shape = item.shape();
        if (!fit(item)) {
            throw VitrailException.usage(
                    "an array of shape "
                            + Arrays.toString(shape)
                            + " is no volume\n  do:  take one item with three axes of space");
        }
        List<Integer> space = item.axes().spatial();
        int channel = item.axes().channel();
        int[] size = space.stream().mapToInt(axis -> (int) shape[axis]).toArray();
        int[] steps = space.stream().mapToInt(axis -> Planes.stride(shape, axis)).toArray();
        int channelStep = channel < 0 ? 0 : Planes.stride(shape, channel);
        float[][] channels =
                new float[channel < 0 ? 1 : (int) shape[channel]][size[0] * size[1] * size[2]];
        for (int c = 0; c < channels.length; c++) {
            for (int i = 0; i < channels[c].length; i++) {
                int z = i / (size[1] * size[2]);
                int y = i / size[2] % size[1];
                int x = i % size[2];
                float value =
                        (float)
                                item.get(
                                        c * channelStep
                                                + z * steps[0]
                                                + y * steps[1]
                                                + x * steps[2]);
                channels[c][i] = Float.isFinite(value) ? value : 0;
            }
        }
        return new Volume(channels, size);
    }

    /** Return the only channel, or the sum of several. */
    float[] sum() {
        return new Planes(channels, size[2], size[0] * size[1], 0).sum();
    }

    /** Return where the largest magnitude of a map of this size is: depth, height, width. */
    int[] strongest(float[] map) {
        int at = 0;
        for (int i = 1; i < map.length; i++) {
            at = Math.abs(map[i]) > Math.abs(map[at]) ? i : at;
        }
        return new int[] {at / (size[1] * size[2]), at / size[2] % size[1], at % size[2]};
    }

    /** Return every channel's plane at one depth. */
    Planes planes(int depth) {
        int area = size[1] * size[2];
        float[][] cut = new float[channels.length][];
        for (int c = 0; c < cut.length; c++) {
            cut[c] = Arrays.copyOfRange(channels[c], depth * area, (depth + 1) * area);
        }
        return new Planes(cut, size[2], size[1], 0);
    }
}
