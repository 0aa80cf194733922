package io.vitrail.render;

/** Bring a map of any number of axes to another size: linear, half-pixel centres aligned. */
final class Interpolation {
    private Interpolation() {}

    /**
     * Resample axis after axis; constant beyond the outermost centres, sampled where it shrinks.
     *
     * @param map row-major
     * @param from its sizes
     * @param to as many sizes
     */
    static float[] linear(float[] map, int[] from, int[] to) {
        float[] resized = map;
        int[] sizes = from.clone();
        for (int axis = 0; axis < sizes.length; axis++) {
            int outer = 1;
            for (int i = 0; i < axis; i++) {
                outer = Math.multiplyExact(outer, sizes[i]);
            }
            int inner = 1;
            for (int i = axis + 1; i < sizes.length; i++) {
                inner = Math.multiplyExact(inner, sizes[i]);
            }
            resized = along(resized, outer, sizes[axis], inner, to[axis]);
            sizes[axis] = to[axis];
        }
        return resized;
    }

    private static float[] along(float[] data, int outer, int from, int inner, int to) {
        if (from == to) {
            return data;
        }
        float[] resized = new float[Math.multiplyExact(Math.multiplyExact(outer, to), inner)];
        for (int i = 0; i < to; i++) {
            double at = Math.max(0, (i + 0.5) * from / to - 0.5);
            int low = (int) at;
            int high = Math.min(low + 1, from - 1);
            double share = at - low;
            for (int o = 0; o < outer; o++) {
                for (int k = 0; k < inner; k++) {
                    double a = data[(o * from + low) * inner + k];
                    double b = data[(o * from + high) * inner + k];
                    resized[(o * to + i) * inner + k] = (float) (a + share * (b - a));
                }
            }
        }
        return resized;
    }
}
