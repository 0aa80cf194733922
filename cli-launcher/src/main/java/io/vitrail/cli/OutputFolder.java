package io.vitrail.cli;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import io.vitrail.render.FileBeside;
import io.vitrail.render.UnwrittenException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The folder that {@code -o} names. */
final class OutputFolder {
    private OutputFolder() {}

    /**
     * Refuse a folder that cannot be made or written, before any work is done for it.
     *
     * @throws VitrailException of kind {@code USAGE}
     */
    static void check(Path folder) {
        Path there = folder.toAbsolutePath().normalize();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw VitrailException.usage(
                    "-o "
                            + folder
                            + ": "
                            + (there.equals(folder.toAbsolutePath().normalize())
                                    ? ""
                                    : there + " is ")
                            + "a file, not a folder");
        }
        if (!Files.isWritable(there)) {
            throw refused(folder, "permission denied in " + there);
        }
    }

    /**
     * Make the folder if it is not there.
     *
     * @throws VitrailException of kind {@code USAGE} if it cannot be made or written
     */
    static void create(Path folder) {
        check(folder);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw refused(folder, FileProblem.said(e));
        }
    }

    /**
     * Take away what a run that was killed had begun to write; only for whoever has the lock.
     *
     * @throws io.vitrail.render.UnwrittenException if it cannot be taken away
     */
    static void sweep(Path folder) {
        try (Stream<Path> files =
                Files.find(
                        folder, Integer.MAX_VALUE, (file, kind) -> FileBeside.isUnfinished(file))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UnwrittenException(folder, e);
        } catch (UncheckedIOException e) {
            throw new UnwrittenException(folder, e.getCause());
        }
    }

    private static VitrailException refused(Path folder, String why) {
        return VitrailException.usage(
                "-o "
                        + folder
                        + ": this folder cannot be written: "
                        + why
                        + "\n  do:  name another, or check its permissions");
    }
}
