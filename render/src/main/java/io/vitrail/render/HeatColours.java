package io.vitrail.render;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;

/**
 * The colours of one map's numbers, and the scale that explains them.
 *
 * @param range what counts as full strength
 * @param table the colours of -1 to 1, or of 0 to 1
 */
record HeatColours(Range range, ColourTable table) {
    private static final Lettering SMALL = new Lettering(7.5, 0.85);
    private static final int BAR = 120;

    /**
     * Choose the colours for a range.
     *
     * @param chosen of these the last that suits the signs
     * @param usual without negative values, where none is chosen
     */
    static HeatColours of(Range range, List<ColourMap> chosen, ColourMap usual) {
        ColourMap map = ColourMaps.chosen(chosen, range.signed(), usual);
        return new HeatColours(range, ColourTable.of(map));
    }

    int rgb(double value) {
        return table.rgb(range.strength(value));
    }

    Color colour(double value) {
        return new Color(rgb(value));
    }

    /** Return what the scale's ends stand for. */
    String low() {
        return range.signed() ? number(-range.limit()) : "0";
    }

    String high() {
        return number(range.limit());
    }

    /** Draw the scale from {@code x} on, its numbers standing on {@code baseline}. */
    void drawScale(Graphics2D graphics, double x, double baseline) {
        if (range.isEmpty()) {
            SMALL.draw(graphics, "map of zeros", x, baseline, Drawing.FAINT);
            return;
        }
        SMALL.draw(graphics, low(), x, baseline, Drawing.FAINT);
        double bar = x + SMALL.width(low()) + 8;
        for (int i = 0; i < BAR; i++) {
            double share = (double) i / (BAR - 1);
            graphics.setColor(new Color(table.rgb(range.signed() ? 2 * share - 1 : share)));
            graphics.fill(new Rectangle2D.Double(bar + i, baseline - 9, 1.2, 11));
        }
        SMALL.draw(graphics, high(), bar + BAR + 8, baseline, Drawing.FAINT);
    }

    /** Return a number with three digits that count. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
