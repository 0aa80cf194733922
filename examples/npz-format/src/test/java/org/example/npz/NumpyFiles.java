package org.example.npz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files that NumPy wrote, and some that it would not. */
final class NumpyFiles {
    private NumpyFiles() {}

    /** Copy what {@code make.py} made. */
    static Path copy(String name, Path folder) throws IOException {
        Path file = folder.resolve(name);
        Files.deleteIfExists(file);
        try (InputStream bytes = NumpyFiles.class.getResourceAsStream(name)) {
            Files.copy(Objects.requireNonNull(bytes), file);
        }
        return file;
    }

    /** Return an npy file with this header and so many floats, all 1. */
    static byte[] npy(String header, int floats) {
        byte[] text = (header + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(10 + text.length + 4 * floats).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) text.length).put(text);
        for (int i = 0; i < floats; i++) {
            bytes.putFloat(1);
        }
        return bytes.array();
    }

    /** Return an npy file of floats of this shape, as {@code 3, 4}. */
    static byte[] ones(String shape, int floats) {
        return npy("{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }", floats);
    }

    static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : List.copyOf(entries.keySet())) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(entries.get(name));
            }
        }
        return file;
    }
}
