package org.example.npz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The arrays of an npz file, which is a zip of npy files. Nothing is unpacked that is not read. */
final class Npz {
    private static final int MOST_ARRAYS = 1000;
    private static final long MOST_BYTES = 1L << 30;

    private Npz() {}

    /**
     * Read and check every array.
     *
     * @throws IOException if the file cannot be read or is no zip
     * @throws IllegalArgumentException if it holds what it should not
     */
    static Map<String, Npy> read(Path file) throws IOException {
        Map<String, Npy> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > MOST_ARRAYS) {
                throw new IllegalArgumentException(
                        zip.size() + " entries; at most " + MOST_ARRAYS + " are read");
            }
            long left = MOST_BYTES;
            for (ZipEntry entry : Collections.list(zip.entries())) {
                byte[] content = content(zip, entry, left);
                left -= content.length;
                String name = entry.getName().replaceFirst("\\.npy$", "");
                if (arrays.put(name, Npy.parse(entry.getName(), content)) != null) {
                    throw new IllegalArgumentException("two arrays are called '" + name + "'");
                }
            }
        }
        return arrays;
    }

    /** What an entry says of its size is believed only as far as it is there. */
    private static byte[] content(ZipFile zip, ZipEntry entry, long most) throws IOException {
        if (entry.getSize() < 0 || entry.getSize() > most) {
            throw new IllegalArgumentException(
                    "entry '" + entry.getName() + "' has " + entry.getSize() + " bytes; in all at"
                            + " most " + MOST_BYTES + " are read");
        }
        byte[] content;
        try (InputStream bytes = zip.getInputStream(entry)) {
            content = bytes.readNBytes((int) entry.getSize() + 1);
        }
        CRC32 sum = new CRC32();
        sum.update(content);
        if (content.length != entry.getSize() || sum.getValue() != entry.getCrc()) {
            throw new IllegalArgumentException(
                    "entry '" + entry.getName() + "' is damaged: its size or checksum is another");
        }
        return content;
    }
}
