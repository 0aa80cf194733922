package io.vitrail.cli;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.PluginLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Put a plugin into a folder of plugins, or take it out, and keep the folder's lock in step.
 *
 * @param folder where plugins are installed
 */
record PluginInstall(Path folder) {

    /** Make the folder if it is not there. */
    void create() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw refused(folder, e);
        }
    }

    /** Return where a plugin is to lie. */
    Path place(Path from) {
        Path name = from.toAbsolutePath().normalize().getFileName();
        if (name == null) {
            throw VitrailException.usage(from + ": is no plugin; name a jar or a folder of jars");
        }
        return folder.toAbsolutePath().resolve(name);
    }

    /**
     * Copy a jar, or a folder of jars; what was there under this name is replaced, whole or not at
     * all.
     *
     * @return where it lies now
     */
    Path copy(Path from) {
        Path to = folder.resolve(place(from).getFileName());
        try {
            if (Files.exists(to) && Files.isSameFile(from, to)) {
                return to;
            }
            Path aside = folder.resolve("." + to.getFileName() + ".new");
            delete(aside);
            copyAll(from, aside);
            delete(to);
            Files.move(aside, to, StandardCopyOption.ATOMIC_MOVE);
            return to;
        } catch (IOException e) {
            throw refused(to, e);
        }
    }

    /** Of a folder only the files in it: that is all a plugin has. */
    private static void copyAll(Path from, Path to) throws IOException {
        if (Files.isRegularFile(from)) {
            Files.copy(from, to);
            return;
        }
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    /** Return whether a plugin lies here. */
    boolean holds(Path source) {
        Path parent = source.toAbsolutePath().normalize().getParent();
        return folder.toAbsolutePath().normalize().equals(parent);
    }

    /** Delete a plugin that lies here. */
    void remove(Path source) {
        try {
            delete(source);
        } catch (IOException e) {
            throw refused(source, e);
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isSymbolicLink(path) || !Files.isDirectory(path)) {
            Files.deleteIfExists(path);
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private static VitrailException refused(Path file, IOException e) {
        return new VitrailException(
                VitrailException.Kind.FAILURE,
                file + ": cannot be written: " + FileProblem.said(e),
                e);
    }

    /** Return the lock of this folder, whether or not it is there. */
    Path lock() {
        return folder.resolve(PluginLock.FILE_NAME);
    }

    /** Let the lock trust a plugin as it is, in the place of what it said of that file. */
    void trust(Plugin plugin, Path file) {
        List<PluginLock.Line> lines = linesWithout(file);
        lines.add(
                new PluginLock.Line(
                        plugin.sha256(),
                        plugin.id(),
                        plugin.version(),
                        String.valueOf(file.getFileName())));
        new PluginLock(lines).write(lock());
    }

    /** Let the lock forget what lay here. */
    void forget(Path file) {
        if (Files.exists(lock())) {
            new PluginLock(linesWithout(file)).write(lock());
        }
    }

    private List<PluginLock.Line> linesWithout(Path file) {
        List<PluginLock.Line> lines = new ArrayList<>();
        if (Files.exists(lock())) {
            lines.addAll(PluginLock.read(lock()).lines());
        }
        lines.removeIf(line -> line.file().equals(String.valueOf(file.getFileName())));
        return lines;
    }
}
