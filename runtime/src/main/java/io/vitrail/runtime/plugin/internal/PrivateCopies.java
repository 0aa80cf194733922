package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.FileProblem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
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
        Map<String, Path> jars = PluginContents.jars(source);
        Map<String, Part> parts = new TreeMap<>();
        try {
            root();
            long left = MOST_BYTES;
            for (Map.Entry<String, Path> jar : jars.entrySet()) {
                Part part = part(jar.getValue(), left);
                parts.put(jar.getKey(), part);
                left -= part.bytes;
            }
            Map<String, String> digests = new TreeMap<>();
            parts.forEach((name, part) -> digests.put(name, part.sha256));
            String sha256 = PluginContents.digest(source, digests);
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

    /** A copy that has no name yet. */
    private record Part(Path file, String sha256, long bytes) {}

    private Part part(Path jar, long most) throws IOException, Refused {
        MessageDigest digest = PluginContents.sha256();
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
        return new Part(aside, PluginContents.hex(digest), bytes);
    }

    private static Path settle(Part part, Path name) throws IOException {
        Files.createDirectories(name.getParent());
        if (Files.isRegularFile(name)
                && Files.size(name) == part.bytes
                && PluginContents.digestOf(name).equals(part.sha256)) {
            return name;
        }
        return Files.move(part.file, name, StandardCopyOption.ATOMIC_MOVE);
    }
}
