package io.vitrail.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Tell what earlier runs wrote from what is to be explained, where the one lies among the other.
 *
 * <p>A result says itself that it is one, so that those of a run that was killed, or that kept no
 * record, are known as well. Only files in or below a folder of results are looked into.
 */
final class EarlierResults {
    /** In every picture of ours, in front of the pixels. */
    private static final String PICTURE = "tEXtModel-SHA256\0";

    private static final int IN_FRONT = 1 << 14;

    private final @Nullable RealFolder folder;
    private @Nullable Path where;
    private boolean elsewhere;
    private long leftOut;

    private EarlierResults(@Nullable RealFolder folder) {
        this.folder = folder;
    }

    /** Create it for a call that writes into a folder, which need not be there. */
    static EarlierResults in(Path folder) {
        return new EarlierResults(RealFolder.of(folder).orElse(null));
    }

    /** Create it for a call that writes nothing. */
    static EarlierResults anywhere() {
        return new EarlierResults(null);
    }

    /** Return what is written in the comment of an archive of ours. */
    static String mark() {
        return "Vitrail " + Version.number();
    }

    /** Return whether everything below a folder is results: it is where the call writes, or did. */
    boolean fill(Path other) {
        return hasRecord(other) || folder != null && folder.is(other) || isSummary(other);
    }

    /** Return whether results may lie among the files of a folder that is to be explained. */
    boolean mayLieIn(Path other) {
        return hasRecord(other) || folder != null && folder.holds(other);
    }

    /** Return whether a file that was named is a result in the folder that the call writes into. */
    boolean includes(Path file) {
        return folder != null && folder.nameOf(file).isPresent() && isResult(file);
    }

    /** Return whether a file says that we wrote it. */
    static boolean isResult(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            return switch (InputFiles.extension(file)) {
                case "png" -> isPicture(file);
                case "npz" -> isArchive(file);
                default -> false;
            };
        } catch (IOException | IllegalArgumentException e) { // the latter for undecodable names
            return false; // whoever reads it will say why
        }
    }

    private static boolean isPicture(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String front = new String(in.readNBytes(IN_FRONT), StandardCharsets.ISO_8859_1);
            return front.contains(PICTURE) && front.contains("tEXtSoftware\0Vitrail ");
        }
    }

    private static boolean isArchive(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream()
                    .findFirst()
                    .map(ZipEntry::getComment)
                    .filter(comment -> comment.startsWith("Vitrail "))
                    .isPresent();
        }
    }

    /**
     * Count a result that is left out.
     *
     * @param place the folder of results, or that was to be explained
     */
    void leaveOut(Path place) {
        leftOut++;
        elsewhere |= where != null && !where.equals(place);
        where = where == null || place.compareTo(where) < 0 ? place : where;
    }

    /** Return how many were left out, if any were. */
    Optional<String> said() {
        if (where == null) {
            return Optional.empty();
        }
        String place = " in " + where + (elsewhere ? " and elsewhere" : "");
        return Optional.of(
                leftOut == 1
                        ? "1 result of an earlier run" + place + " is left out"
                        : leftOut + " results of earlier runs" + place + " are left out");
    }

    private static boolean hasRecord(Path folder) {
        return Files.exists(folder.resolve(RunRecord.FILE))
                || Files.exists(folder.resolve(Journal.FILE));
    }

    private boolean isSummary(Path folder) {
        Path parent = folder.getParent();
        return folder.endsWith(Summary.FOLDER)
                && parent != null
                && mayLieIn(parent)
                && Files.exists(folder.resolve(Summary.SCORES));
    }
}
