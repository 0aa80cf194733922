package io.vitrail.runtime;

import io.vitrail.api.VitrailException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Read the names of a model's classes. */
public final class Labels {
    private static final long MOST_BYTES = 16L << 20;

    private Labels() {}

    /**
     * Read a file with one name a line, in UTF-8; the first line is class 0.
     *
     * <p>Blanks around a name are dropped, and so are empty lines at the end.
     *
     * @throws VitrailException of kind {@code USAGE} if the file cannot be read, has more than 16
     *     MB or is no text
     */
    public static List<String> read(Path file) {
        String text = SmallFile.read(file, "labels", MOST_BYTES);
        List<String> labels = new ArrayList<>();
        text.lines().map(String::strip).forEach(labels::add);
        while (!labels.isEmpty() && labels.get(labels.size() - 1).isEmpty()) {
            labels.remove(labels.size() - 1);
        }
        if (labels.isEmpty()) {
            throw VitrailException.usage(file + ": no labels in it; write one class name a line");
        }
        return Collections.unmodifiableList(labels);
    }
}
