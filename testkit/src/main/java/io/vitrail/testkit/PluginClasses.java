package io.vitrail.testkit;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compile the sources of a plugin. */
final class PluginClasses {
    static final String MODULE = "module-info";

    private PluginClasses() {}

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("string:///" + type + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /**
     * Return the class files by their paths.
     *
     * @param plugin for errors
     * @param sources by the name of their types
     * @param moduleVersion empty for none
     * @throws IllegalStateException if a source does not compile
     */
    static Map<String, byte[]> compiled(
            String plugin,
            Map<String, String> sources,
            Collection<Path> libraries,
            String moduleVersion)
            throws IOException {
        if (sources.isEmpty()) {
            return Map.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("no compiler: run the tests with a JDK");
        }
        boolean modular = sources.containsKey(MODULE);
        Path classes = Files.createTempDirectory("plugin-classes");
        StringWriter errors = new StringWriter();
        String path =
                String.join(File.pathSeparator, libraries.stream().map(Path::toString).toList());
        List<String> options = new ArrayList<>(List.of("--release", "17", "-proc:none", "-nowarn"));
        options.addAll(List.of("-d", classes.toString()));
        options.addAll(List.of(modular ? "--module-path" : "--class-path", path));
        if (modular && !moduleVersion.isEmpty()) {
            options.addAll(List.of("--module-version", moduleVersion));
        }
        List<Source> units = new ArrayList<>();
        sources.forEach((type, text) -> units.add(new Source(type, text)));
        boolean sound = compiler.getTask(errors, null, null, options, null, units).call();
        Map<String, byte[]> files = taken(classes);
        if (!sound) {
            throw new IllegalStateException(plugin + " does not compile:\n" + errors);
        }
        return files;
    }

    /** Take what the compiler left in a folder, and delete the folder. */
    private static Map<String, byte[]> taken(Path folder) throws IOException {
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
