package io.vitrail.render;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.text.Normalizer;

/**
 * Draw text with this module's own letters.
 *
 * @param height of a capital, in pixels
 * @param weight of the pen, in sevenths of the height; about 0.85 is regular, 1.15 bold
 */
record Lettering(double height, double weight) {
    private static final Glyphs GLYPHS = new Glyphs();
    private static final double SPACE = 3.4;

    /** Return the width of a text in pixels. */
    double width(String text) {
        double units = 0;
        for (int character : characters(text)) {
            units += advance(character);
        }
        return Math.max(units - gap(), 0) * height / 7;
    }

    /** Draw a text; {@code x} is its left border, {@code y} the line that it stands on. */
    void draw(Graphics2D graphics, String text, double x, double y, Color colour) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.scale(height / 7, -height / 7);
        graphics.setColor(colour);
        graphics.setStroke(
                new BasicStroke(
                        (float) (weight * height / 7),
                        BasicStroke.CAP_ROUND,
                        BasicStroke.JOIN_ROUND));
        for (int character : characters(text)) {
            if (character != ' ') {
                graphics.draw(place.createTransformedShape(GLYPHS.of(character).path()));
            }
            place.translate(advance(character), 0);
        }
    }

    /** Return whether all letters of a text can be drawn; others are boxes. */
    boolean knows(String text) {
        for (int character : characters(text)) {
            if (character != ' ' && !GLYPHS.knows(character)) {
                return false;
            }
        }
        return true;
    }

    /** Return the text, or as much of it with three dots as fits into a width. */
    String fitted(String text, double width) {
        if (width(text) <= width) {
            return text;
        }
        int[] characters = characters(text);
        for (int length = characters.length - 1; length > 0; length--) {
            String part = new String(characters, 0, length).strip() + "\u2026";
            if (width(part) <= width) {
                return part;
            }
        }
        return "";
    }

    private double advance(int character) {
        return (character == ' ' ? SPACE - gap() : GLYPHS.of(character).width()) + gap();
    }

    /** Between two strokes, measured from the middle of the pen. */
    private double gap() {
        return 1.05 + weight;
    }

    /** Accents are left out: a letter without is better than a box. */
    private static int[] characters(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .map(c -> Character.isWhitespace(c) || c == 0xa0 ? ' ' : c)
                .toArray();
    }
}
