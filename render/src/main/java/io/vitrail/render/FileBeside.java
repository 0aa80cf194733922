package io.vitrail.render;

import io.vitrail.api.VitrailException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** Write a file beside its place and move it there when it is whole. */
public final class FileBeside {
    private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.\\d+-\\d+\\.part");

    private FileBeside() {}

    /** What puts the bytes into the file. */
    @FunctionalInterface
    public interface Content {
        /** Write all bytes; the stream is closed by the caller. */
        void writeTo(OutputStream stream) throws IOException;
    }

    /**
     * Write a file whole or not at all; missing folders are made, an older file is replaced.
     *
     * @throws UnwrittenException if the folder cannot be written or is full
     */
    public static void write(Path file, Content content) {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) {
            throw VitrailException.usage(file + ": not the name of a file");
        }
        Path beside =
                folder.resolve(
                        "."
                                + target.getFileName()
                                + "."
                                + ProcessHandle.current().pid()
                                + "-"
                                + Thread.currentThread().getId()
                                + ".part");
        try {
            Files.createDirectories(folder);
            try {
                try (OutputStream stream =
                        new BufferedOutputStream(
                                Files.newOutputStream(
                                        beside,
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.TRUNCATE_EXISTING,
                                        StandardOpenOption.WRITE))) {
                    content.writeTo(stream);
                }
                move(beside, target);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new UnwrittenException(file, e);
        }
    }

    /**
     * Return whether a file is one that {@link #write} had begun when its process ended; while the
     * process lives, it writes there.
     */
    public static boolean isUnfinished(Path file) {
        return UNFINISHED.matcher(String.valueOf(file.getFileName())).matches();
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
