package io.vitrail.picture;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Read a picture file that may have been made to harm. */
final class PictureReader {
    /** Pixels of the largest picture that is read. */
    static final long MAX_PIXELS = 200_000_000;

    /** A BMP of the largest size. */
    private static final long MAX_BYTES = 4 * MAX_PIXELS + 4096;

    /** What decoding takes at its height: decoded samples, the picture, and it turned upright. */
    private static final int BYTES_A_PIXEL = 12;

    private final String name;

    private PictureReader(String name) {
        this.name = name;
    }

    static Picture read(Path file) {
        PictureReader reader = new PictureReader(file.toString());
        return reader.read(reader.bytes(file));
    }

    static Picture read(byte[] file, String name) {
        PictureReader reader = new PictureReader(name);
        reader.checkLength(file.length);
        return reader.read(file);
    }

    private Picture read(byte[] bytes) {
        if (bytes.length == 0) {
            throw refused("an empty file", "make or copy it anew");
        }
        Container container =
                Container.of(bytes)
                        .orElseThrow(
                                () ->
                                        refused(
                                                "no picture that can be read, but "
                                                        + Container.describe(bytes),
                                                "readable: PNG, JPEG, GIF, BMP; arrays: .npy, .npz"));
        try {
            Wrapping wrapping = Wrapping.of(container, bytes);
            return Exif.upright(
                    Rasters.picture(decode(container, wrapping.content(), bytes.length)),
                    wrapping.orientation());
        } catch (Wrapping.Damaged e) {
            throw refused("a " + container + " " + e.getMessage(), "make or copy it anew");
        }
    }

    private byte[] bytes(Path file) {
        try {
            if (!Files.exists(file)) {
                throw refused("no such file", "check the name");
            }
            if (!Files.isRegularFile(file)) {
                throw refused("not a file", "name the picture itself");
            }
            checkLength(Files.size(file));
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.INPUT,
                    file
                            + ": cannot be read: "
                            + FileProblem.said(e)
                            + "\n  do:  check that you may read it",
                    e);
        }
    }

    private void checkLength(long length) {
        if (length > MAX_BYTES) {
            throw refused(
                    length + " bytes, more than the " + MAX_BYTES + " of any picture",
                    "make it smaller");
        }
    }

    private BufferedImage decode(Container container, byte[] content, long length) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(container.decoder);
        if (!readers.hasNext()) {
            throw VitrailException.failure(
                    "this Java has no decoder for " + container + " (module java.desktop)");
        }
        ImageReader reader = readers.next();
        try (ImageInputStream stream =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            reader.setInput(stream, true, true); // metadata may hold bombs
            checkSize(reader.getWidth(0), reader.getHeight(0), container, length);
            return reader.read(0);
        } catch (VitrailException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // decoders let anything escape
            throw new VitrailException(
                    VitrailException.Kind.INPUT,
                    name
                            + ": a damaged "
                            + container
                            + ": "
                            + reason(e)
                            + "\n  do:  make or copy it anew",
                    e);
        } finally {
            reader.dispose();
        }
    }

    private void checkSize(int width, int height, Container container, long length) {
        long pixels = (long) width * height;
        String claim = "a " + container + " that claims " + width + "x" + height + " pixels";
        if (width < 1 || height < 1) {
            throw refused(claim, "make or copy it anew");
        }
        if (pixels > MAX_PIXELS) {
            throw refused(claim + ", more than " + MAX_PIXELS, "make it smaller");
        }
        if (pixels > length * container.pixelsPerByte) {
            throw refused(
                    claim + ", which its " + length + " bytes cannot hold", "make or copy it anew");
        }
        long memory = pixels * BYTES_A_PIXEL;
        if (memory > Runtime.getRuntime().maxMemory()) {
            throw refused(
                    String.format(
                            Locale.ROOT,
                            "%s: decoding takes %d MB, this Java may have %d MB",
                            claim,
                            memory >> 20,
                            Runtime.getRuntime().maxMemory() >> 20),
                    "make it smaller, or start Java with a larger -Xmx");
        }
    }

    private static String reason(Exception e) {
        Throwable first = e;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String message = first.getMessage();
        return message == null ? first.getClass().getSimpleName() : message;
    }

    private VitrailException refused(String what, String remedy) {
        return VitrailException.input(name + ": " + what + "\n  do:  " + remedy);
    }
}
