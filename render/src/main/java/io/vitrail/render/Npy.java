package io.vitrail.render;

import io.vitrail.api.VitrailException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Read and write {@code .npy} files: halves, floats, doubles, integers of any width and booleans.
 *
 * <p>Either byte order and C or Fortran order are read; little-endian in C order is written.
 */
public final class Npy {
    private Npy() {}

    /**
     * Read one array.
     *
     * @throws VitrailException of kind input if the file is missing, cut off, too long for what its
     *     header says, or holds objects, strings or structures
     */
    public static NpyArray read(Path file) {
        String place = file.toString();
        if (!Files.isRegularFile(file)) {
            throw VitrailException.input(place + ": no such file\n  do:  check the name");
        }
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            NpyHeader header = NpyHeader.read(stream, place);
            long expected = header.length() + (long) header.elements(place) * header.size();
            if (Files.size(file) != expected) {
                throw wrongLength(place, Files.size(file), expected);
            }
            return NpyData.read(header, stream, place);
        } catch (IOException e) {
            throw unreadable(place, e);
        }
    }

    /** Write one array, beside the file first, then moved in its place. */
    public static void write(Path file, NpyArray array) {
        FileBeside.write(file, stream -> NpyData.write(array, stream));
    }

    static VitrailException wrongLength(String place, long length, long expected) {
        return VitrailException.input(
                place
                        + ": "
                        + length
                        + " bytes, its header needs "
                        + expected
                        + "\n  do:  make or copy it anew");
    }

    static VitrailException unreadable(String place, IOException e) {
        return new VitrailException(
                VitrailException.Kind.INPUT,
                place + ": cannot be read: " + e.getMessage() + "\n  do:  make or copy it anew",
                e);
    }
}
