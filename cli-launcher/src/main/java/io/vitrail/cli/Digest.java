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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Tell files apart by their content: the SHA-256 of one, worked out beside what else is done. */
final class Digest {
    private final CompletableFuture<String> hex;

    private Digest(CompletableFuture<String> hex) {
        this.hex = hex;
    }

    /** Begin to read a file on another thread, which no call waits for that ends before. */
    static Digest begin(Path file) {
        return new Digest(CompletableFuture.supplyAsync(() -> sha256(file)));
    }

    /**
     * Return the SHA-256 in lower-case hexadecimal digits, once it is there.
     *
     * @throws VitrailException of kind {@code MODEL} if the file cannot be read
     */
    String hex() {
        try {
            return hex.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof VitrailException unread ? unread : e;
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
