package io.vitrail.render;

import io.vitrail.picture.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collect small pictures of a run, a row for each class: the first of each class that come.
 *
 * <p>Memory is bounded by the three limits, however many pictures are offered: 20 rows of six
 * pictures of 144 pixels are 7.5 MB.
 */
public final class ContactSheet {
    private final int rows;
    private final int columns;
    private final int side;
    private final Map<String, Row> byName = new LinkedHashMap<>();
    private long beyond;

    /** What is shown of a class, and how many there are. */
    private static final class Row {
        private final List<Sheet.Cell> cells = new ArrayList<>();
        private long count;
    }

    /** Start a sheet of at most 20 classes with six pictures of 144 pixels each. */
    public ContactSheet() {
        this(20, 6, 144);
    }

    /**
     * Start a sheet.
     *
     * @param rows how many classes are shown: the first that come
     * @param columns how many pictures of each
     * @param side the longer side of a picture, in pixels
     */
    public ContactSheet(int rows, int columns, int side) {
        if (rows < 1 || columns < 1 || side < 1) {
            throw new IllegalArgumentException(rows + "x" + columns + " pictures of " + side);
        }
        this.rows = rows;
        this.columns = columns;
        this.side = side;
    }

    /** Count an item of a class; return whether a picture of it is wanted. */
    public boolean count(String name) {
        if (!byName.containsKey(name) && byName.size() == rows) {
            beyond++;
            return false;
        }
        Row row = byName.computeIfAbsent(name, its -> new Row());
        row.count++;
        return row.cells.size() < columns;
    }

    /** Show a picture in the row of a class that was counted; it is made smaller at once. */
    public void show(String name, Picture picture, String caption) {
        Row row = byName.get(name);
        if (row == null || row.cells.size() == columns) {
            throw new IllegalArgumentException("no picture of '" + name + "' is wanted");
        }
        row.cells.add(new Sheet.Cell(small(picture, side), caption));
    }

    /** Return a picture whose longer side is at most this. */
    public static Picture small(Picture picture, int side) {
        return Math.max(picture.width(), picture.height()) <= side
                ? picture
                : Drawing.fitted(picture, side, side);
    }

    /**
     * Return the page, to be refined and saved.
     *
     * @throws IllegalStateException if there is nothing to show
     */
    public Sheet sheet(String title) {
        int widest = byName.values().stream().mapToInt(row -> row.cells.size()).max().orElse(0);
        if (widest == 0) {
            throw new IllegalStateException("a contact sheet without pictures");
        }
        Sheet sheet = Sheet.titled(title).columns(Collections.nCopies(widest, "")).cells(side);
        for (Map.Entry<String, Row> entry : byName.entrySet()) {
            Row row = entry.getValue();
            if (!row.cells.isEmpty()) {
                String count = row.count == 1 ? "1 item" : row.count + " items";
                sheet = sheet.row(entry.getKey(), List.of(count), row.cells);
            }
        }
        return beyond == 0 ? sheet : sheet.footer("and " + beyond + " items of other classes");
    }
}
