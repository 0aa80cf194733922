package io.vitrail.runtime.plugin;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The plugins that are trusted, by what they contain: {@code plugins.lock}.
 *
 * <p>One a line: {@code SHA256 ID VERSION FILE}; the digest decides, the rest is for readers. A
 * line that begins with {@code #} is a comment. In a folder of plugins it governs that folder.
 */
public record PluginLock(List<Line> lines) {
    /** What the file is called in a folder of plugins. */
    public static final String FILE_NAME = "plugins.lock";

    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String NONE = "-";

    /**
     * A plugin that is trusted.
     *
     * @param version empty if it has none
     * @param file the name of its jar or folder
     */
    public record Line(String sha256, String id, String version, String file) {}

    public PluginLock {
        lines = List.copyOf(lines);
    }

    /**
     * Create the lock that trusts plugins as they are; those that could not be read are left out.
     */
    public static PluginLock of(List<Plugin> plugins) {
        Map<String, Line> lines = new LinkedHashMap<>();
        for (Plugin plugin : plugins) {
            if (!plugin.sha256().isEmpty() && plugin.state() != Plugin.State.REMOVED) {
                String file = String.valueOf(plugin.source().getFileName());
                lines.putIfAbsent(
                        plugin.sha256(),
                        new Line(plugin.sha256(), plugin.id(), plugin.version(), file));
            }
        }
        return new PluginLock(List.copyOf(lines.values()));
    }

    /**
     * Read a lock.
     *
     * @throws VitrailException of kind {@code USAGE} if it cannot be read or a line makes no sense
     */
    public static PluginLock read(Path file) {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw VitrailException.usage(
                        file + ": larger than a list of plugins can be, " + MOST_BYTES + " bytes");
            }
            text = new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    file + ": cannot be read: " + FileProblem.said(e),
                    e);
        }
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                lines.add(parse(file, number, content));
            }
        }
        return new PluginLock(lines);
    }

    private static Line parse(Path file, int number, String content) {
        String[] words = content.split("\\s+", 4);
        if (words.length != 4 || !DIGEST.matcher(words[0]).matches()) {
            throw VitrailException.usage(
                    file
                            + ":"
                            + number
                            + ": not a line of a lock\n  form:    SHA256  ID  VERSION  FILE, with"
                            + " 64 hexadecimal digits in lower case, and - for no version");
        }
        return new Line(words[0], words[1], words[2].equals(NONE) ? "" : words[2], words[3]);
    }

    /**
     * Write this lock; the file is whole or as it was before.
     *
     * @throws VitrailException of kind {@code FAILURE} if it cannot be written
     */
    public void write(Path file) {
        StringBuilder text =
                new StringBuilder(
                        "# The plugins that Vitrail loads here: SHA256  ID  VERSION  FILE\n");
        for (Line line : lines) {
            text.append(line.sha256).append("  ").append(line.id).append("  ");
            text.append(line.version.isEmpty() ? NONE : line.version).append("  ");
            text.append(line.file).append('\n');
        }
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(aside, text);
            Files.move(
                    aside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.FAILURE,
                    file + ": cannot be written: " + FileProblem.said(e),
                    e);
        }
    }

    /** Return the line of this very content. */
    public Optional<Line> find(String sha256) {
        return lines.stream().filter(line -> line.sha256.equals(sha256)).findFirst();
    }

    /** Return whether a plugin of this id is listed, with whatever content. */
    public boolean knows(String id) {
        return lines.stream().anyMatch(line -> line.id.equals(id));
    }
}
