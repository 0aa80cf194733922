package io.vitrail.demo;

/**
 * Measure how much of a map lies on an object.
 *
 * <p>The map is resized to the mask bilinearly, pixel centres at halves and borders repeated, as
 * every map is when it is drawn over its picture.
 */
public final class MassInside {
    private MassInside() {}

    /**
     * Return the share of a map's positive mass that lies inside a mask.
     *
     * @param map {@code height} x {@code width} values, row by row; negative ones count as 0
     * @param mask pixels of a square picture, row by row
     * @return 0 to 1; 0 where the map has no positive value
     * @throws IllegalArgumentException if the map or the mask has another number of entries
     */
    public static double share(float[] map, int height, int width, boolean[] mask) {
        int side = (int) Math.sqrt(mask.length);
        return share(map, height, width, mask, side, side);
    }

    /**
     * Return the share of a map's positive mass that lies inside a mask.
     *
     * @param map {@code height} x {@code width} values, row by row; negative ones count as 0
     * @param mask {@code rows} x {@code columns} pixels, row by row
     * @return 0 to 1; 0 where the map has no positive value
     * @throws IllegalArgumentException if the map or the mask has another number of entries
     */
    public static double share(
            float[] map, int height, int width, boolean[] mask, int rows, int columns) {
        check("map", map.length, height, width);
        check("mask", mask.length, rows, columns);
        double inside = 0;
        double all = 0;
        for (int row = 0; row < rows; row++) {
            double y = source(row, rows, height);
            int top = (int) y;
            int bottom = Math.min(top + 1, height - 1);
            for (int column = 0; column < columns; column++) {
                double x = source(column, columns, width);
                int left = (int) x;
                int right = Math.min(left + 1, width - 1);
                double upper = mixed(map[top * width + left], map[top * width + right], x - left);
                double lower =
                        mixed(map[bottom * width + left], map[bottom * width + right], x - left);
                double mass = upper + (lower - upper) * (y - top);
                all += mass;
                inside += mask[row * columns + column] ? mass : 0;
            }
        }
        return all > 0 ? inside / all : 0;
    }

    private static double mixed(float from, float to, double part) {
        double start = Math.max(0, from);
        return start + (Math.max(0, to) - start) * part;
    }

    /** Return where a pixel's centre falls in the map, clamped to the centres of its cells. */
    private static double source(int pixel, int pixels, int cells) {
        return Math.max(0, Math.min(cells - 1, (pixel + 0.5) * cells / pixels - 0.5));
    }

    private static void check(String what, int length, int height, int width) {
        if (height <= 0 || width <= 0 || length != (long) height * width) {
            throw new IllegalArgumentException(
                    "a " + what + " of " + length + " entries is not " + height + " x " + width);
        }
    }
}
