package io.vitrail.picture;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Turn decoded samples into RGB as Pillow does.
 *
 * <p>Samples come from the raster: {@link BufferedImage#getRGB} would convert colour spaces, and
 * takes grey for linear light (29 becomes 95).
 */
final class Rasters {
    private Rasters() {}

    static Picture picture(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        Raster raster = image.getRaster();
        ColorModel colours = image.getColorModel();
        byte[] pixels = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        if (isWhole(raster)) {
            if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) { // a JPEG, a PNG of 8 bits
                turn(((DataBufferByte) raster.getDataBuffer()).getData(), pixels);
                return new Picture(width, height, pixels);
            }
            if (image.getType() == BufferedImage.TYPE_INT_RGB) { // what we draw
                split(((DataBufferInt) raster.getDataBuffer()).getData(), pixels);
                return new Picture(width, height, pixels);
            }
        }
        int bands = raster.getNumBands();
        int[] row = new int[width * bands];
        int[][] levels = levels(raster, colours);
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            int at = 3 * y * width;
            for (int x = 0; x < width; x++, at += 3) {
                int from = x * bands;
                if (colours instanceof IndexColorModel palette) {
                    int index = Math.min(row[from], palette.getMapSize() - 1);
                    put(
                            pixels,
                            at,
                            palette.getRed(index),
                            palette.getGreen(index),
                            palette.getBlue(index));
                } else if (bands < 3) {
                    int grey = level(levels, 0, row[from]);
                    put(pixels, at, grey, grey, grey);
                } else {
                    int a = level(levels, 0, row[from]);
                    int b = level(levels, 1, row[from + 1]);
                    int c = level(levels, 2, row[from + 2]);
                    if (colours.getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
                        int light = 255 - level(levels, 3, row[from + 3]);
                        put(pixels, at, ink(a, light), ink(b, light), ink(c, light));
                    } else {
                        put(pixels, at, a, b, c);
                    }
                }
            }
        }
        return new Picture(width, height, pixels);
    }

    /** Whether the raster's pixels are all that is in its memory. */
    private static boolean isWhole(Raster raster) {
        DataBuffer data = raster.getDataBuffer();
        long pixels = (long) raster.getWidth() * raster.getHeight();
        return data.getNumBanks() == 1
                && data.getOffset() == 0
                && raster.getParent() == null
                && data.getSize() == pixels * raster.getNumDataElements();
    }

    private static void turn(byte[] bgr, byte[] rgb) {
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = bgr[i + 2];
            rgb[i + 1] = bgr[i + 1];
            rgb[i + 2] = bgr[i];
        }
    }

    private static void split(int[] from, byte[] rgb) {
        for (int i = 0, at = 0; i < from.length; i++, at += 3) {
            put(rgb, at, from[i] >> 16, from[i] >> 8, from[i]);
        }
    }

    /** The 8-bit level of each sample value of a band that has fewer than 8 bits; else empty. */
    private static int[][] levels(Raster raster, ColorModel colours) {
        int[][] levels = new int[raster.getNumBands()][];
        for (int band = 0; band < levels.length; band++) {
            int bits = raster.getSampleModel().getSampleSize(band);
            if (bits >= 8 || colours instanceof IndexColorModel) {
                levels[band] = new int[] {Math.max(bits - 8, 0)};
            } else {
                levels[band] = new int[1 << bits];
                for (int v = 0; v < 1 << bits; v++) {
                    levels[band][v] = v * 255 / ((1 << bits) - 1);
                }
            }
        }
        return levels;
    }

    private static int level(int[][] levels, int band, int sample) {
        int[] table = levels[band];
        return table.length == 1 ? sample >> table[0] : table[sample];
    }

    /** What an ink of this strength leaves of the light: Pillow's formula, with its rounding. */
    private static int ink(int strength, int light) {
        int product = strength * light + 128;
        return light - ((product >> 8) + product >> 8);
    }

    private static void put(byte[] pixels, int at, int red, int green, int blue) {
        pixels[at] = (byte) red;
        pixels[at + 1] = (byte) green;
        pixels[at + 2] = (byte) blue;
    }
}
