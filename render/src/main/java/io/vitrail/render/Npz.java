package io.vitrail.render;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Read and write {@code .npz} files: named arrays in a zip archive, packed or not. */
public final class Npz {
    private static final int MAX_ENTRIES = 100_000;
    private static final int MAX_DEFLATION = 1032; // what deflate can do at most
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private Npz() {}

    /** Read all arrays by name, in the order of the file; see the other form. */
    public static Map<String, NpyArray> read(Path file) {
        return read(file, name -> true);
    }

    /**
     * Read the arrays whose names are wanted, in the order of the file.
     *
     * @throws VitrailException of kind input if the file is missing or no zip archive, or one of
     *     the wanted arrays is damaged, larger than its entry can hold, or of a type that {@link
     *     Npy} does not read
     */
    public static Map<String, NpyArray> read(Path file, Predicate<String> wanted) {
        if (!Files.isRegularFile(file)) {
            throw VitrailException.input(file + ": no such file\n  do:  check the name");
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > MAX_ENTRIES) {
                throw VitrailException.input(
                        file + ": " + zip.size() + " arrays\n  do:  write fewer into one file");
            }
            for (ZipEntry entry : List.copyOf(zip.stream().toList())) {
                String name = entry.getName();
                if (name.endsWith(".npy")) {
                    String key = name.substring(0, name.length() - 4);
                    if (wanted.test(key)) {
                        arrays.put(key, read(zip, entry, file + ": '" + key + "'"));
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) { // the latter for undecodable names
            throw new VitrailException(
                    VitrailException.Kind.INPUT,
                    file + ": no sound .npz: " + e.getMessage() + "\n  do:  make or copy it anew",
                    e);
        }
        return arrays;
    }

    private static NpyArray read(ZipFile zip, ZipEntry entry, String place) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream stream =
                new CheckedInputStream(new BufferedInputStream(zip.getInputStream(entry)), crc)) {
            NpyHeader header = NpyHeader.read(stream, place);
            long expected = header.length() + (long) header.elements(place) * header.size();
            if (entry.getSize() != expected) {
                throw Npy.wrongLength(place, entry.getSize(), expected);
            }
            if (expected > (entry.getCompressedSize() + 64) * MAX_DEFLATION) {
                throw Npy.wrongLength(place, entry.getCompressedSize(), expected);
            }
            NpyArray array = NpyData.read(header, stream, place);
            if (stream.read() >= 0 || crc.getValue() != entry.getCrc()) {
                throw VitrailException.input(
                        place + ": its checksum is wrong\n  do:  make or copy it anew");
            }
            return array;
        }
    }

    /** Write arrays of type float32 or float64 under their names, not packed. */
    public static void write(Path file, Map<String, Values> arrays) {
        Map<String, NpyArray> typed = new LinkedHashMap<>();
        arrays.forEach((name, values) -> typed.put(name, NpyArray.of(values)));
        write(file, typed, false);
    }

    /**
     * Write arrays under their names, which may hold any characters, in the given order.
     *
     * <p>The same arrays give the same bytes. The file is written beside first, then moved.
     *
     * @param packed whether to deflate
     */
    public static void write(Path file, Map<String, NpyArray> arrays, boolean packed) {
        write(file, arrays, packed, "");
    }

    /**
     * Write arrays as the other form does, and say what made them.
     *
     * @param by the comment of each entry, where {@link java.util.zip.ZipEntry#getComment} finds it
     *     and numpy passes it by; empty for none
     */
    public static void write(Path file, Map<String, NpyArray> arrays, boolean packed, String by) {
        FileBeside.write(
                file,
                stream -> {
                    try (ZipOutputStream zip = new ZipOutputStream(stream)) {
                        for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
                            ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
                            entry.setTimeLocal(TIME);
                            entry.setComment(by.isEmpty() ? null : by);
                            put(zip, entry, array.getValue(), packed);
                        }
                    }
                });
    }

    private static void put(ZipOutputStream zip, ZipEntry entry, NpyArray array, boolean packed)
            throws IOException {
        if (packed) {
            zip.putNextEntry(entry);
            NpyData.write(array, zip);
        } else {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            NpyData.write(array, bytes);
            CRC32 crc = new CRC32();
            crc.update(bytes.toByteArray());
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.size());
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            bytes.writeTo(zip);
        }
        zip.closeEntry();
    }
}
