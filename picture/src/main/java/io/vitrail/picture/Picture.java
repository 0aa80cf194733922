package io.vitrail.picture;

import io.vitrail.api.VitrailException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Hold an opaque picture of 8 bits a channel.
 *
 * <p>Immutable and equal by content. Pixels are stored row by row from the top left, red, green and
 * blue of a pixel side by side, as {@code numpy.asarray(image.convert("RGB"))} has them.
 */
public final class Picture {
    private final int width;
    private final int height;
    private final byte[] pixels;

    /** Take over the pixels, which nobody else may change. */
    Picture(int width, int height, byte[] pixels) {
        if (width < 1 || height < 1 || (long) width * height * 3 != pixels.length) {
            throw new IllegalArgumentException(
                    width + "x" + height + " does not fit " + pixels.length + " bytes");
        }
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    /**
     * Read a PNG, JPEG, GIF (its first frame) or BMP file, told apart by content.
     *
     * <p>The pixels are those of Pillow's {@code ImageOps.exif_transpose(Image.open(file))
     * .convert("RGB")}: alpha is dropped, an embedded colour profile ignored, the EXIF orientation
     * applied. Of 16 bits the high eight are kept.
     *
     * @throws VitrailException if the file is missing, is no such picture, is cut off or damaged,
     *     or claims a size beyond {@value PictureReader#MAX_PIXELS} pixels or beyond what its
     *     length can hold
     */
    public static Picture read(Path file) {
        return PictureReader.read(file);
    }

    /** Create a picture from pixels, three bytes each, which are copied. */
    public static Picture of(int width, int height, byte[] pixels) {
        return new Picture(width, height, pixels.clone());
    }

    /** Create a picture from an AWT image, whose alpha is dropped. */
    public static Picture of(BufferedImage image) {
        return Rasters.picture(image);
    }

    /** Return the number of columns. */
    public int width() {
        return width;
    }

    /** Return the number of rows. */
    public int height() {
        return height;
    }

    /** Return the pixel as {@code 0xRRGGBB}; column and row count from the top left. */
    public int rgb(int x, int y) {
        int at = 3 * (y * width + x);
        return (pixels[at] & 255) << 16 | (pixels[at + 1] & 255) << 8 | pixels[at + 2] & 255;
    }

    /** Return the pixels, three bytes each; a copy. */
    public byte[] pixels() {
        return pixels.clone();
    }

    /** Return the bytes themselves, to be read only. */
    byte[] shared() {
        return pixels;
    }

    /**
     * Return this picture without colour: each channel is Pillow's luma, {@code (19595 R + 38470 G
     * + 7471 B + 32768) >> 16}.
     */
    public Picture grey() {
        byte[] grey = new byte[pixels.length];
        for (int i = 0; i < grey.length; i += 3) {
            int luma =
                    19595 * (pixels[i] & 255)
                            + 38470 * (pixels[i + 1] & 255)
                            + 7471 * (pixels[i + 2] & 255);
            byte level = (byte) (luma + 32768 >> 16);
            grey[i] = level;
            grey[i + 1] = level;
            grey[i + 2] = level;
        }
        return new Picture(width, height, grey);
    }

    /**
     * Return the rectangle whose top left pixel is {@code (x, y)}.
     *
     * @throws IllegalArgumentException if it reaches beyond this picture
     */
    public Picture crop(int x, int y, int cropWidth, int cropHeight) {
        if (x < 0
                || y < 0
                || (long) x + cropWidth > width
                || (long) y + cropHeight > height
                || cropWidth < 1
                || cropHeight < 1) {
            throw new IllegalArgumentException(
                    "no " + cropWidth + "x" + cropHeight + " at " + x + "," + y + " in " + this);
        }
        byte[] part = new byte[3 * cropWidth * cropHeight];
        for (int row = 0; row < cropHeight; row++) {
            System.arraycopy(
                    pixels, 3 * ((y + row) * width + x), part, 3 * row * cropWidth, 3 * cropWidth);
        }
        return new Picture(cropWidth, cropHeight, part);
    }

    /** Return a new AWT image of type {@link BufferedImage#TYPE_INT_RGB}. */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] all = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        for (int i = 0, at = 0; i < all.length; i++, at += 3) {
            all[i] = (pixels[at] & 255) << 16 | (pixels[at + 1] & 255) << 8 | pixels[at + 2] & 255;
        }
        return image;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that
                && width == that.width
                && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "picture of " + width + "x" + height;
    }
}
