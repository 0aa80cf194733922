package io.vitrail.spark;

import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import java.nio.file.InvalidPathException;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * A picture, not read yet; two with the same content are two.
 *
 * <p>Kept as the bytes of its file, or as the name of one: decoded, a batch of photographs could be
 * more than an executor's memory.
 */
final class Item {
    private final @Nullable String path;
    private final byte @Nullable [] content;
    private final boolean hasContent;

    /** Take a row of name, content, and whether there is a column of contents. */
    Item(Row row) {
        path = row.getString(0);
        content = row.<byte[]>getAs(1);
        hasContent = row.getBoolean(2);
    }

    /** Return its name; null where its row has none. */
    @Nullable String path() {
        return path;
    }

    /** Return what reads it when its batch comes. */
    Supplier<Picture> later() {
        return this::read;
    }

    /** Return whether it can be read. */
    boolean isReadable() {
        try {
            read();
            return true;
        } catch (VitrailException e) {
            return false;
        }
    }

    /**
     * Read it.
     *
     * @throws VitrailException of kind {@code INPUT} if it is no picture that can be read
     */
    private Picture read() {
        if (content != null) {
            return Picture.read(content, path == null ? "a picture without a path" : path);
        }
        if (hasContent) {
            throw VitrailException.input(path + ": its content is null");
        }
        if (path == null) {
            throw VitrailException.input("a row whose path is null");
        }
        try {
            return Picture.read(LocalFile.of(path));
        } catch (InvalidPathException e) {
            throw VitrailException.input(
                    path
                            + ": "
                            + e.getReason()
                            + "\n  do:  read it with spark.read().format(\"binaryFile\")");
        }
    }
}
