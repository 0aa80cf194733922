package io.vitrail.cli;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Tell files apart by their content: the SHA-256 of one, worked out beside what else is done. */
final class Digest {
    private final FutureTask<String> task;

    private Digest(Path file) {
        this.task = new FutureTask<>(() -> sha256(file));
    }

    /** Begin to read a file on a thread of its own, which no call waits for that ends before. */
    static Digest begin(Path file) {
        Digest digest = new Digest(file);
        Thread thread = new Thread(digest.task, "vitrail-digest");
        thread.setDaemon(true);
        thread.start();
        return digest;
    }

    /**
     * Return the SHA-256 in lower-case hexadecimal digits, once it is there.
     *
     * @throws VitrailException of kind {@code MODEL} if the file cannot be read
     */
    String hex() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true; // it is a matter of moments
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Return the SHA-256 of a text in lower-case hexadecimal digits. */
    static String sha256Of(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Return the SHA-256 of a file in lower-case hexadecimal digits. */
    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw VitrailException.model(file + ": cannot be read: " + FileProblem.said(e));
        }
    }
}
