package io.vitrail.picture;

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
            Taps taps = taps(picture.width(), 0, picture.width(), width);
            int[][] weights = taps.whole();
            for (int y = 0; y < picture.height(); y++) {
                pass(
                        picture.shared(),
                        3 * y * picture.width(),
                        3,
                        to,
                        3 * y * width,
                        3,
                        taps.first,
                        weights);
            }
            wide = new Picture(width, picture.height(), to);
        }
        if (height == wide.height()) {
            return wide;
        }
        byte[] to = new byte[Math.multiplyExact(3 * width, height)];
        Taps taps = taps(wide.height(), 0, wide.height(), height);
        int[][] weights = taps.whole();
        for (int x = 0; x < width; x++) {
            pass(wide.shared(), 3 * x, 3 * width, to, 3 * x, 3 * width, taps.first, weights);
        }
        return new Picture(width, height, to);
    }

    /** Filter one line of pixels; a step leads from pixel to pixel. */
    private static void pass(
            byte[] from,
            int start,
            int step,
            byte[] to,
            int at,
            int stride,
            int[] first,
            int[][] weights) {
        for (int i = 0; i < first.length; i++) {
            for (int channel = 0; channel < 3; channel++) {
                int sum = 1 << BITS - 1;
                int source = start + first[i] * step + channel;
                for (int weight : weights[i]) {
                    sum += weight * (from[source] & 255);
                    source += step;
                }
                to[at + i * stride + channel] = (byte) Math.min(Math.max(sum >> BITS, 0), 255);
            }
        }
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
                wide[y * toWidth + x] = across.sum(map, y * width, 1, x);
            }
        }
        float[] to = new float[toWidth * toHeight];
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                to[y * toWidth + x] = down.sum(wide, x, toWidth, y);
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

        float sum(float[] from, int start, int step, int i) {
            double sum = 0;
            int source = start + first[i] * step;
            for (double weight : weights[i]) {
                sum += weight * from[source];
                source += step;
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
