package io.vitrail.picture;

import io.vitrail.api.VitrailException;
import java.util.Arrays;

/** How a picture of any size becomes one of the network's size. */
enum Fit {
    /** Both sides to the size, whatever becomes of the proportions. */
    STRETCH,
    /** The short side to 256/224 of the size, then the centre: torchvision's Resize, CenterCrop. */
    CROP,
    /** The whole picture, in proportion, on grey: Darknet. */
    LETTERBOX;

    private static final byte LETTERBOX_LEVEL = (byte) 128; // darknet: 0.5

    /** A picture at the network's size. */
    record Fitted(Picture shown, Placement placement) {}

    Fitted apply(Picture picture, int width, int height, Resampling how) {
        return switch (this) {
            case STRETCH -> stretched(picture, width, height, how);
            case CROP -> cropped(picture, width, height, how);
            case LETTERBOX -> letterboxed(picture, width, height, how);
        };
    }

    private static Fitted stretched(Picture picture, int width, int height, Resampling how) {
        return new Fitted(
                how.resize(picture, width, height),
                Placement.stretched(picture.width(), picture.height(), width, height));
    }

    private static Fitted cropped(Picture picture, int width, int height, Resampling how) {
        int w = picture.width();
        int h = picture.height();
        long marginWidth = Math.round(width * 256 / 224.0);
        long marginHeight = Math.round(height * 256 / 224.0);
        // the side that needs the larger factor gets its exact size, torchvision cuts off the other
        boolean byWidth = marginWidth * h >= marginHeight * w;
        int wide = byWidth ? (int) marginWidth : Math.max((int) (marginHeight * w / h), width);
        int high = byWidth ? Math.max((int) (marginWidth * h / w), height) : (int) marginHeight;
        if ((long) wide * high > PictureReader.MAX_PIXELS) {
            throw VitrailException.input(
                    "a picture of "
                            + w
                            + "x"
                            + h
                            + " is too narrow for 'crop': it would become "
                            + wide
                            + "x"
                            + high
                            + "\n  do:  use letterbox or stretch");
        }
        // Python's round(): a half goes to the even neighbour
        int left = (int) Math.rint((wide - width) / 2.0);
        int top = (int) Math.rint((high - height) / 2.0);
        Picture shown = how.resize(picture, wide, high).crop(left, top, width, height);
        return new Fitted(
                shown,
                new Placement(
                        w, h, width, height, (double) wide / w, (double) high / h, -left, -top));
    }

    private static Fitted letterboxed(Picture picture, int width, int height, Resampling how) {
        int w = picture.width();
        int h = picture.height();
        boolean byWidth = (long) width * h <= (long) height * w;
        int wide = byWidth ? width : Math.max((int) ((long) w * height / h), 1);
        int high = byWidth ? Math.max((int) ((long) h * width / w), 1) : height;
        int left = (width - wide) / 2;
        int top = (height - high) / 2;
        byte[] pixels = new byte[3 * width * height];
        Arrays.fill(pixels, LETTERBOX_LEVEL);
        byte[] inner = how.resize(picture, wide, high).shared();
        for (int y = 0; y < high; y++) {
            System.arraycopy(inner, 3 * y * wide, pixels, 3 * ((top + y) * width + left), 3 * wide);
        }
        return new Fitted(
                new Picture(width, height, pixels),
                new Placement(
                        w, h, width, height, (double) wide / w, (double) high / h, left, top));
    }
}
