package io.vitrail.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.zip.Deflater;

/**
 * Filter and compress the pixels of a PNG file.
 *
 * <p>In a photo no stretch of bytes repeats what went before: of each byte the mean of its left and
 * upper neighbour is taken off, and what is left coded by frequency alone, which is smaller than
 * looking for repeats, and takes a third of the time. In a drawing repeats are all there is, and a
 * filter would hide them.
 */
final class PngPixels {
    private static final int BAND = 1 << 16; // bytes that are compressed at once
    private static final int SAMPLED = 8; // of so many rows one is looked at
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
        Deflater deflater = new Deflater(photo ? 1 : 4);
        if (photo) {
            deflater.setStrategy(Deflater.HUFFMAN_ONLY);
        }
        try {
            byte[] band = new byte[Math.max(BAND / (length + 1), 1) * (length + 1)];
            byte[] packed = new byte[BAND];
            int filled = 0;
            above = new byte[length];
            for (int y = 0, at = 0; y < image.getHeight(); y++) {
                read(y);
                filter(photo, band, at);
                at += length + 1;
                boolean last = y == image.getHeight() - 1;
                if (at == band.length || last) {
                    deflater.setInput(band, 0, at);
                    at = 0;
                    if (last) {
                        deflater.finish();
                    }
                    // none may come of a call that only takes over the strategy
                    while (last ? !deflater.finished() : !deflater.needsInput()) {
                        filled += deflater.deflate(packed, filled, packed.length - filled);
                        if (filled == packed.length || deflater.finished()) {
                            sink.take(packed, filled);
                            filled = 0;
                        }
                    }
                }
                byte[] free = above;
                above = row;
                row = free;
            }
        } finally {
            deflater.end();
        }
    }

    /** Return whether few pixels have the colour of a neighbour, by a sample of the rows. */
    private boolean isPhoto() {
        long same = 0;
        long all = 0;
        for (int y = 1; y < image.getHeight(); y += SAMPLED) {
            read(y - 1);
            System.arraycopy(row, 0, above, 0, length);
            read(y);
            for (int i = channels; i < length; i++) {
                same += row[i] == row[i - channels] || row[i] == above[i] ? 1 : 0;
            }
            all += length;
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
