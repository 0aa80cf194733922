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
import java.util.List;

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

    static VitrailException refused(Path file, String what) {
        return VitrailException.input(file + ": " + what + "\n  do:  make or copy it anew");
    }

    /** Return the number of columns of numbers. */
    int columns() {
        return rows[0].length;
    }
}
