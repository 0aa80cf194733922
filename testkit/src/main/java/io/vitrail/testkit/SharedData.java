package io.vitrail.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;

/**
 * Find the reference models and results, a folder named by the system property {@code
 * vitrail.shared}.
 *
 * <p>Where it is absent, the test that asks is skipped and says so.
 */
public final class SharedData {
    private SharedData() {}

    /**
     * Return a file below {@code data/models}, unpacked into {@code target/models} if it is stored
     * as {@code .gz}.
     */
    public static Path model(String name) {
        Path plain = folder().resolve("data/models").resolve(name);
        if (Files.exists(plain)) {
            return plain;
        }
        Path packed = plain.resolveSibling(plain.getFileName() + ".gz");
        assumeTrue(Files.exists(packed), () -> "skipped: there is no " + plain);
        Path whole = Path.of("target/models").resolve(name);
        return Files.exists(whole) ? whole : unpack(packed, whole);
    }

    /** Return the arrays of a file below {@code data/references}. */
    public static ReferenceArrays reference(String name) {
        Path file = folder().resolve("data/references").resolve(name);
        assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
        return ReferenceArrays.read(file);
    }

    /** Return a file below {@code data/images}. */
    public static Path picture(String name) {
        Path file = folder().resolve("data/images").resolve(name);
        assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
        return file;
    }

    /**
     * Return a file that has another one beside it: itself, or a copy in that one's folder, where
     * that one had to be unpacked.
     */
    static Path beside(Path file, Path other) {
        if (file.getParent().equals(other.getParent())) {
            return file;
        }
        Path copy = other.resolveSibling(file.getFileName());
        try {
            if (!Files.exists(copy)) {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        String name = System.getProperty("vitrail.shared", "");
        assumeTrue(
                !name.isEmpty() && Files.isDirectory(Path.of(name)),
                () ->
                        "skipped: no reference data; -Dvitrail.shared names their folder, now '"
                                + name
                                + "'");
        return Path.of(name);
    }

    private static Path unpack(Path packed, Path whole) {
        try {
            Files.createDirectories(whole.getParent());
            Path part = Files.createTempFile(whole.getParent(), "unpacking", ".part");
            try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            try {
                return Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                return Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
