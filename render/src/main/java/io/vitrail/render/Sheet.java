package io.vitrail.render;

import io.vitrail.picture.Picture;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compose a page of pictures: a row for each target, a column for each method.
 *
 * <p>Cells are as large as fits a screen: small pictures are enlarged pixel by pixel, large ones
 * averaged. Text needs no fonts. Immutable; each refinement returns a new sheet.
 *
 * <pre>
 * Sheet.titled("shapes.pt")
 *         .subtitle("where the network looked for each shape")
 *         .columns(List.of("picture", "grad-cam"))
 *         .row("star", List.of("class 3", "score 8.42"), List.of(
 *                 Sheet.Cell.of(picture), new Sheet.Cell(overlay, "81 % inside")))
 *         .save(Path.of("shapes.png"));
 * </pre>
 */
public final class Sheet {
    private final String title;
    private final String subtitle;
    private final String footer;
    private final List<String> columns;
    private final List<Row> rows;
    private final List<Legend> legends;
    private final int side;

    /**
     * One picture of the sheet.
     *
     * @param picture what to show
     * @param caption what to say below it, or empty
     */
    public record Cell(Picture picture, String caption) {
        /** Create a cell without a caption. */
        public static Cell of(Picture picture) {
            return new Cell(picture, "");
        }

        /** Create a cell from a drawing. */
        public static Cell of(BufferedImage drawing, String caption) {
            return new Cell(Picture.of(drawing), caption);
        }

        /** Create a cell from a drawing, whose note is added to the caption. */
        public static Cell of(MapView view, String caption) {
            String between = caption.isEmpty() || view.note().isEmpty() ? "" : ", ";
            return of(view.image(), caption + between + view.note());
        }
    }

    /** A row: what it is about, in large letters, then in small ones, and its cells. */
    record Row(String name, List<String> details, List<Cell> cells) {
        Row {
            details = List.copyOf(details);
            cells = List.copyOf(cells);
        }
    }

    /** A colour scale with the meaning of its ends. */
    record Legend(ColourMap colours, String low, String high) {}

    private Sheet(
            String title,
            String subtitle,
            String footer,
            List<String> columns,
            List<Row> rows,
            List<Legend> legends,
            int side) {
        this.title = title;
        this.subtitle = subtitle;
        this.footer = footer;
        this.columns = List.copyOf(columns);
        this.rows = List.copyOf(rows);
        this.legends = List.copyOf(legends);
        this.side = side;
    }

    /** Start a sheet. */
    public static Sheet titled(String title) {
        return new Sheet(title, "", "", List.of(), List.of(), List.of(), SheetLayout.LARGEST);
    }

    /** Say more below the title. */
    public Sheet subtitle(String text) {
        return new Sheet(title, text, footer, columns, rows, legends, side);
    }

    /** Say at the bottom what made the sheet. */
    public Sheet footer(String text) {
        return new Sheet(title, subtitle, text, columns, rows, legends, side);
    }

    /** Name the columns. */
    public Sheet columns(List<String> names) {
        return new Sheet(title, subtitle, footer, names, rows, legends, side);
    }

    /**
     * Make the longer side of cells at most this, in pixels; the default is as large as fits a
     * screen.
     */
    public Sheet cells(int longest) {
        if (longest < 1) {
            throw new IllegalArgumentException("cells of " + longest + " pixels");
        }
        return new Sheet(title, subtitle, footer, columns, rows, legends, longest);
    }

    /** Explain a colour map at the bottom. */
    public Sheet legend(ColourMap colours, String low, String high) {
        List<Legend> more = new ArrayList<>(legends);
        more.add(new Legend(colours, low, high));
        return new Sheet(title, subtitle, footer, columns, rows, more, side);
    }

    /**
     * Add a row.
     *
     * @param name what it is about, such as the class
     * @param details further lines, such as score and probability
     * @param cells one a column, at most as many as there are columns
     */
    public Sheet row(String name, List<String> details, List<Cell> cells) {
        if (cells.isEmpty() || cells.size() > columns.size()) {
            throw new IllegalArgumentException(
                    cells.size() + " cells for " + columns.size() + " columns");
        }
        List<Row> more = new ArrayList<>(rows);
        more.add(new Row(name, details, cells));
        return new Sheet(title, subtitle, footer, columns, more, legends, side);
    }

    /** Draw it. */
    public BufferedImage image() {
        if (rows.isEmpty()) {
            throw new IllegalStateException("a sheet without rows");
        }
        return new SheetLayout(title, subtitle, footer, columns, rows, legends, side).draw();
    }

    /** Write it as PNG. */
    public void save(Path file) {
        save(file, Map.of("Software", "Vitrail", "Title", title));
    }

    /** Write it as PNG with texts that say how it was made. */
    public void save(Path file, Map<String, String> texts) {
        PngWriter.write(file, image(), texts);
    }
}
