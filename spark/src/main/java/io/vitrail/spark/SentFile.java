package io.vitrail.spark;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Sidecar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * A model's file, as driver and executors speak of it.
 *
 * @param name of a file that was sent to the executors, or a path
 * @param sha256 of the file that was sent, empty where nobody looked
 * @param sidecar what lay beside it where it was sent from, null to look beside it where it runs
 */
record SentFile(String name, String sha256, @Nullable Sidecar sidecar) implements Serializable {
    static SentFile named(String name) {
        return new SentFile(path(name).toString(), "", null);
    }

    /** Return whether this JVM can read the file where its name says. */
    boolean isHere() {
        return Files.isRegularFile(path(name));
    }

    /** Send the file from the driver; its sidecar goes along with the settings, labels and all. */
    SentFile sent(SparkSession spark) {
        Path file = path(name).toAbsolutePath();
        String digest = digest(file);
        Sidecar sidecar = Sidecar.of(file);
        send(file, spark);
        return new SentFile(file.getFileName().toString(), digest, sidecar);
    }

    private static void send(Path file, SparkSession spark) {
        String uri = file.toUri().toString();
        String name = uri.substring(uri.lastIndexOf('/'));
        for (Row sent : spark.sql("LIST FILE").collectAsList()) {
            String other = sent.getString(0).replaceFirst("^file:/+", "file:///");
            if (other.startsWith("file:") && other.endsWith(name) && !other.equals(uri)) {
                throw taken(file, "it sends " + other + " already");
            }
        }
        // jobs on Datasets see what was added in their session, not what SparkContext.addFile adds
        String literal = file.toString().replace("\\", "\\\\").replace("'", "\\'");
        try {
            spark.sql("ADD FILE '" + literal + "'");
        } catch (IllegalArgumentException e) {
            throw taken(file, String.valueOf(e.getMessage()));
        }
    }

    private static VitrailException taken(Path file, String why) {
        return VitrailException.usage(
                file
                        + ": Spark does not take it: "
                        + why
                        + "\n  do:  give each model a name of its own");
    }

    /**
     * Find the file on this executor.
     *
     * @throws VitrailException of kind {@code MODEL} if it is not there
     */
    Path onExecutor() {
        Path given = path(name);
        if (given.isAbsolute()) {
            return given;
        }
        List<Path> found =
                Stream.concat(received(), Stream.of(given)).filter(Files::exists).toList();
        if (found.size() < 2 || sha256.isEmpty()) {
            return found.stream().findFirst().orElseThrow(this::missing);
        }
        return found.stream()
                .filter(file -> digest(file).equals(sha256))
                .findFirst()
                .orElse(found.get(0));
    }

    /** Return where Spark may have put it: into its folder, or that of a session in it. */
    private Stream<Path> received() {
        Path folder = Path.of(SparkFiles.getRootDirectory()).toAbsolutePath();
        List<Path> places = new ArrayList<>(List.of(folder.resolve(name)));
        try (Stream<Path> sessions = Files.list(folder)) {
            sessions.filter(Files::isDirectory).map(its -> its.resolve(name)).forEach(places::add);
        } catch (IOException e) {
            throw VitrailException.failure(folder + ": cannot be listed: " + FileProblem.said(e));
        }
        return places.stream();
    }

    private VitrailException missing() {
        return VitrailException.model(
                name
                        + ": is not on this executor\n  looked in: "
                        + Path.of(SparkFiles.getRootDirectory()).toAbsolutePath()
                        + ", "
                        + Path.of("").toAbsolutePath()
                        + "\n  do:  send it, by ship(spark) or spark-submit --files "
                        + name);
    }

    /**
     * Tell one content of a file from another, cheaply where its digest is not known.
     *
     * @throws VitrailException of kind {@code MODEL} if it cannot be read
     */
    String stamp(Path file) {
        if (!sha256.isEmpty()) {
            return sha256;
        }
        try {
            BasicFileAttributes its = Files.readAttributes(file, BasicFileAttributes.class);
            return its.size() + " " + its.lastModifiedTime() + " " + its.fileKey();
        } catch (IOException e) {
            throw VitrailException.model(file + ": cannot be read: " + FileProblem.said(e));
        }
    }

    /**
     * Check that a file is the one that was sent.
     *
     * @throws VitrailException of kind {@code MODEL} if it is another
     */
    void check(Path file) {
        if (!sha256.isEmpty() && !digest(file).equals(sha256)) {
            throw VitrailException.model(
                    file
                            + ": is not the file that the driver sent: its SHA-256 is "
                            + digest(file)
                            + ", not "
                            + sha256
                            + "\n  do:  give each model a name of its own");
        }
    }

    private static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw VitrailException.model(file + ": cannot be read: " + FileProblem.said(e));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static Path path(String text) {
        try {
            return LocalFile.of(text);
        } catch (InvalidPathException e) {
            throw VitrailException.model(
                    "'"
                            + text
                            + "': "
                            + e.getReason()
                            + "\n  do:  name a file that spark-submit --files sends, or one that every"
                            + " executor can read");
        }
    }
}
