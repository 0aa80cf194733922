package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Look where plugins lie. */
public final class PluginFolders {
    private PluginFolders() {}

    /** Return the folder where a user keeps plugins, whether or not it is there. */
    public static Path home() {
        return Path.of(System.getProperty("user.home"), ".vitrail", "plugins");
    }

    /** Return the user's folders that are there: the own one, and those of the environment. */
    public static List<Path> ofUser() {
        return ofUser(System.getenv().getOrDefault("VITRAIL_PLUGINS", ""));
    }

    /** What a shell has set for good must not stop a program on the day that a folder is gone. */
    static List<Path> ofUser(String environment) {
        List<Path> folders = new ArrayList<>(List.of(home()));
        for (String folder : environment.split(File.pathSeparator)) {
            if (!folder.isBlank()) {
                folders.add(Path.of(folder.strip()));
            }
        }
        return folders.stream().filter(Files::isDirectory).toList();
    }

    /**
     * Return the plugins that lie in a folder, by name: jars, and folders that do not begin with a
     * dot.
     *
     * @throws VitrailException of kind {@code USAGE} if the folder is missing or cannot be read
     */
    static List<Path> plugins(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw VitrailException.usage(
                    folder
                            + ": no such folder of plugins\n  do: create it, or name another; a single"
                            + " plugin is installed, not named");
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(PluginFolders::isPlugin).sorted().toList();
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    folder + ": cannot be listed: " + FileProblem.said(e),
                    e);
        }
    }

    private static boolean isPlugin(Path path) {
        String name = path.getFileName().toString();
        return !name.startsWith(".") && (Files.isDirectory(path) || isJar(path));
    }

    static boolean isJar(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jar") && !name.startsWith(".");
    }
}
