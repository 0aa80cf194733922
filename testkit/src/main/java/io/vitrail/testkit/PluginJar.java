package io.vitrail.testkit;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.AttributionMethod;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Make the jar of a plugin from sources, for tests of what loads plugins.
 *
 * <pre>{@code
 * Path jar = PluginJar.named("quarters")
 *         .header("Vitrail-Plugin-Id", "quarters")
 *         .source(PluginJar.method("org.example.Quarters", "quarters", "return request.attribution(...);"))
 *         .service(AttributionMethod.class, "org.example.Quarters")
 *         .in(folder);
 * }</pre>
 *
 * <p>With a {@code module-info} among the sources it is a module, without one a plain jar. It is
 * compiled against Vitrail's api and what else is named; needs a JDK.
 */
public final class PluginJar {
    private final String name;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final Set<Path> libraries = new LinkedHashSet<>();
    private String moduleVersion = "";

    private PluginJar(String name) {
        this.name = name;
    }

    /** The api's descriptor names JSpecify, which only the compiler needs. */
    private static Optional<Path> annotations() {
        return Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
                .map(property -> System.getProperty(property, ""))
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .filter(entry -> String.valueOf(entry.getFileName()).startsWith("jspecify"))
                .findFirst();
    }

    /** Begin the jar {@code NAME.jar}. */
    public static PluginJar named(String name) {
        PluginJar jar = only(name).against(AttributionMethod.class).against(NDArray.class);
        annotations().ifPresent(jar::against);
        return jar;
    }

    /** Begin a jar that is compiled against nothing but what is named. */
    public static PluginJar only(String name) {
        return new PluginJar(name);
    }

    /** Add a source file; {@code module-info} too. Its place follows from its text. */
    public PluginJar source(String text) {
        String type =
                text.replaceFirst("(?s).*?\\b(class|interface|enum|record)\\s+(\\w+).*", "$2");
        String folder = text.replaceFirst("(?s).*?\\bpackage\\s+([\\w.]+)\\s*;.*", "$1");
        boolean descriptor = text.matches("(?s)\\s*(open\\s+)?module\\s.*");
        sources.put(
                descriptor ? PluginClasses.MODULE : folder.replace('.', '/') + "/" + type, text);
        return this;
    }

    /** List a provider in {@code META-INF/services}. */
    public PluginJar service(Class<?> service, String provider) {
        return service(service.getName(), provider);
    }

    /** List a provider in {@code META-INF/services}. */
    public PluginJar service(String service, String provider) {
        String entry = "META-INF/services/" + service;
        String before =
                new String(entries.getOrDefault(entry, new byte[0]), StandardCharsets.UTF_8);
        return entry(entry, (before + provider + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Say something in the manifest. */
    public PluginJar header(String key, String value) {
        headers.put(key, value);
        return this;
    }

    /** Add a file, or replace a class. */
    public PluginJar entry(String path, byte[] content) {
        entries.put(path, content);
        return this;
    }

    /** Record a version in the module. */
    public PluginJar moduleVersion(String version) {
        moduleVersion = version;
        return this;
    }

    /** Compile against the jar or folder that has this class. */
    public PluginJar against(Class<?> type) {
        URI place;
        try {
            place = type.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(type + " comes from nowhere", e);
        }
        return against(Path.of(place));
    }

    /** Compile against a jar or folder. */
    public PluginJar against(Path library) {
        libraries.add(library);
        return this;
    }

    /**
     * Write the jar.
     *
     * @return where it lies
     * @throws IllegalStateException if a source does not compile; the message says why
     */
    public Path in(Path folder) {
        Path jar = folder.resolve(name + ".jar");
        try {
            Files.createDirectories(folder);
            Path aside = Files.createTempFile(folder, ".", ".new");
            try (OutputStream out = Files.newOutputStream(aside);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                Map<String, byte[]> all = new LinkedHashMap<>();
                all.put(JarFile.MANIFEST_NAME, manifest());
                all.putAll(PluginClasses.compiled(name, sources, libraries, moduleVersion));
                all.putAll(entries);
                for (Map.Entry<String, byte[]> entry : all.entrySet()) {
                    ZipEntry file = new ZipEntry(entry.getKey());
                    file.setTime(0); // the same sources make the same jar
                    zip.putNextEntry(file);
                    zip.write(entry.getValue());
                    zip.closeEntry();
                }
            }
            return Files.move(aside, jar, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] manifest() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(main::putValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        return bytes.toByteArray();
    }

    /**
     * Return the source of a method of one pass, at the input.
     *
     * @param type its full name
     * @param body what {@code attribute(Pass pass, Request request)} does
     */
    public static String method(String type, String id, String body) {
        return method(type, id, body, "");
    }

    /**
     * Return the source of a method of one pass, at the input.
     *
     * @param more further members: a static initialiser, {@code options()}
     */
    public static String method(String type, String id, String body, String more) {
        int dot = type.lastIndexOf('.');
        return """
                package %s;
                import io.vitrail.api.*;
                import java.util.*;
                public class %s implements OnePassMethod {
                    public String id() { return "%s"; }
                    public String sentence() { return "Made by a test."; }
                    public Place place() { return Place.INPUT_OR_LAYERS; }
                    public Probe probe(Request request) { return Probe.atInput(); }
                    public Attribution attribute(Pass pass, Request request) { %s }
                    %s
                }
                """
                .formatted(type.substring(0, dot), type.substring(dot + 1), id, body, more);
    }

    /** Return a body for {@link #method(String, String, String)}: the gradient, times a number. */
    public static String gradientTimes(int factor) {
        return "return request.attribution(pass.gradient(request.target()).mul(" + factor + "));";
    }
}
