package io.vitrail.render;

import io.vitrail.api.Values;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/** Draw a vector as bars, upwards where positive. */
final class Bars {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 240;
    private static final int MARGIN = 24;
    private static final Lettering SMALL = new Lettering(8.5, 0.85);

    private Bars() {}

    static BufferedImage draw(Values vector) {
        int count = vector.size();
        int largest = 0;
        double top = 0;
        double bottom = 0;
        for (int i = 0; i < count; i++) {
            double value = finite(vector, i);
            if (Math.abs(value) > Math.abs(finite(vector, largest))) {
                largest = i;
            }
            top = Math.max(top, value);
            bottom = Math.min(bottom, value);
        }
        BufferedImage page = Drawing.page(WIDTH, HEIGHT);
        Graphics2D graphics = Drawing.graphics(page);
        double high = HEIGHT - 2.0 * MARGIN - 16;
        double scale = top == bottom ? 0 : high / (top - bottom);
        double zero = MARGIN + 16 + top * scale;
        double step = (WIDTH - 2.0 * MARGIN) / count;
        double bar = step > 3 ? step * 0.8 : Math.max(step, 1);
        for (int i = 0; i < count; i++) {
            double value = finite(vector, i);
            graphics.setColor(new java.awt.Color(Colours.DIVERGING.rgb(value < 0 ? -0.8 : 0.8)));
            graphics.fill(
                    new Rectangle2D.Double(
                            MARGIN + i * step,
                            zero - Math.max(value, 0) * scale,
                            bar,
                            Math.abs(value) * scale));
        }
        graphics.setColor(Drawing.FAINT);
        graphics.fill(new Rectangle2D.Double(MARGIN, zero - 0.5, WIDTH - 2.0 * MARGIN, 1));
        String text =
                String.format(
                        Locale.ROOT,
                        "%d values, largest magnitude %.4g at %d",
                        count,
                        finite(vector, largest),
                        largest);
        SMALL.draw(graphics, text, MARGIN, MARGIN, Drawing.INK);
        graphics.dispose();
        return page;
    }

    private static double finite(Values vector, int i) {
        double value = vector.get(i);
        return Double.isFinite(value) ? value : 0;
    }
}
