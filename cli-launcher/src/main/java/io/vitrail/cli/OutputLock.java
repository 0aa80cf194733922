package io.vitrail.cli;

import io.vitrail.api.VitrailException;
import io.vitrail.render.UnwrittenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keep a folder of results to one run at a time.
 *
 * <p>The system lets go of the lock of a process that ends, however it ends.
 */
final class OutputLock implements AutoCloseable {
    private static final String FILE = ".vitrail.lock";

    /** Behind what is written, so that others may read that. */
    private static final long BYTE = 1L << 40;

    private final Path file;
    private final FileChannel channel;

    private OutputLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Take the lock of a folder.
     *
     * @throws VitrailException of kind {@code USAGE} if another run has it
     * @throws UnwrittenException if nothing can be written there
     */
    static OutputLock of(Path folder) {
        Path file = folder.resolve(FILE);
        String own = ProcessHandle.current().pid() + " " + System.nanoTime();
        try {
            for (; ; ) {
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (lock(channel) == null) {
                    channel.close();
                    throw taken(folder, file);
                }
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(own.getBytes(StandardCharsets.UTF_8)), 0);
                // whoever had it may have deleted the file in between; then this is another one
                if (read(file).equals(own)) {
                    return new OutputLock(file, channel);
                }
                channel.close();
            }
        } catch (IOException e) {
            throw new UnwrittenException(file, e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(BYTE, 1, false);
        } catch (OverlappingFileLockException e) { // another run of this process
            return null;
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static VitrailException taken(Path folder, Path file) throws IOException {
        return VitrailException.usage(
                "-o "
                        + folder
                        + ": another run writes there: process "
                        + read(file).split(" ")[0]
                        + "\n  do:  wait for its end, or name another folder");
    }

    /** Let go of the lock, and leave nothing of it. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UnwrittenException(file, e);
        }
    }
}
