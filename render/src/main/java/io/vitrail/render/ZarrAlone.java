package io.vitrail.render;

import io.vitrail.api.VitrailException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of items that are no row of a common array, for they have a shape of their own: at
 * {@code items/ROW/PLACE}, where PLACE is that of the common array.
 */
final class ZarrAlone {
    /** The name of the folder. */
    static final String FOLDER = "items";

    private final Path root;
    private boolean any;

    ZarrAlone(Path root) {
        this.root = root;
        this.any = Files.isDirectory(root.resolve(FOLDER));
    }

    void write(int row, String place, NpyArray item) {
        String path = FOLDER + "/" + row + "/" + place;
        ZarrLayout.groups(root, path);
        any = true;
        ZarrRow shape = ZarrRow.of(item);
        Path folder = root.resolve(path);
        if (shape.bytes() > 0) {
            FileBeside.write(chunk(folder, shape), stream -> NpyData.writeNumbers(item, stream));
        }
        ZarrJson.write(folder.resolve(".zarray"), ZarrJson.alone(shape));
    }

    /**
     * Return an array, with a first axis of size 1; null if there is none.
     *
     * @throws VitrailException of kind input if it is damaged
     */
    @Nullable NpyArray read(int row, String place) throws IOException {
        Path folder = root.resolve(FOLDER).resolve(Integer.toString(row)).resolve(place);
        if (!any || !Files.exists(folder.resolve(".zarray"))) {
            return null;
        }
        ZarrRow shape = ZarrJson.aloneRow(folder.resolve(".zarray"));
        Path chunk = chunk(folder, shape);
        if (shape.bytes() == 0) {
            return null;
        }
        if (Files.size(chunk) != shape.bytes()) {
            throw Npy.wrongLength(chunk.toString(), Files.size(chunk), shape.bytes());
        }
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(chunk))) {
            return NpyData.read(shape.header(), stream, chunk.toString());
        }
    }

    private static Path chunk(Path folder, ZarrRow shape) {
        List<String> zeros = shape.shape().stream().map(n -> "0").toList();
        return folder.resolve(zeros.isEmpty() ? "0" : String.join(".", zeros));
    }

    /** Remove all arrays of an item. */
    void clear(int row) throws IOException {
        if (any) {
            delete(root.resolve(FOLDER).resolve(Integer.toString(row)));
        }
    }

    /** Remove those of all items from one on. */
    void cut(int rows) throws IOException {
        if (!any) {
            return;
        }
        List<Path> beyond = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root.resolve(FOLDER))) {
            for (Path folder : (Iterable<Path>) folders::iterator) {
                String row = folder.getFileName().toString();
                if (row.matches("\\d{1,9}") && Integer.parseInt(row) >= rows) {
                    beyond.add(folder);
                }
            }
        }
        for (Path folder : beyond) {
            delete(folder);
        }
    }

    /** Remove all. */
    void clear() throws IOException {
        delete(root.resolve(FOLDER));
        any = false;
    }

    /** Delete a folder and what is in it; links in it are not followed. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> inside;
        try (Stream<Path> all = Files.walk(folder)) {
            inside = all.toList();
        }
        for (int i = inside.size() - 1; i >= 0; i--) {
            Files.delete(inside.get(i));
        }
    }
}
