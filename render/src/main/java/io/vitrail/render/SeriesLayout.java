package io.vitrail.render;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Find the places of all parts of a plot of a series, and draw them. */
final class SeriesLayout {
    private static final int WIDTH = 960;
    private static final int MARGIN = 24;
    private static final int LEFT = 76;
    private static final int PLOT = WIDTH - LEFT - MARGIN;
    private static final int BAND = 18;
    private static final int NAME = 16;
    private static final int GAP = 12;
    private static final int TICKS = 24;
    private static final int FOOT = 26;
    private static final float FAINTLY = 0.3f;
    private static final Color LINE = new Color(0x24262b);
    private static final Lettering SMALL = new Lettering(7.5, 0.85);
    private static final Lettering LABEL = new Lettering(8.5, 0.9);

    private final Steps series;
    private final Steps heat;
    private final HeatColours colours;
    private final @Nullable List<String> names;
    private final int shown;
    private final int high;

    SeriesLayout(
            Steps series, Steps heat, HeatColours colours, @Nullable List<String> names, int most) {
        this.series = series;
        this.heat = heat;
        this.colours = colours;
        this.names = names;
        this.shown = Math.min(series.channels().length, most);
        this.high = shown <= 3 ? 120 : shown <= 6 ? 84 : 56;
    }

    BufferedImage draw() {
        boolean own = heat.channels().length == series.channels().length;
        boolean titled = names != null || series.channels().length > 1;
        int title = titled ? NAME : 0;
        int each = title + high + (own ? 2 + BAND : 0) + GAP;
        int band = own ? 0 : BAND + 6;
        BufferedImage page =
                Drawing.page(WIDTH, MARGIN + shown * each - GAP + 2 + band + TICKS + FOOT + MARGIN);
        Graphics2D graphics = Drawing.graphics(page);
        int y = MARGIN;
        for (int c = 0; c < shown; c++) {
            if (titled) {
                String name = names == null ? "channel " + c : names.get(c);
                LABEL.draw(graphics, LABEL.fitted(name, PLOT), LEFT, y + 9, Drawing.INK);
            }
            float[] map = heat.channels()[own ? c : 0];
            panel(graphics, series.channels()[c], map, y + title);
            if (own) {
                band(graphics, map, y + title + high + 2);
            }
            y += each;
        }
        y += 2 - GAP;
        if (!own) {
            band(graphics, heat.channels()[0], y + 4);
            y += band;
        }
        ticks(graphics, y);
        foot(graphics, page.getHeight() - MARGIN);
        graphics.dispose();
        return page;
    }

    private void panel(Graphics2D graphics, float[] line, float[] map, int top) {
        graphics.setColor(Color.WHITE);
        graphics.fill(new Rectangle2D.Double(LEFT, top, PLOT, high));
        graphics.setComposite(
                java.awt.AlphaComposite.getInstance(java.awt.AlphaComposite.SRC_OVER, FAINTLY));
        columns(graphics, map, top, high);
        graphics.setComposite(java.awt.AlphaComposite.SrcOver);
        frame(graphics, top, high);
        double min = line[0]; // the difference of two floats may be none
        double max = line[0];
        for (float value : line) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        graphics.setColor(LINE);
        graphics.setStroke(new BasicStroke(1.3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        double scale = max > min ? (high - 12.0) / (max - min) : 0;
        double base = max > min ? top + high - 6.0 : top + high / 2.0;
        if (line.length > 2 * PLOT) {
            ranges(graphics, line, min, base, scale);
        } else {
            Path2D.Double path = new Path2D.Double();
            for (int i = 0; i < line.length; i++) {
                double y = base - (line[i] - min) * scale;
                if (i == 0) {
                    path.moveTo(centre(i, line.length), y);
                }
                path.lineTo(centre(i, line.length), y);
            }
            graphics.draw(path);
        }
        number(graphics, max, top + 9);
        if (max > min) {
            number(graphics, min, top + high - 2);
        }
    }

    /** More steps than pixels: from the least to the largest of a column, joined to the next. */
    private static void ranges(
            Graphics2D graphics, float[] line, double min, double base, double scale) {
        for (int x = 0; x < PLOT; x++) {
            int from = Math.max(first(x, line.length) - 1, 0);
            int to = Math.max(first(x + 1, line.length), from + 1);
            float low = line[from];
            float high = line[from];
            for (int i = from; i < to; i++) {
                low = Math.min(low, line[i]);
                high = Math.max(high, line[i]);
            }
            double at = LEFT + x + 0.5;
            graphics.draw(
                    new Line2D.Double(
                            at, base - (low - min) * scale, at, base - (high - min) * scale));
        }
    }

    private void band(Graphics2D graphics, float[] map, int top) {
        columns(graphics, map, top, BAND);
        frame(graphics, top, BAND);
    }

    /** The strongest among the steps of each column of pixels. */
    private void columns(Graphics2D graphics, float[] map, int top, int height) {
        for (int x = 0; x < PLOT; x++) {
            int from = Math.min(first(x, map.length), map.length - 1);
            int to = Math.max(first(x + 1, map.length), from + 1);
            float strongest = map[from];
            for (int i = from; i < to; i++) {
                strongest = Math.abs(map[i]) > Math.abs(strongest) ? map[i] : strongest;
            }
            graphics.setColor(colours.colour(strongest));
            graphics.fillRect(LEFT + x, top, 1, height);
        }
    }

    private static void frame(Graphics2D graphics, int top, int height) {
        graphics.setColor(Drawing.LINE);
        graphics.setStroke(new BasicStroke(1));
        graphics.draw(new Rectangle2D.Double(LEFT - 0.5, top - 0.5, PLOT + 1, height + 1));
    }

    private void ticks(Graphics2D graphics, int top) {
        int count = series.count();
        long step = 1;
        for (int i = 0; count / step > 10; i++) {
            step = step / (i % 3 == 1 ? 2 : 1) * (i % 3 == 1 ? 5 : 2);
        }
        for (long i = 0; i < count; i += step) {
            double x = centre((int) i, count);
            graphics.setColor(Drawing.FAINT);
            graphics.fill(new Rectangle2D.Double(x - 0.5, top + 1, 1, 4));
            String text = Long.toString(i);
            SMALL.draw(graphics, text, x - SMALL.width(text) / 2, top + 17, Drawing.FAINT);
        }
        SMALL.draw(graphics, "step", LEFT - 12 - SMALL.width("step"), top + 17, Drawing.FAINT);
    }

    private void foot(Graphics2D graphics, int baseline) {
        colours.drawScale(graphics, LEFT, baseline);
        if (shown < series.channels().length) {
            String text =
                    String.format(
                            Locale.ROOT,
                            "the first %d of %d channels",
                            shown,
                            series.channels().length);
            SMALL.draw(graphics, text, WIDTH - MARGIN - SMALL.width(text), baseline, Drawing.INK);
        }
    }

    private static void number(Graphics2D graphics, double value, int baseline) {
        String text = SMALL.fitted(HeatColours.number(value), LEFT - 16.0);
        SMALL.draw(graphics, text, LEFT - 8 - SMALL.width(text), baseline, Drawing.FAINT);
    }

    private static double centre(int step, int count) {
        return LEFT + (step + 0.5) * PLOT / count;
    }

    /** Return the first step of a column of pixels. */
    private static int first(int column, int count) {
        return (int) ((long) column * count / PLOT);
    }
}
