package io.vitrail.cli;

import io.vitrail.runtime.Vitrail;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Know where plugins lie beside those that {@code --plugins} names.
 *
 * @param own the user's own folder, where {@code vitrail plugins install} puts them
 * @param user whether the user's folders are searched: the own one and those of {@code
 *     VITRAIL_PLUGINS}
 * @param cache where private copies of plugins are kept; empty for the user's own place
 * @param distribution the folder that came with Vitrail, if it runs from one
 */
record PluginSources(Path own, boolean user, Optional<Path> cache, Optional<Path> distribution) {

    /** Return those of this process; the start script says where Vitrail lies. */
    static PluginSources ofProcess() {
        return new PluginSources(
                Path.of(System.getProperty("user.home"), ".vitrail", "plugins"),
                true,
                Optional.empty(),
                Optional.ofNullable(System.getProperty("vitrail.home"))
                        .map(home -> Path.of(home, "plugins"))
                        .filter(Files::isDirectory));
    }

    /** Tell a Vitrail to be, the nearest first: of one plugin in two folders the first is used. */
    void applyTo(Vitrail.Builder builder, List<Path> named) {
        named.forEach(builder::plugins);
        if (user) {
            builder.userPlugins();
        }
        distribution.ifPresent(builder::plugins);
        cache.ifPresent(builder::pluginCache);
    }

    /** Return what {@code VITRAIL_PLUGINS} names and is not there. */
    List<Path> absent() {
        String said = System.getenv().getOrDefault("VITRAIL_PLUGINS", "");
        return Stream.of(said.split(File.pathSeparator))
                .filter(folder -> user && !folder.isBlank())
                .map(folder -> Path.of(folder.strip()))
                .filter(folder -> !Files.isDirectory(folder))
                .toList();
    }

    /** Return what to say of an {@link #absent} folder. */
    static String said(Path folder) {
        return "VITRAIL_PLUGINS names " + folder + ", which is no folder";
    }

    /** Return the folders whose plugins are installed and removed: those named, else the own. */
    List<Path> writable(List<Path> named) {
        return named.isEmpty() ? List.of(own) : new ArrayList<>(named);
    }
}
