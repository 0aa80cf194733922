package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.FileProblem;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An input of a call: a file that is read when its turn comes, on a thread that reads. */
final class NamedInput implements Supplier<Object> {
    /** Larger ones are read again when they are drawn over, or many would fill the memory. */
    private static final int PIXELS_KEPT = 1 << 20;

    /** No picture is larger; arrays may be. */
    private static final long LARGEST_PICTURE = 1L << 30;

    /** What Java puts for what the locale does not know. */
    private static final char UNSPEAKABLE = '\ufffd';

    private final long position;
    private final Path file;
    private final String stem;
    private final Model model;
    private final Vocabulary vocabulary;
    private final boolean drawn;
    private String digest = "";
    private @Nullable Picture picture;
    private @Nullable ArrayDrawing drawing;

    /**
     * @param position its place among all inputs
     * @param stem how the names of its files begin
     */
    NamedInput(long position, Path file, String stem, Model model, Asked asked) {
        this.position = position;
        this.file = file;
        this.stem = stem;
        this.model = model;
        this.vocabulary = asked.vocabulary();
        this.drawn = asked.save().contains("png") || asked.save().contains("html");
    }

    long position() {
        return position;
    }

    Path file() {
        return file;
    }

    String stem() {
        return stem;
    }

    /**
     * Return the SHA-256 of the file, empty if it cannot be read.
     *
     * <p>It is taken before the picture is read: should the file change in between, it is taken for
     * changed.
     */
    String digest() {
        if (digest.isEmpty()) {
            digest = digest(file);
        }
        return digest;
    }

    private static String digest(Path file) {
        try {
            return Files.isRegularFile(file)
                            && (InputFiles.isArray(file) || Files.size(file) <= LARGEST_PICTURE)
                    ? Digest.sha256(file)
                    : "";
        } catch (VitrailException | IOException e) {
            return ""; // whoever reads it will say why
        }
    }

    /** Return the picture, if it was kept. */
    Optional<Picture> picture() {
        return Optional.ofNullable(picture);
    }

    /** Return how maps are drawn, where the input was arrays and they are drawn at all. */
    Optional<ArrayDrawing> drawing() {
        return Optional.ofNullable(drawing);
    }

    /** Read the picture, or say how the arrays are read. */
    @Override
    public Object get() {
        check(file);
        digest();
        if (InputFiles.isArray(file)) {
            Function<NDManager, NDList> arrays = this::arrays;
            return arrays;
        }
        Picture read = Picture.read(file);
        if ((long) read.width() * read.height() <= PIXELS_KEPT) {
            picture = read;
        }
        return read;
    }

    private NDList arrays(NDManager manager) {
        FedArrays fed = ArrayFile.read(file, model, manager);
        if (drawn) {
            drawing = drawingOf(fed);
        }
        return fed.arrays();
    }

    private @Nullable ArrayDrawing drawingOf(FedArrays fed) {
        try {
            return ArrayDrawing.of(fed, model, vocabulary);
        } catch (VitrailException e) {
            return null; // the network does not take these arrays, and whoever runs it will say why
        }
    }

    /**
     * Refuse what is no file, before anything waits for a pipe or reads a device without an end.
     *
     * @throws VitrailException of kind {@code INPUT}
     */
    static void check(Path file) {
        boolean link = Files.isSymbolicLink(file);
        if (Files.isDirectory(file)) {
            throw VitrailException.input(
                    file
                            + (link
                                    ? ": a link to a folder that it lies in\n  do:  take it away, its pictures are done"
                                    : ": a folder that cannot be listed\n  do:  check that you may read it"));
        }
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                throw VitrailException.input(
                        file
                                + ": not a file, but a pipe, a socket or a device\n  do:  take it away, or copy what it gives into a file");
            }
        } catch (IOException e) {
            if (!link && e instanceof NoSuchFileException) {
                throw VitrailException.input(
                        file + ": no such file\n  working folder: " + Path.of("").toAbsolutePath());
            }
            throw VitrailException.input(
                    link
                            ? file + ": a link that leads to no file\n  do:  check where it leads"
                            : file
                                    + ": cannot be read: "
                                    + FileProblem.said(e)
                                    + "\n  do:  check that you may read it");
        }
    }

    /**
     * Return what tells a file from all others: its name, and where this system cannot spell that
     * the bytes of its name.
     */
    static String key(Path file) {
        String name = file.toString();
        return name.indexOf(UNSPEAKABLE) < 0 ? name : file.toUri().toASCIIString();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
