package io.vitrail.render;

import io.vitrail.picture.Picture;
import io.vitrail.picture.Resampling;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** What all drawn pages have in common: paper, ink, and pictures of a pleasant size. */
final class Drawing {
    static final Color PAPER = new Color(0xfbfaf7);
    static final Color INK = new Color(0x24262b);
    static final Color FAINT = new Color(0x7a7d85);
    static final Color LINE = new Color(0xdedcd5);

    /** Pictures whose longer side is below this are enlarged, pixel by pixel. */
    private static final int SMALL = 160;

    private static final int PLEASANT = 256;

    private Drawing() {}

    static BufferedImage page(int width, int height) {
        BufferedImage page = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = graphics(page);
        graphics.setColor(PAPER);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return page;
    }

    static Graphics2D graphics(BufferedImage page) {
        Graphics2D graphics = page.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        return graphics;
    }

    /** Enlarge a small picture by a whole factor: its pixels stay visible as squares. */
    static Picture enlarged(Picture picture) {
        int side = Math.max(picture.width(), picture.height());
        return side >= SMALL ? picture : repeated(picture, Math.round((float) PLEASANT / side));
    }

    static Picture repeated(Picture picture, int factor) {
        if (factor <= 1) {
            return picture;
        }
        int width = picture.width() * factor;
        int height = picture.height() * factor;
        byte[] pixels = new byte[3 * width * height];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = picture.rgb(x / factor, y / factor);
                pixels[at++] = (byte) (rgb >> 16);
                pixels[at++] = (byte) (rgb >> 8);
                pixels[at++] = (byte) rgb;
            }
        }
        return Picture.of(width, height, pixels);
    }

    /**
     * Return the picture in a box, in proportion: smaller by averaging, larger by whole factors
     * while its pixels are few, else smoothly.
     */
    static Picture fitted(Picture picture, int width, int height) {
        double scale =
                Math.min((double) width / picture.width(), (double) height / picture.height());
        Picture sharp =
                scale >= 2 && Math.max(picture.width(), picture.height()) < SMALL
                        ? repeated(picture, (int) Math.ceil(scale))
                        : picture;
        return Resampling.BILINEAR.resize(
                sharp,
                Math.max((int) Math.round(picture.width() * scale), 1),
                Math.max((int) Math.round(picture.height() * scale), 1));
    }

    /** Return the picture in exactly this size: larger by repeating, smaller by averaging. */
    static Picture stretched(Picture picture, int width, int height) {
        int times = (width + picture.width() - 1) / picture.width();
        Picture large = repeated(picture, Math.max(times, 1));
        return Resampling.BILINEAR.resize(large, width, height);
    }
}
