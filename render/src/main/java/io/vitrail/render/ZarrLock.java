package io.vitrail.render;

import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Keep a folder for one writer, and from a writer whose folder it is not. */
final class ZarrLock {
    private ZarrLock() {}

    /**
     * Return the lock, which holds until it is closed; the system opens it where a program ends.
     *
     * @param file the name of its file, in the folder
     * @throws VitrailException of kind usage if another has it
     */
    static FileChannel of(Path folder, Path file) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        FileChannel channel =
                FileChannel.open(
                        folder.resolve(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            ours = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // held by this very program
        } finally {
            if (!ours) {
                channel.close();
            }
        }
        if (!ours) {
            throw VitrailException.usage(
                    folder
                            + ": another run is writing into this store"
                            + "\n  do:  wait for it, or name another folder");
        }
        return channel;
    }

    /**
     * Return whether a folder is not there, or is empty but for what a program left that was killed
     * before there was a store.
     */
    static boolean isFree(Path folder, Path file) throws IOException {
        if (!Files.isDirectory(folder)) {
            return !Files.exists(folder);
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            return inside.filter(one -> !Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                    .allMatch(one -> one.endsWith(file) || FileBeside.isUnfinished(one));
        }
    }
}
