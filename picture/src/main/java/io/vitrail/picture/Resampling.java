package io.vitrail.picture;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Change the size of pictures and maps.
 *
 * <p>Pictures exactly as Pillow's {@code Image.resize} does, bit for bit: two passes, rows before
 * columns, the weights rounded to 22 bits, clipped to 8 bits after each. (Pillow 13 begins with the
 * columns where that is quicker; the result is then at most one level apart.) Sampling points lie
 * at pixel centres.
 */
public enum Resampling {
    /**
     * A triangle of one source pixel; widened, which is antialiasing, where the picture shrinks.
     */
    BILINEAR(1, x -> Math.max(0, 1 - Math.abs(x))),
    /** Keys' cubic with a = -0.5, widened likewise. */
    BICUBIC(2, Resampling::cubic);

    private static final int BITS = 22;

    private final double support;
    private final DoubleUnaryOperator filter;

    Resampling(double support, DoubleUnaryOperator filter) {
        this.support = support;
        this.filter = filter;
    }

    /** Return the picture at another size. */
    public Picture resize(Picture picture, int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("no picture of " + width + "x" + height);
        }
        Picture wide = picture;
        if (width != picture.width()) {
            byte[] to = new byte[Math.multiplyExact(3 * width, picture.height())];
            across(picture, taps(picture.width(), 0, picture.width(), width), to);
            wide = new Picture(width, picture.height(), to);
        }
        if (height == wide.height()) {
            return wide;
        }
        byte[] to = new byte[Math.multiplyExact(3 * width, height)];
        down(wide, taps(wide.height(), 0, wide.height(), height), to);
        return new Picture(width, height, to);
    }

    /** Filter each row. */
    private static void across(Picture picture, Taps taps, byte[] to) {
        byte[] from = picture.shared();
        int[] first = taps.first;
        int[][] weights = taps.whole();
        int at = 0;
        for (int y = 0; y < picture.height(); y++) {
            int row = 3 * y * picture.width();
            for (int x = 0; x < first.length; x++, at += 3) {
                int red = 1 << BITS - 1;
                int green = red;
                int blue = red;
                int source = row + 3 * first[x];
                for (int weight : weights[x]) {
                    red += weight * (from[source] & 255);
                    green += weight * (from[source + 1] & 255);
                    blue += weight * (from[source + 2] & 255);
                    source += 3;
                }
                to[at] = level(red);
                to[at + 1] = level(green);
                to[at + 2] = level(blue);
            }
        }
    }

    /** Filter all columns at once, row by row as they lie in memory. */
    private static void down(Picture picture, Taps taps, byte[] to) {
        byte[] from = picture.shared();
        int[][] weights = taps.whole();
        int length = 3 * picture.width();
        int[] sums = new int[length];
        for (int y = 0; y < weights.length; y++) {
            Arrays.fill(sums, 1 << BITS - 1);
            int source = taps.first[y] * length;
            for (int weight : weights[y]) {
                for (int i = 0; i < length; i++) {
                    sums[i] += weight * (from[source + i] & 255);
                }
                source += length;
            }
            for (int i = 0; i < length; i++) {
                to[y * length + i] = level(sums[i]);
            }
        }
    }

    private static byte level(int sum) {
        return (byte) Math.min(Math.max(sum >> BITS, 0), 255);
    }

    /**
     * Return part of a map at another size, in floats.
     *
     * <p>With {@link #BILINEAR} and an enlargement this is PyTorch's {@code interpolate(mode=
     * "bilinear", align_corners=False)}; a map that shrinks is antialiased.
     *
     * @param map rows of {@code width} values
     * @param box the part, in pixels of the map; beyond its border the border's values hold
     */
    public float[] resize(float[] map, int width, int height, Box box, int toWidth, int toHeight) {
        if (map.length != width * height) {
            throw new IllegalArgumentException(map.length + " values for " + width + "x" + height);
        }
        Taps across = taps(width, box.left, box.right, toWidth);
        Taps down = taps(height, box.top, box.bottom, toHeight);
        float[] wide = new float[toWidth * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < toWidth; x++) {
                wide[y * toWidth + x] = across.sum(map, y * width, x);
            }
        }
        float[] to = new float[toWidth * toHeight];
        double[] sums = new double[toWidth];
        for (int y = 0; y < toHeight; y++) {
            Arrays.fill(sums, 0);
            int source = down.first[y] * toWidth;
            for (double weight : down.weights[y]) {
                for (int x = 0; x < toWidth; x++) {
                    sums[x] += weight * wide[source + x];
                }
                source += toWidth;
            }
            for (int x = 0; x < toWidth; x++) {
                to[y * toWidth + x] = (float) sums[x];
            }
        }
        return to;
    }

    /** Return a map at another size; see the other form. */
    public float[] resize(float[] map, int width, int height, int toWidth, int toHeight) {
        return resize(map, width, height, new Box(0, 0, width, height), toWidth, toHeight);
    }

    /**
     * Return a map at another size, each value that of the source pixel below its top left corner,
     * as PyTorch's {@code interpolate(mode="nearest")}.
     */
    public static float[] nearest(float[] map, int width, int height, int toWidth, int toHeight) {
        float[] to = new float[toWidth * toHeight];
        for (int y = 0; y < toHeight; y++) {
            int row = (int) ((long) y * height / toHeight) * width;
            for (int x = 0; x < toWidth; x++) {
                to[y * toWidth + x] = map[row + (int) ((long) x * width / toWidth)];
            }
        }
        return to;
    }

    /** A rectangle with fractional corners, in pixels from the top left. */
    public record Box(double left, double top, double right, double bottom) {
        public double width() {
            return right - left;
        }

        public double height() {
            return bottom - top;
        }
    }

    /** For each target pixel the first source pixel, and the weights from there on. */
    private record Taps(int[] first, double[][] weights) {
        /** The weights in units of 2^-22, rounded as Pillow rounds them. */
        int[][] whole() {
            int[][] whole = new int[weights.length][];
            for (int i = 0; i < whole.length; i++) {
                whole[i] = new int[weights[i].length];
                for (int k = 0; k < whole[i].length; k++) {
                    double scaled = weights[i][k] * (1 << BITS);
                    whole[i][k] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
                }
            }
            return whole;
        }

        float sum(float[] from, int start, int i) {
            double sum = 0;
            int source = start + first[i];
            for (double weight : weights[i]) {
                sum += weight * from[source++];
            }
            return (float) sum;
        }
    }

    private Taps taps(int size, double from, double to, int toSize) {
        double scale = (to - from) / toSize;
        double widened = Math.max(scale, 1);
        double reach = support * widened;
        int[] first = new int[toSize];
        double[][] weights = new double[toSize][];
        for (int i = 0; i < toSize; i++) {
            // a centre beyond the border would reach no pixel at all
            double centre = Math.min(Math.max(from + (i + 0.5) * scale, 0), size);
            int low = Math.max((int) (centre - reach + 0.5), 0);
            int high = Math.min((int) (centre + reach + 0.5), size);
            first[i] = low;
            weights[i] = new double[high - low];
            double sum = 0;
            for (int k = 0; k < high - low; k++) {
                weights[i][k] = filter.applyAsDouble((k + low - centre + 0.5) * (1 / widened));
                sum += weights[i][k];
            }
            for (int k = 0; k < high - low && sum != 0; k++) {
                weights[i][k] /= sum;
            }
        }
        return new Taps(first, weights);
    }

    private static double cubic(double x) {
        double d = Math.abs(x);
        if (d < 1) {
            return (1.5 * d - 2.5) * d * d + 1;
        }
        return d < 2 ? (((d - 5) * d + 8) * d - 4) * -0.5 : 0;
    }
}
