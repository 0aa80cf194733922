package io.vitrail.render;

import io.vitrail.picture.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.TexturePaint;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Place and draw what is on a {@link Sheet}. */
final class SheetLayout {
    private static final int MARGIN = 36;
    private static final int GAP = 16;
    private static final int ROUND = 10;
    private static final int PAGE = 2400; // columns get narrower beyond

    /** The longer side of a cell where there is room. */
    static final int LARGEST = 288;

    private static final int SMALLEST = 112;
    private static final int LABEL_WIDTH = 190;
    private static final Lettering TITLE = new Lettering(18, 1.1);
    private static final Lettering HEAD = new Lettering(10, 1.05);
    private static final Lettering NAME = new Lettering(12, 1.1);
    private static final Lettering SMALL = new Lettering(8.5, 0.85);

    /** Colours of glass, one a row. */
    static final Color[] GLASS = {
        new Color(0xc8323c),
        new Color(0x2763b8),
        new Color(0xe3a21a),
        new Color(0x2f8f5b),
        new Color(0x7a3fa0),
        new Color(0x1f9aa8)
    };

    private final String title;
    private final String subtitle;
    private final String footer;
    private final List<String> columns;
    private final List<Sheet.Row> rows;
    private final List<Sheet.Legend> legends;
    private final int cellWidth;
    private final int cellHeight;
    private final int labelWidth;

    SheetLayout(
            String title,
            String subtitle,
            String footer,
            List<String> columns,
            List<Sheet.Row> rows,
            List<Sheet.Legend> legends,
            int longest) {
        this.title = title;
        this.subtitle = subtitle;
        this.footer = footer;
        this.columns = columns;
        this.rows = rows;
        this.legends = legends;
        this.labelWidth = labelWidth(rows);
        int room = (PAGE - 2 * MARGIN - labelWidth) / columns.size() - GAP;
        int side = Math.min(longest, Math.max(room, SMALLEST));
        double widest = 0;
        double tallest = 0;
        for (Sheet.Row row : rows) {
            for (Sheet.Cell cell : row.cells()) {
                double w = cell.picture().width();
                double h = cell.picture().height();
                widest = Math.max(widest, w / Math.max(w, h));
                tallest = Math.max(tallest, h / Math.max(w, h));
            }
        }
        this.cellWidth = Math.max((int) Math.round(side * widest), SMALLEST);
        this.cellHeight = Math.max((int) Math.round(side * tallest), 24);
    }

    private static int labelWidth(List<Sheet.Row> rows) {
        double widest = 0;
        for (Sheet.Row row : rows) {
            for (String detail : row.details()) {
                widest = Math.max(widest, SMALL.width(detail));
            }
            widest = Math.max(widest, NAME.width(row.name()));
        }
        return widest == 0 ? 0 : (int) Math.min(Math.ceil(widest), LABEL_WIDTH) + 18 + GAP;
    }

    BufferedImage draw() {
        boolean captions =
                rows.stream()
                        .flatMap(row -> row.cells().stream())
                        .anyMatch(c -> !c.caption().isEmpty());
        int rowHeight = cellHeight + (captions ? 24 : 0) + GAP;
        int top = MARGIN + (subtitle.isEmpty() ? 26 : 50) + 24;
        int content = labelWidth + columns.size() * (cellWidth + GAP) - GAP;
        int width = 2 * MARGIN + Math.max(content, 320);
        boolean foot = !footer.isEmpty() || !legends.isEmpty();
        int height = top + 22 + rows.size() * rowHeight - GAP + (foot ? 42 : 0) + MARGIN;
        BufferedImage page = Drawing.page(width, height);
        Graphics2D graphics = Drawing.graphics(page);
        head(graphics, width);
        for (int i = 0; i < columns.size(); i++) {
            HEAD.draw(
                    graphics,
                    HEAD.fitted(columns.get(i), cellWidth),
                    left(i),
                    top + 8,
                    Drawing.INK);
        }
        for (int i = 0; i < rows.size(); i++) {
            row(graphics, rows.get(i), top + 22 + i * rowHeight, GLASS[i % GLASS.length]);
        }
        if (foot) {
            foot(graphics, width, height - MARGIN);
        }
        graphics.dispose();
        return page;
    }

    private int left(int column) {
        return MARGIN + labelWidth + column * (cellWidth + GAP);
    }

    private void head(Graphics2D graphics, int width) {
        mark(graphics, MARGIN, MARGIN - 4);
        double room = width - 2.0 * MARGIN - 38;
        TITLE.draw(graphics, TITLE.fitted(title, room), MARGIN + 38, MARGIN + 19, Drawing.INK);
        if (!subtitle.isEmpty()) {
            String text = HEAD.fitted(subtitle, width - 2.0 * MARGIN);
            new Lettering(9.5, 0.85).draw(graphics, text, MARGIN, MARGIN + 46, Drawing.FAINT);
        }
    }

    /** A small leaded window. */
    private static void mark(Graphics2D graphics, double x, double y) {
        double[][] panes = {
            {0, 0, 14, 0, 10, 13, 0, 10}, {14, 0, 26, 0, 26, 9, 10, 13},
            {0, 10, 10, 13, 15, 26, 0, 26}, {10, 13, 26, 9, 26, 26, 15, 26}
        };
        graphics.setStroke(new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int i = 0; i < panes.length; i++) {
            java.awt.geom.Path2D.Double pane = new java.awt.geom.Path2D.Double();
            pane.moveTo(x + panes[i][0], y + panes[i][1]);
            for (int k = 2; k < panes[i].length; k += 2) {
                pane.lineTo(x + panes[i][k], y + panes[i][k + 1]);
            }
            pane.closePath();
            graphics.setColor(GLASS[i]);
            graphics.fill(pane);
            graphics.setColor(Drawing.INK);
            graphics.draw(pane);
        }
    }

    private void row(Graphics2D graphics, Sheet.Row row, int top, Color glass) {
        if (labelWidth > 0) {
            graphics.setColor(glass);
            graphics.fill(new RoundRectangle2D.Double(MARGIN, top, 5, cellHeight, 5, 5));
            double room = labelWidth - 18.0 - GAP;
            double y = top + 14;
            for (String line : wrapped(row.name(), room)) {
                NAME.draw(graphics, line, MARGIN + 18, y, Drawing.INK);
                y += 21;
            }
            y += 2;
            for (String detail : row.details()) {
                SMALL.draw(graphics, SMALL.fitted(detail, room), MARGIN + 18, y, Drawing.FAINT);
                y += 17;
            }
        }
        for (int i = 0; i < row.cells().size(); i++) {
            cell(graphics, row.cells().get(i), left(i), top);
        }
    }

    /** Two lines at most, broken between words. */
    private static List<String> wrapped(String text, double room) {
        if (NAME.width(text) <= room) {
            return List.of(text);
        }
        List<String> lines = new ArrayList<>();
        int cut = text.length();
        while (cut > 0 && NAME.width(text.substring(0, cut)) > room) {
            cut = text.lastIndexOf(' ', cut - 1);
        }
        if (cut <= 0) {
            return List.of(NAME.fitted(text, room));
        }
        lines.add(text.substring(0, cut));
        lines.add(NAME.fitted(text.substring(cut).strip(), room));
        return lines;
    }

    private void cell(Graphics2D graphics, Sheet.Cell cell, int x, int y) {
        Picture fitted = Drawing.fitted(cell.picture(), cellWidth, cellHeight);
        int width = fitted.width();
        int height = fitted.height();
        RoundRectangle2D frame = new RoundRectangle2D.Double(x, y, width, height, ROUND, ROUND);
        graphics.setPaint(
                new TexturePaint(
                        fitted.toBufferedImage(), new Rectangle2D.Double(x, y, width, height)));
        graphics.fill(frame);
        graphics.setColor(Drawing.LINE);
        graphics.setStroke(new BasicStroke(1));
        graphics.draw(frame);
        String caption = SMALL.fitted(cell.caption(), cellWidth);
        SMALL.draw(graphics, caption, x + 1, y + height + 17, Drawing.FAINT);
    }

    private void foot(Graphics2D graphics, int width, int baseline) {
        double x = MARGIN;
        for (Sheet.Legend legend : legends) {
            SMALL.draw(graphics, legend.low(), x, baseline, Drawing.FAINT);
            x += SMALL.width(legend.low()) + 8;
            for (int i = 0; i < 120; i++) {
                double t = legend.colours().isSigned() ? i / 59.5 - 1 : i / 119.0;
                graphics.setColor(new Color(legend.colours().rgb(t)));
                graphics.fill(new Rectangle2D.Double(x + i, baseline - 10, 1.2, 11));
            }
            x += 128;
            SMALL.draw(graphics, legend.high(), x, baseline, Drawing.FAINT);
            x += SMALL.width(legend.high()) + 30;
        }
        String text = SMALL.fitted(footer, Math.max(width - MARGIN - x, 0));
        SMALL.draw(graphics, text, width - MARGIN - SMALL.width(text), baseline, Drawing.FAINT);
    }
}
