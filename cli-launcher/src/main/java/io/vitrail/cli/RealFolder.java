package io.vitrail.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A folder that is there, as the system knows it, whatever links lead to it. Not thread-safe. */
final class RealFolder {
    private final Path folder;
    private @Nullable Path asked; // files come folder by folder
    private @Nullable Path found;

    private RealFolder(Path folder) {
        this.folder = folder;
    }

    /** Return the folder, empty if there is none of this name. */
    static Optional<RealFolder> of(Path folder) {
        return Optional.ofNullable(real(folder)).map(RealFolder::new);
    }

    /** Return whether a path leads to this folder. */
    boolean is(Path other) {
        return folder.equals(real(other));
    }

    /** Return whether a path leads to this folder or one below it. */
    boolean holds(Path other) {
        Path real = real(other);
        return real != null && real.startsWith(folder);
    }

    /** Return the name of a file from this folder on, with slashes, if it lies here or below. */
    Optional<String> nameOf(Path file) {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            return Optional.empty();
        }
        if (!parent.equals(asked)) {
            asked = parent;
            found = real(parent);
        }
        return Optional.ofNullable(found)
                .filter(real -> real.startsWith(folder))
                .map(real -> folder.relativize(real.resolve(absolute.getFileName())))
                .map(name -> name.toString().replace(File.separatorChar, '/'));
    }

    private static @Nullable Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return null; // it is not there
        }
    }
}
