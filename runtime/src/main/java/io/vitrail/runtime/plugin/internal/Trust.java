package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import io.vitrail.runtime.plugin.PluginLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Say which plugins may be loaded.
 *
 * @param named the locks that hold wherever a plugin lies; without them that of its own folder does
 */
record Trust(List<Path> named) {

    /** Return the locks that govern a plugin; none if all is trusted. */
    List<Path> locks(Path source) {
        if (!named.isEmpty()) {
            return named;
        }
        Path own = source.resolveSibling(PluginLock.FILE_NAME);
        return Files.exists(own) ? List.of(own) : List.of();
    }

    /**
     * Return what keeps a plugin from being loaded; a lock that cannot be read trusts nothing.
     *
     * @param sha256 of what would be loaded
     */
    Optional<Problem> problem(Path source, String id, String sha256) {
        for (Path lock : locks(source)) {
            try {
                PluginLock list = PluginLock.read(lock);
                if (list.find(sha256).isEmpty()) {
                    return Optional.of(refusal(lock, list, source, id, sha256));
                }
            } catch (VitrailException e) {
                return Optional.of(
                        new Problem(Stage.TRUST, e.getMessage(), "mend the lock, or delete it"));
            }
        }
        return Optional.empty();
    }

    private static Problem refusal(
            Path lock, PluginLock list, Path source, String id, String sha256) {
        String cause =
                list.knows(id)
                        ? "its content is not what " + lock + " lists for '" + id + "'"
                        : "is not listed in " + lock;
        return new Problem(
                Stage.TRUST,
                cause + "; its SHA-256 is " + sha256,
                "if you trust "
                        + source.getFileName()
                        + ", add the line: "
                        + sha256
                        + "  "
                        + id
                        + "  -  "
                        + source.getFileName());
    }
}
