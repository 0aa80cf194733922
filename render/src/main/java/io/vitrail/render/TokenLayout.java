package io.vitrail.render;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Find a place for each word, line after line, and draw them. */
final class TokenLayout {
    private static final int WIDTH = 960;
    private static final int MARGIN = 24;
    private static final int PAD = 6;
    private static final int GAP = 4;
    private static final int HIGH = 28;
    private static final int LINE = HIGH + 6;
    private static final int FOOT = 34;
    private static final Lettering WORD = new Lettering(10, 1.0);
    private static final Lettering SMALL = new Lettering(7.5, 0.85);

    private final List<String> words;
    private final float[] heat;
    private final HeatColours colours;
    private final int shown;

    /** A word and where it stands. */
    private record Box(String text, double x, int line, double width, float value) {}

    TokenLayout(List<String> words, float[] heat, HeatColours colours, int most) {
        this.words = words;
        this.heat = heat;
        this.colours = colours;
        this.shown = Math.min(words.size(), most);
    }

    BufferedImage draw() {
        List<Box> boxes = boxes();
        int lines = boxes.get(boxes.size() - 1).line() + 1;
        BufferedImage page = Drawing.page(WIDTH, 2 * MARGIN + lines * LINE + FOOT);
        Graphics2D graphics = Drawing.graphics(page);
        boolean unknown = false;
        for (Box box : boxes) {
            int top = MARGIN + box.line() * LINE;
            Color ground = colours.colour(box.value());
            graphics.setColor(ground);
            RoundRectangle2D plate =
                    new RoundRectangle2D.Double(box.x(), top, box.width(), HIGH, 8, 8);
            graphics.fill(plate);
            graphics.setColor(Drawing.LINE);
            graphics.setStroke(new java.awt.BasicStroke(1));
            graphics.draw(plate);
            Color ink = isDark(ground.getRGB()) ? Color.WHITE : Drawing.INK;
            WORD.draw(graphics, box.text(), box.x() + PAD, top + 19.5, ink);
            unknown |= !WORD.knows(box.text());
        }
        foot(graphics, page.getHeight() - MARGIN, unknown);
        graphics.dispose();
        return page;
    }

    private List<Box> boxes() {
        List<Box> boxes = new ArrayList<>();
        double x = MARGIN;
        int line = 0;
        for (int i = 0; i < shown; i++) {
            String text = WORD.fitted(visible(words.get(i)), WIDTH - 2.0 * MARGIN - 2 * PAD);
            double width = Math.max(WORD.width(text), 4) + 2 * PAD;
            if (x + width > WIDTH - MARGIN && x > MARGIN) {
                x = MARGIN;
                line++;
            }
            boxes.add(new Box(text, x, line, width, heat[i]));
            x += width + GAP;
        }
        return boxes;
    }

    /** A token may be a blank, or the end of a line. */
    static String visible(String word) {
        return word.isBlank() ? "\u00b7" : word;
    }

    /** Return whether white letters are read better on a colour than dark ones. */
    static boolean isDark(int rgb) {
        int luma = 299 * (rgb >> 16 & 255) + 587 * (rgb >> 8 & 255) + 114 * (rgb & 255);
        return luma < 130_000;
    }

    private void foot(Graphics2D graphics, int baseline, boolean unknown) {
        colours.drawScale(graphics, MARGIN, baseline);
        List<String> said = new ArrayList<>();
        if (shown < words.size()) {
            said.add("the first " + shown + " of " + words.size() + " tokens");
        }
        if (unknown) {
            said.add("a box is a letter that this picture cannot draw");
        }
        String text = String.join("; ", said);
        SMALL.draw(graphics, text, WIDTH - MARGIN - SMALL.width(text), baseline, Drawing.INK);
    }
}
