package io.vitrail.demo;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A picture of a few shapes, and where each of them is.
 *
 * @param seed what it was drawn from
 * @param rgb {@link Scenes#SIDE} x {@link Scenes#SIDE} pixels row by row, three bytes each: red,
 *     green, blue
 * @param items the shapes, each of another class, in the order of their labels
 */
public record Scene(long seed, byte[] rgb, List<Item> items) {
    public Scene {
        rgb = rgb.clone();
        items = List.copyOf(items);
    }

    @Override
    public byte[] rgb() {
        return rgb.clone();
    }

    /** Return whether a shape of a class is in the picture. */
    public boolean shows(int label) {
        return items.stream().anyMatch(item -> item.label() == label);
    }

    /** Return the picture as what {@link Demo#PREPROCESS} makes of it: (3, side, side), 0 to 1. */
    public float[] input() {
        int plane = Scenes.SIDE * Scenes.SIDE;
        float[] values = new float[3 * plane];
        for (int i = 0; i < plane; i++) {
            for (int channel = 0; channel < 3; channel++) {
                values[channel * plane + i] = (rgb[3 * i + channel] & 0xFF) / 255f;
            }
        }
        return values;
    }

    /** Return a new image with the picture's pixels. */
    public BufferedImage image() {
        BufferedImage image =
                new BufferedImage(Scenes.SIDE, Scenes.SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < Scenes.SIDE * Scenes.SIDE; i++) {
            int colour =
                    (rgb[3 * i] & 0xFF) << 16
                            | (rgb[3 * i + 1] & 0xFF) << 8
                            | (rgb[3 * i + 2] & 0xFF);
            image.setRGB(i % Scenes.SIDE, i / Scenes.SIDE, colour);
        }
        return image;
    }
}
