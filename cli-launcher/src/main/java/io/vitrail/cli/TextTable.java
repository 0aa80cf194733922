package io.vitrail.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lay out rows of words in columns as wide as their widest word. */
final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();
    private int[] least = {};

    TextTable(String... headings) {
        row((Object[]) headings);
    }

    /** Return a table that goes on below this one, its columns as wide at least. */
    TextTable next() {
        TextTable next = new TextTable();
        next.rows.clear();
        next.least = widths();
        return next;
    }

    TextTable row(Object... words) {
        List<String> row = new ArrayList<>();
        for (Object word : words) {
            row.add(printable(String.valueOf(word)));
        }
        rows.add(row);
        return this;
    }

    /** A name from a file must not steer the terminal. */
    private static String printable(String word) {
        return word.replaceAll("\\p{Cntrl}", "?");
    }

    private int[] widths() {
        int columns = rows.get(0).size();
        int[] widths = Arrays.copyOf(least, columns);
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    /** Return the lines, each without blanks at its end. */
    @Override
    public String toString() {
        int columns = rows.get(0).size();
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
