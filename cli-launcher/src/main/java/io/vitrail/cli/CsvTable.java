package io.vitrail.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The numbers of a {@code .csv} file, and the names of their columns.
 *
 * <p>UTF-8; cells parted by commas, semicolons or tabs, whichever the first line has most of; a
 * decimal point; up to 16,384 columns. A first line with a cell that is no number is the header. A
 * column that the header calls {@code word} holds text.
 *
 * @param header the names of the columns of numbers; empty where the file has no header
 * @param rows of numbers, each as long
 * @param lines in which line of the file each row is, from 1
 * @param words the texts of the column {@code word}, one a row; empty where there is none
 */
record CsvTable(List<String> header, double[][] rows, long[] lines, List<String> words) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[\\d.]+(?:[eE][+-]?\\d{1,4})?");
    private static final String WORD = "word";
    private static final int MOST_OF_A_LINE = 1 << 20;
    private static final int START = 65_536;

    /** A number of two bytes becomes one of eight, and the list of rows grows by copying. */
    private static final int ROOM_OF_A_BYTE = 16;

    /**
     * Read a file.
     *
     * @throws VitrailException of kind {@code INPUT} if it is missing, too large, no UTF-8 text,
     *     has no rows, a row of another length, or a cell that is no number; with line and column
     */
    static CsvTable read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw VitrailException.input(file + ": no such file\n  do:  check the name");
        }
        try {
            if (Files.size(file) > Runtime.getRuntime().maxMemory() / ROOM_OF_A_BYTE) {
                throw VitrailException.input(
                        file
                                + ": "
                                + Files.size(file)
                                + " bytes of text are too many for this Java\n"
                                + "  do:  write it as .npy, or start Java with a larger -Xmx");
            }
            char separator = separator(file);
            try (CsvReader<CsvRecord> records =
                    CsvReader.builder()
                            .fieldSeparator(separator)
                            .maxBufferSize(MOST_OF_A_LINE)
                            .allowExtraFields(true)
                            .allowMissingFields(true)
                            .ofCsvRecord(text(file))) {
                return new CsvRows(file).read(records);
            }
        } catch (CharacterCodingException e) {
            throw refused(file, "no text in UTF-8");
        } catch (CsvParseException | UncheckedIOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof CharacterCodingException
                    ? refused(file, "no text in UTF-8")
                    : refused(file, "no sound CSV: " + cause.getMessage());
        } catch (IOException e) {
            throw VitrailException.input(file + ": cannot be read: " + FileProblem.said(e));
        }
    }

    /** Malformed text is an error, not a question mark; a mark of byte order is passed by. */
    private static Reader text(Path file) throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()));
        reader.mark(1);
        if (reader.read() != '\ufeff') {
            reader.reset();
        }
        return reader;
    }

    private static char separator(Path file) throws IOException {
        byte[] start;
        try (InputStream stream = Files.newInputStream(file)) {
            start = stream.readNBytes(START);
        }
        int[] counts = new int[3];
        for (byte letter : start) {
            if (letter == '\n' || letter == '\r') {
                break;
            }
            int kind = ",;\t".indexOf(letter);
            if (kind >= 0) {
                counts[kind]++;
            }
        }
        int most = counts[1] > counts[0] ? 1 : 0;
        return ",;\t".charAt(counts[2] > counts[most] ? 2 : most);
    }

    private static VitrailException refused(Path file, String what) {
        return VitrailException.input(file + ": " + what + "\n  do:  make or copy it anew");
    }

    /** Return the number of columns of numbers. */
    int columns() {
        return rows[0].length;
    }

    /** Take the records of one file, one after the other. */
    private static final class CsvRows {
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
                throw refused(file, "no rows of numbers");
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
                throw refused(file, "words only, no column of numbers");
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
}
