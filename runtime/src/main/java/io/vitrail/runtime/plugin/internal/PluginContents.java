package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.FileProblem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** List the jars of a plugin, and compute the digest that stands for all of them. */
final class PluginContents {
    static final int MOST_JARS = 500;

    private PluginContents() {}

    /** Return the jars of a plugin by name, those of {@code lib} as {@code lib/NAME}. */
    static Map<String, Path> jars(Path source) throws Refused {
        Map<String, Path> jars = new TreeMap<>();
        try {
            if (!Files.exists(source)) {
                throw new Refused(
                        Stage.READING, "is no longer there", "put it back, or remove the plugin");
            }
            if (Files.isRegularFile(source) && !PluginFolders.isJar(source)) {
                throw new Refused(
                        Stage.READING,
                        "is no jar: its name does not end in .jar",
                        "name a jar, or a folder of jars");
            }
            if (Files.isRegularFile(source)) {
                return Map.of(source.getFileName().toString(), source);
            }
            add(source, "", jars);
            if (Files.isDirectory(source.resolve("lib"))) {
                add(source.resolve("lib"), "lib/", jars);
            }
        } catch (IOException e) {
            throw new Refused(
                    Stage.READING,
                    source + ": cannot be listed: " + FileProblem.said(e),
                    "check its permissions");
        }
        if (jars.isEmpty()) {
            throw new Refused(
                    Stage.READING,
                    "the folder holds no jar",
                    "put the plugin's jar and those it needs into it, or delete it");
        }
        return jars;
    }

    private static void add(Path folder, String prefix, Map<String, Path> jars)
            throws IOException, Refused {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path jar : found) {
                if (PluginFolders.isJar(jar) && Files.isRegularFile(jar)) {
                    jars.put(prefix + jar.getFileName(), jar);
                }
                if (jars.size() > MOST_JARS) {
                    throw new Refused(
                            Stage.READING,
                            "the folder holds more than " + MOST_JARS + " jars",
                            "give each plugin a folder of its own");
                }
            }
        }
    }

    /** Return the digest of a plugin as it lies there now. */
    static String digest(Path source) throws Refused, IOException {
        Map<String, String> digests = new TreeMap<>();
        for (Map.Entry<String, Path> jar : jars(source).entrySet()) {
            digests.put(jar.getKey(), digestOf(jar.getValue()));
        }
        return digest(source, digests);
    }

    /**
     * Return the digest of a jar, or of a folder.
     *
     * @param digests those of its jars, in the order of their names
     */
    static String digest(Path source, Map<String, String> digests) {
        if (!Files.isDirectory(source)) {
            return digests.values().iterator().next();
        }
        MessageDigest all = sha256();
        digests.forEach(
                (name, digest) ->
                        all.update((digest + "  " + name + "\n").getBytes(StandardCharsets.UTF_8)));
        return hex(all);
    }

    static String digestOf(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return hex(digest);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
