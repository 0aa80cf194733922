package io.vitrail.cli;

import io.vitrail.api.Values;
import io.vitrail.demo.Item;
import io.vitrail.demo.MassInside;

/**
 * What speaks for a score in one item's map: its positive values, summed over channels.
 *
 * @param map row by row
 */
record PositiveMass(float[] map, int height, int width) {

    /** Take it from {@code (1, h, w)} or {@code (1, C, h, w)}. */
    static PositiveMass of(Values item) {
        long[] shape = item.shape();
        int height = (int) shape[shape.length - 2];
        int width = (int) shape[shape.length - 1];
        float[] map = new float[height * width];
        for (int i = 0; i < item.size(); i++) {
            map[i % map.length] += Math.max(0, (float) item.get(i));
        }
        return new PositiveMass(map, height, width);
    }

    /** Return the share of it that lies on a shape, 0 to 1; 0 where there is none at all. */
    double shareOn(Item shape) {
        return MassInside.share(map, height, width, shape.mask());
    }
}
