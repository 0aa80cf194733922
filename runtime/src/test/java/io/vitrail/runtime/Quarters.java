package io.vitrail.runtime;

import io.vitrail.api.Values;

/** Sums up a map in four numbers that can be written down. */
final class Quarters {
    private Quarters() {}

    /**
     * Return the Euclidean norms of the quarters of a map of one item, channels last: top left, top
     * right, bottom left, bottom right.
     */
    static double[] norms(Values map) {
        int height = (int) map.shape()[1];
        int width = (int) map.shape()[2];
        int channels = (int) map.shape()[3];
        double[] squares = new double[4];
        for (int i = 0; i < map.size(); i++) {
            int x = i / channels % width;
            int y = i / channels / width;
            squares[(2 * y / height) * 2 + 2 * x / width] += map.get(i) * map.get(i);
        }
        return java.util.Arrays.stream(squares).map(Math::sqrt).toArray();
    }
}
