package io.vitrail.cli;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.vitrail.api.VitrailException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Take the records of one file, one after the other. */
final class CsvRows {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[\\d.]+(?:[eE][+-]?\\d{1,4})?");
    private static final String WORD = "word";

    private final Path file;
    private final List<double[]> rows = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private long[] lines = new long[16];
    private List<String> header = List.of();
    private int wordColumn = -1;
    private int columns = -1;

    CsvRows(Path file) {
        this.file = file;
    }

    CsvTable read(CsvReader<CsvRecord> records) {
        for (CsvRecord record : records) {
            if (columns < 0) {
                columns = record.getFieldCount();
                if (record.getFields().stream().anyMatch(cell -> !isNumber(cell.strip()))) {
                    takeHeader(record);
                    continue;
                }
            }
            take(record);
        }
        if (rows.isEmpty()) {
            throw CsvTable.refused(file, "no rows of numbers");
        }
        List<String> named = new ArrayList<>(header);
        if (wordColumn >= 0) {
            named.remove(wordColumn);
        }
        return new CsvTable(
                List.copyOf(named),
                rows.toArray(double[][]::new),
                Arrays.copyOf(lines, rows.size()),
                List.copyOf(words));
    }

    private void takeHeader(CsvRecord record) {
        header = record.getFields().stream().map(String::strip).toList();
        for (int i = 0; i < columns && wordColumn < 0; i++) {
            wordColumn = header.get(i).equalsIgnoreCase(WORD) ? i : -1;
        }
        if (wordColumn >= 0 && columns == 1) {
            throw CsvTable.refused(file, "words only, no column of numbers");
        }
    }

    private void take(CsvRecord record) {
        long line = record.getStartingLineNumber();
        if (record.getFieldCount() != columns) {
            throw VitrailException.input(
                    file
                            + ": line "
                            + line
                            + ": "
                            + record.getFieldCount()
                            + (record.getFieldCount() == 1 ? " cell" : " cells")
                            + " where the first line has "
                            + columns
                            + "\n  do:  give every row as many");
        }
        double[] row = new double[wordColumn < 0 ? columns : columns - 1];
        int at = 0;
        for (int i = 0; i < columns; i++) {
            if (i == wordColumn) {
                words.add(record.getField(i));
            } else {
                row[at++] = number(record.getField(i).strip(), line, i);
            }
        }
        if (rows.size() == lines.length) {
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        lines[rows.size()] = line;
        rows.add(row);
    }

    private double number(String cell, long line, int column) {
        double number = isNumber(cell) ? parsed(cell) : Double.NaN;
        if (Double.isFinite(number)) {
            return number;
        }
        String name = header.isEmpty() ? "" : " ('" + header.get(column) + "')";
        String shown = cell.length() > 40 ? cell.substring(0, 40) + "..." : cell;
        throw VitrailException.input(
                file
                        + ": line "
                        + line
                        + ", column "
                        + (column + 1)
                        + name
                        + ": "
                        + (cell.isEmpty() ? "an empty cell" : "'" + shown + "' is no number")
                        + "\n  do:  write every cell as a number such as 0.25 or -3e-2; texts"
                        + " go into a column 'word'");
    }

    private static boolean isNumber(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    /** Two points are no number, and the pattern lets them pass. */
    private static double parsed(String cell) {
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
