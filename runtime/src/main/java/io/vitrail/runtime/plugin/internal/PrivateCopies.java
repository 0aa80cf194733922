package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.FileProblem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Copy plugins to a folder named by their digest, so that nobody changes a jar while it is open.
 *
 * <p>A copy is written aside and renamed, so that it is whole or absent; one that is there already
 * is used if it has the digest. Copies stay: another program may have them open.
 */
final class PrivateCopies {
    static final int MOST_JARS = 500;
    static final long MOST_BYTES = 1L << 30;

    private final List<Path> chosen;
    private Path root;

    /**
     * @param chosen where copies go, the last one counts; none for the user's own cache
     */
    PrivateCopies(List<Path> chosen) {
        this.chosen = chosen;
    }

    /** Make the place for copies when the first is made. */
    private Path root() throws IOException {
        if (root != null) {
            return root;
        }
        if (!chosen.isEmpty()) {
            root = Files.createDirectories(chosen.get(chosen.size() - 1).toAbsolutePath());
            return root;
        }
        Path own = Path.of(System.getProperty("user.home"), ".vitrail", "cache", "plugins");
        try {
            root = Files.createDirectories(own);
            if (!Files.isWritable(root)) {
                root = Files.createTempDirectory("vitrail-plugins");
            }
        } catch (IOException e) { // a home that is not to be written to
            root = Files.createTempDirectory("vitrail-plugins");
        }
        return root;
    }

    /**
     * A plugin's jars as they are loaded.
     *
     * @param folder the private one
     */
    record Copied(Path folder, List<Path> jars, String sha256) {}

    /** Copy a jar, or the jars of a folder and of its {@code lib}. */
    Copied copy(Path source) throws Refused {
        Map<String, Path> jars = jars(source);
        Map<String, Part> parts = new TreeMap<>();
        try {
            root();
            long left = MOST_BYTES;
            for (Map.Entry<String, Path> jar : jars.entrySet()) {
                Part part = part(jar.getValue(), left);
                parts.put(jar.getKey(), part);
                left -= part.bytes;
            }
            String sha256 = digest(source, parts);
            Path folder = root.resolve(sha256);
            List<Path> copies = new ArrayList<>();
            for (Map.Entry<String, Part> part : parts.entrySet()) {
                copies.add(settle(part.getValue(), folder.resolve(part.getKey())));
            }
            return new Copied(folder, copies, sha256);
        } catch (IOException e) {
            throw new Refused(
                    Stage.READING,
                    "cannot be copied from "
                            + source
                            + " to "
                            + (root == null ? chosen : root)
                            + ": "
                            + FileProblem.said(e),
                    "check permissions and space of both");
        } finally {
            parts.values().forEach(part -> part.file.toFile().delete());
        }
    }

    /** Return the digest of a plugin as it lies there now. */
    static String digest(Path source) throws Refused, IOException {
        Map<String, Part> parts = new TreeMap<>();
        for (Map.Entry<String, Path> jar : jars(source).entrySet()) {
            parts.put(jar.getKey(), new Part(jar.getValue(), digestOf(jar.getValue()), 0));
        }
        return digest(source, parts);
    }

    private static Map<String, Path> jars(Path source) throws Refused {
        Map<String, Path> jars = new TreeMap<>();
        try {
            if (!Files.exists(source)) {
                throw new Refused(
                        Stage.READING, "is no longer there", "put it back, or remove the plugin");
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

    /** A copy that has no name yet. */
    private record Part(Path file, String sha256, long bytes) {}

    private Part part(Path jar, long most) throws IOException, Refused {
        MessageDigest digest = sha256();
        Path aside = Files.createTempFile(root, ".", ".part");
        long bytes = 0;
        try (InputStream in = Files.newInputStream(jar);
                OutputStream out = Files.newOutputStream(aside)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                bytes += n;
                if (bytes > most) {
                    throw new Refused(
                            Stage.READING,
                            jar.getFileName()
                                    + ": a plugin of more than "
                                    + (MOST_BYTES >> 20)
                                    + " MiB is refused",
                            "leave data out of its jars");
                }
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        } catch (IOException | Refused e) {
            Files.deleteIfExists(aside);
            throw e;
        }
        return new Part(aside, hex(digest), bytes);
    }

    private static Path settle(Part part, Path name) throws IOException {
        Files.createDirectories(name.getParent());
        if (Files.isRegularFile(name)
                && Files.size(name) == part.bytes
                && digestOf(name).equals(part.sha256)) {
            return name;
        }
        return Files.move(part.file, name, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String digest(Path source, Map<String, Part> parts) {
        if (!Files.isDirectory(source)) {
            return parts.values().iterator().next().sha256;
        }
        MessageDigest all = sha256();
        parts.forEach(
                (name, part) ->
                        all.update(
                                (part.sha256 + "  " + name + "\n")
                                        .getBytes(StandardCharsets.UTF_8)));
        return hex(all);
    }

    private static String digestOf(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return hex(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
