package io.vitrail.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Map files into memory. */
public final class FileMap {
    private FileMap() {}

    /**
     * Return the bytes of a file, little-endian, direct, read when they are touched.
     *
     * <p>The map is private, so that an engine that writes into an array made of it alters its own
     * copy of the page and neither fails nor alters the file.
     *
     * @throws ArchiveRefusal if the file is empty, or larger than 2 GiB
     */
    public static ByteBuffer of(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return map(channel, MapMode.PRIVATE);
        } catch (FileSystemException e) { // not ours to write: read-only is enough
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return map(channel, MapMode.READ_ONLY);
            }
        }
    }

    private static ByteBuffer map(FileChannel channel, MapMode mode) throws IOException {
        long size = channel.size();
        if (size == 0) {
            throw new ArchiveRefusal(ArchiveRefusal.Kind.EMPTY, "byte 0", "the file is empty");
        }
        if (size > Integer.MAX_VALUE) {
            throw new ArchiveRefusal(
                    ArchiveRefusal.Kind.TOO_LARGE,
                    "its size of " + size + " bytes",
                    "files beyond 2 GiB are not read");
        }
        return channel.map(mode, 0, size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
