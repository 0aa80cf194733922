package io.vitrail.render;

import io.vitrail.picture.Resampling;

/**
 * Cover the pixels of a picture with the colours of heat, the less the weaker it is.
 *
 * <p>Of each of 4,096 steps of strength the covering colour and what it leaves of the picture are
 * worked out once, in units of 2^-16: a pixel then costs three multiplications, and is within one
 * level of what real numbers would give.
 */
final class HeatBlend {
    private static final int STEPS = 4096;
    private static final int BITS = 16;
    private static final int ONE = 1 << BITS;
    private static final int PALE = 0xf4f3f0;
    private static final double PALE_OPACITY = 0.6;

    private final Range range;
    private final int[] left = new int[STEPS + 2]; // the last is for what the network did not see
    private final int[] red = new int[STEPS + 2];
    private final int[] green = new int[STEPS + 2];
    private final int[] blue = new int[STEPS + 2];

    private HeatBlend(Range range) {
        this.range = range;
    }

    /**
     * @param alpha how much of the full colour covers the picture where the heat is strongest
     */
    static HeatBlend of(Range range, ColourTable colours, double alpha) {
        HeatBlend blend = new HeatBlend(range);
        for (int step = 0; step <= STEPS; step++) {
            double t = (double) step / STEPS;
            double strength = range.signed() ? 2 * t - 1 : t;
            blend.set(step, colours.rgb(strength), alpha * ramp(Math.abs(strength)));
        }
        blend.set(STEPS + 1, PALE, PALE_OPACITY);
        return blend;
    }

    /** Smooth from 0, where the picture shows through, to full at two thirds of the strength. */
    static double ramp(double strength) {
        double t = Math.min(strength * 1.5, 1);
        return t * t * (3 - 2 * t);
    }

    private void set(int step, int colour, double opacity) {
        int cover = (int) Math.round(opacity * ONE);
        left[step] = ONE - cover;
        red[step] = (colour >> 16 & 255) * cover + ONE / 2;
        green[step] = (colour >> 8 & 255) * cover + ONE / 2;
        blue[step] = (colour & 255) * cover + ONE / 2;
    }

    /**
     * Cover a picture.
     *
     * @param pixels {@code 0xRRGGBB} row by row, changed
     * @param heat of each pixel, finite
     * @param view which part of the picture the network saw; the rest becomes pale
     */
    void over(int[] pixels, int width, float[] heat, Resampling.Box view) {
        double scale = range.isEmpty() ? 0 : STEPS / (range.signed() ? 2 : 1) / range.limit();
        double zero = (range.signed() ? STEPS / 2 : 0) + 0.5; // so that it rounds
        for (int y = 0, at = 0; at < pixels.length; y++) {
            boolean outside = y + 0.5 < view.top() || y + 0.5 > view.bottom();
            for (int x = 0; x < width; x++, at++) {
                int step =
                        outside || x + 0.5 < view.left() || x + 0.5 > view.right()
                                ? STEPS + 1
                                : Math.min(Math.max((int) (heat[at] * scale + zero), 0), STEPS);
                int under = pixels[at];
                int rest = left[step];
                pixels[at] =
                        (rest * (under >> 16 & 255) + red[step] >> BITS) << 16
                                | (rest * (under >> 8 & 255) + green[step] >> BITS) << 8
                                | rest * (under & 255) + blue[step] >> BITS;
            }
        }
    }
}
