package io.vitrail.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Filter and compress the pixels of a PNG file.
 *
 * <p>In a photo no stretch of bytes repeats what went before: of each byte the mean of its left and
 * upper neighbour is taken off, and what is left coded by frequency alone, which is smaller than
 * looking for repeats, and takes two thirds of the time. In a drawing repeats are all there is, and
 * a filter would hide them.
 */
final class PngPixels {
    private static final int BAND = 1 << 16; // bytes that are compressed at once
    private static final int LEVEL = 4; // of Deflater; what the JDK's own writer takes
    private static final int SAMPLED = 16; // of so many rows one is looked at
    private static final byte AS_IT_IS = 0; // the filters' numbers
    private static final byte MEAN = 3;

    private final BufferedImage image;
    private final int channels;
    private final int length;
    private final int[] pixels;
    private byte[] row;
    private byte[] above;

    /** What takes compressed bytes. */
    @FunctionalInterface
    interface Sink {
        /** Take the first bytes of an array, which is used anew afterwards. */
        void take(byte[] bytes, int length) throws IOException;
    }

    /**
     * @param image of type {@code INT_RGB} or {@code INT_ARGB}
     * @param channels 3, or 4 with alpha
     */
    PngPixels(BufferedImage image, int channels) {
        this.image = image;
        this.channels = channels;
        this.length = Math.multiplyExact(image.getWidth(), channels);
        this.pixels = new int[image.getWidth()];
        this.row = new byte[length];
        this.above = new byte[length];
    }

    /** Hand over the compressed pixels, some at a time. */
    void writeTo(Sink sink) throws IOException {
        boolean photo = isPhoto();
        Deflater deflater = new Deflater(LEVEL);
        try {
            deflater.setStrategy(photo ? Deflater.HUFFMAN_ONLY : Deflater.DEFAULT_STRATEGY);
            pack(photo, deflater, sink);
        } finally {
            deflater.end();
        }
    }

    private void pack(boolean photo, Deflater deflater, Sink sink) throws IOException {
        int last = image.getHeight() - 1;
        byte[] band = new byte[Math.max(BAND / (length + 1), 1) * (length + 1)];
        byte[] packed = new byte[BAND];
        Arrays.fill(above, (byte) 0);
        for (int y = 0, at = 0; y <= last; y++) {
            read(y);
            filter(photo, band, at);
            at += length + 1;
            if (at == band.length || y == last) {
                deflater.setInput(band, 0, at);
                if (y == last) {
                    deflater.finish();
                }
                // the first call may only set the strategy, and return nothing
                while (y == last ? !deflater.finished() : !deflater.needsInput()) {
                    int count = deflater.deflate(packed);
                    if (count > 0) {
                        sink.take(packed, count);
                    }
                }
                at = 0;
            }
            byte[] free = above;
            above = row;
            row = free;
        }
    }

    /** Return whether few pixels have the colour of a neighbour, by a sample of the rows. */
    private boolean isPhoto() {
        int[] upper = new int[pixels.length];
        long same = 0;
        long all = 0;
        for (int y = 1; y < image.getHeight(); y += SAMPLED) {
            image.getRaster().getDataElements(0, y - 1, upper.length, 1, upper);
            image.getRaster().getDataElements(0, y, pixels.length, 1, pixels);
            for (int x = 1; x < pixels.length; x++) {
                same += pixels[x] == pixels[x - 1] || pixels[x] == upper[x] ? 1 : 0;
            }
            all += pixels.length;
        }
        return same * 2 < all;
    }

    /** Read a row of pixels as bytes. */
    private void read(int y) {
        image.getRaster().getDataElements(0, y, pixels.length, 1, pixels);
        int at = 0;
        for (int pixel : pixels) {
            row[at] = (byte) (pixel >> 16);
            row[at + 1] = (byte) (pixel >> 8);
            row[at + 2] = (byte) pixel;
            if (channels == 4) {
                row[at + 3] = (byte) (pixel >> 24);
            }
            at += channels;
        }
    }

    /** Write a row's filter and what it leaves of it. */
    private void filter(boolean photo, byte[] to, int at) {
        if (!photo) {
            to[at] = AS_IT_IS;
            System.arraycopy(row, 0, to, at + 1, length);
            return;
        }
        to[at] = MEAN;
        for (int i = 0; i < channels; i++) {
            to[at + 1 + i] = (byte) (row[i] - ((above[i] & 255) >> 1));
        }
        for (int i = channels; i < length; i++) {
            int both = (row[i - channels] & 255) + (above[i] & 255);
            to[at + 1 + i] = (byte) (row[i] - (both >> 1));
        }
    }
}
