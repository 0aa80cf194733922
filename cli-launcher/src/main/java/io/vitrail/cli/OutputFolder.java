package io.vitrail.cli;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

    private static VitrailException refused(Path folder, String why) {
        return VitrailException.usage(
                "-o "
                        + folder
                        + ": this folder cannot be written: "
                        + why
                        + "\n  do:  name another, or check its permissions");
    }
}
