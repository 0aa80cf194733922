package io.vitrail.render;

import io.vitrail.picture.Picture;
import java.awt.image.BufferedImage;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Write PNG files that say what made them: 8 bits a channel, with alpha where the picture has it.
 *
 * <p>The JDK's own writer takes three times as long for a photo, and its files are half as large
 * again.
 */
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int RGB = 2;
    private static final int RGB_AND_ALPHA = 6;

    private PngWriter() {}

    /**
     * Write a picture, beside the file first, then moved.
     *
     * <p>The same picture and texts give the same bytes.
     *
     * @param texts keyword (1 to 79 ASCII characters, such as {@code Software}) and text in any
     *     script
     */
    public static void write(Path file, BufferedImage image, Map<String, String> texts) {
        List<Chunk> chunks = texts(texts);
        FileBeside.write(file, stream -> write(stream, image, chunks));
    }

    /** A part of the file. */
    private record Chunk(String type, byte[] content) {}

    private static void write(OutputStream stream, BufferedImage image, List<Chunk> texts)
            throws IOException {
        BufferedImage known = known(image);
        boolean alpha = known.getColorModel().hasAlpha();
        DataOutputStream out = new DataOutputStream(stream);
        out.write(SIGNATURE);
        write(out, new Chunk("IHDR", header(known, alpha ? RGB_AND_ALPHA : RGB)));
        for (Chunk text : texts) {
            write(out, text);
        }
        new PngPixels(known, alpha ? 4 : 3)
                .writeTo((bytes, length) -> write(out, "IDAT", bytes, length));
        write(out, new Chunk("IEND", new byte[0]));
    }

    /** Return the image with whole numbers for pixels. */
    private static BufferedImage known(BufferedImage image) {
        int type = image.getType();
        if (type == BufferedImage.TYPE_INT_RGB || type == BufferedImage.TYPE_INT_ARGB) {
            return image;
        }
        if (!image.getColorModel().hasAlpha()) {
            return Picture.of(image).toBufferedImage();
        }
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage argb = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) { // drawing it would round by its alpha
            argb.setRGB(0, y, width, 1, image.getRGB(0, y, width, 1, row, 0, width), 0, width);
        }
        return argb;
    }

    private static byte[] header(BufferedImage image, int colours) {
        byte[] header = new byte[13];
        for (int i = 0; i < 4; i++) {
            header[i] = (byte) (image.getWidth() >> 24 - 8 * i);
            header[4 + i] = (byte) (image.getHeight() >> 24 - 8 * i);
        }
        header[8] = 8; // bits
        header[9] = (byte) colours;
        return header; // deflate, filters of five kinds, not interlaced
    }

    /** Return the texts in order of keywords: that of Map.of changes from run to run. */
    private static List<Chunk> texts(Map<String, String> texts) {
        List<Chunk> plain = new ArrayList<>();
        List<Chunk> international = new ArrayList<>();
        new TreeMap<>(texts)
                .forEach(
                        (keyword, text) -> {
                            if (keyword.isEmpty()
                                    || keyword.length() > 79
                                    || keyword.chars().anyMatch(c -> c < 32 || c > 126)) {
                                throw new IllegalArgumentException(
                                        "no PNG keyword: '" + keyword + "'");
                            }
                            if (text.chars().allMatch(c -> c < 128)) {
                                plain.add(text("tEXt", keyword + "\0" + text));
                            } else { // not compressed, no language
                                international.add(text("iTXt", keyword + "\0\0\0\0\0" + text));
                            }
                        });
        plain.addAll(international);
        return plain;
    }

    private static Chunk text(String type, String content) {
        return new Chunk(type, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(DataOutputStream out, Chunk chunk) throws IOException {
        write(out, chunk.type, chunk.content, chunk.content.length);
    }

    private static void write(DataOutputStream out, String type, byte[] content, int length)
            throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content, 0, length);
        out.writeInt(length);
        out.write(name);
        out.write(content, 0, length);
        out.writeInt((int) sum.getValue());
    }
}
