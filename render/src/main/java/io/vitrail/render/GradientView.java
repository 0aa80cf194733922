package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.picture.Picture;

/**
 * Draw an array that has the shape of the input: one pixel for each of its own.
 *
 * <p>A map of zeros gives the colour of 0 everywhere.
 */
public enum GradientView {
    /** White on black: the largest magnitude among the channels, up to its 99th percentile. */
    GREY {
        @Override
        Picture draw(Planes planes) {
            float[] magnitude = planes.magnitude();
            return coloured(planes, magnitude, Range.positive(magnitude), Colours.GREY);
        }
    },
    /** Blue and red on white: the sum of the channels, symmetric around 0. */
    SIGNED {
        @Override
        Picture draw(Planes planes) {
            float[] sum = planes.sum();
            return coloured(planes, sum, Range.symmetric(sum), Colours.DIVERGING);
        }
    },
    /**
     * The channels as red, green, blue around mid-grey, in units of their standard deviation:
     * {@code 0.5 + 0.1 (g - mean) / std}, as guided backpropagation is usually shown. Where there
     * are not three channels, their sum as grey.
     */
    COLOUR {
        @Override
        Picture draw(Planes planes) {
            float[][] channels = planes.channels();
            boolean three = channels.length == 3;
            float[][] shown = three ? channels : new float[][] {planes.sum()};
            double mean = mean(shown);
            double spread = spread(shown, mean);
            byte[] pixels = new byte[3 * planes.width() * planes.height()];
            for (int i = 0; i < pixels.length; i++) {
                double value = shown[three ? i % 3 : 0][i / 3] - mean;
                double level = 0.5 + (spread == 0 ? 0 : CONTRAST * value / spread);
                pixels[i] = (byte) Math.round(255 * Math.min(Math.max(level, 0), 1));
            }
            return Picture.of(planes.width(), planes.height(), pixels);
        }
    };

    private static final double CONTRAST = 0.1;

    abstract Picture draw(Planes planes);

    /** Draw one item, {@code (1, h, w)} with or without a channel axis, at its own resolution. */
    public Picture draw(Values item) {
        return draw(Planes.of(item));
    }

    private static Picture coloured(Planes planes, float[] map, Range range, ColourMap colours) {
        byte[] pixels = new byte[3 * map.length];
        for (int i = 0; i < map.length; i++) {
            int rgb = colours.rgb(range.strength(map[i]));
            pixels[3 * i] = (byte) (rgb >> 16);
            pixels[3 * i + 1] = (byte) (rgb >> 8);
            pixels[3 * i + 2] = (byte) rgb;
        }
        return Picture.of(planes.width(), planes.height(), pixels);
    }

    private static double mean(float[][] channels) {
        double sum = 0;
        for (float[] channel : channels) {
            for (float value : channel) {
                sum += value;
            }
        }
        return sum / ((double) channels.length * channels[0].length);
    }

    private static double spread(float[][] channels, double mean) {
        double sum = 0;
        for (float[] channel : channels) {
            for (float value : channel) {
                sum += (value - mean) * (value - mean);
            }
        }
        return Math.sqrt(sum / ((double) channels.length * channels[0].length));
    }
}
