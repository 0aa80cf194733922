package io.vitrail.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Take what the compiler left in a folder, and delete the folder. */
final class PluginClasses {
    private PluginClasses() {}

    static Map<String, byte[]> taken(Path folder) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
                if (Files.isRegularFile(file)) {
                    String name = folder.relativize(file).toString().replace('\\', '/');
                    classes.put(name, Files.readAllBytes(file));
                }
                Files.delete(file);
            }
        }
        return classes;
    }
}
