package io.vitrail.picture;

import java.util.Optional;

/** A kind of picture file that can be read, told by its first bytes. */
enum Container {
    /** One bit a pixel, and deflate packs at most 1032 : 1. */
    PNG("png", 8 * 1032),
    /** At least one bit for each block of 8x8. */
    JPEG("jpeg", 8 * 64),
    /** A code of 12 bits stands for at most some 4000 pixels. */
    GIF("gif", 4096),
    /** A run of 255 pixels takes two bytes. */
    BMP("bmp", 128);

    /** The name under which ImageIO knows the decoder. */
    final String decoder;

    /** No sound file holds more pixels than this a byte. */
    final int pixelsPerByte;

    Container(String decoder, int pixelsPerByte) {
        this.decoder = decoder;
        this.pixelsPerByte = pixelsPerByte;
    }

    static Optional<Container> of(byte[] file) {
        if (starts(file, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        if (starts(file, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(JPEG);
        }
        if (starts(file, 0, "GIF87a") || starts(file, 0, "GIF89a")) {
            return Optional.of(GIF);
        }
        return starts(file, 0, "BM") ? Optional.of(BMP) : Optional.empty();
    }

    /** Say what a file is that no decoder here reads. */
    static String describe(byte[] file) {
        if (starts(file, 0, "RIFF") && starts(file, 8, "WEBP")) {
            return "a WebP picture";
        }
        if (starts(file, 0, "II*\0") || starts(file, 0, "MM\0*")) {
            return "a TIFF picture";
        }
        if (starts(file, 4, "ftyp")) {
            return "a HEIF, AVIF or video file";
        }
        if (starts(file, 0, "%PDF")) {
            return "a PDF file";
        }
        if (starts(file, 0, "<svg") || starts(file, 0, "<?xml")) {
            return "an SVG or XML text";
        }
        if (starts(file, 0, "\u0093NUMPY")) {
            return "a NumPy array";
        }
        if (starts(file, 0, "PK")) {
            return "a zip archive";
        }
        return "something else";
    }

    private static boolean starts(byte[] file, int at, String magic) {
        if (file.length < at + magic.length()) {
            return false;
        }
        for (int i = 0; i < magic.length(); i++) {
            if ((file[at + i] & 255) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
