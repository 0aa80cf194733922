package io.vitrail.render;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Write the scores of a run as a table, comma-separated, in UTF-8.
 *
 * <p>A text with a comma, a quote or a line break stands in quotes, quotes in it doubled. A row
 * ends with a line feed. Numbers are the shortest that read back as the same.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
public final class ScoreTable {
    private static final String COLUMNS = "name,target,class,label,score,seconds,empty,failure\n";

    private ScoreTable() {}

    /**
     * What is said of an item and a target.
     *
     * @param name of the item
     * @param target its spelling, or empty
     * @param classNumber the class that the score is about, or empty
     * @param label the name of that class, or empty
     * @param score NaN where there is none: an empty field
     * @param seconds what the item took; NaN where that is not known
     * @param empty whether a map shows nothing
     * @param failure why nothing came of the item, or empty
     */
    public record Row(
            String name,
            String target,
            String classNumber,
            String label,
            double score,
            double seconds,
            boolean empty,
            String failure) {

        /** Return the row of an item of which nothing came. */
        public static Row failed(String name, String why) {
            return new Row(name, "", "", "", Double.NaN, Double.NaN, false, why);
        }

        /** Return the line of the table, with its end. */
        public String line() {
            return Stream.of(
                                    name,
                                    target,
                                    classNumber,
                                    label,
                                    number(score),
                                    number(seconds),
                                    String.valueOf(empty),
                                    failure)
                            .map(ScoreTable::field)
                            .collect(Collectors.joining(","))
                    + "\n";
        }
    }

    private static String number(double number) {
        if (Double.isNaN(number)) {
            return "";
        }
        return (float) number == number ? Float.toString((float) number) : Double.toString(number);
    }

    private static String field(String text) {
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /** Write rows; the file is written beside first, then moved. */
    public static void write(Path file, List<Row> rows) {
        write(file, rows.stream().map(Row::line).iterator());
    }

    /** Write rows that are lines already, without holding them; see {@link Row#line}. */
    public static void write(Path file, Iterator<String> lines) {
        FileBeside.write(
                file,
                stream -> {
                    put(stream, COLUMNS);
                    while (lines.hasNext()) {
                        put(stream, lines.next());
                    }
                });
    }

    private static void put(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
