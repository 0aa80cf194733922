package io.vitrail.picture;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/**
 * What is around the pixels of a PNG or JPEG file: checked, and taken off.
 *
 * <p>Profiles, texts and thumbnails never reach a decoder: an ICC profile would change the colours,
 * and a compressed text of a few kilobytes can take hundreds of megabytes.
 *
 * @param content the file with nothing in it that the pixels do not need
 * @param orientation the EXIF orientation, 1 to 8; 1 is upright
 */
record Wrapping(byte[] content, int orientation) {

    /** Say what is wrong with a file; the reader adds its name. */
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;

        Damaged(String what) {
            super(what);
        }
    }

    static Wrapping of(Container container, byte[] file) throws Damaged {
        return switch (container) {
            case PNG -> png(file);
            case JPEG -> JpegSegments.unwrap(file);
            case GIF, BMP -> new Wrapping(file, 1);
        };
    }

    private static Wrapping png(byte[] file) throws Damaged {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, 8);
        int orientation = 1;
        int at = 8;
        while (true) {
            if (file.length - at < 12) {
                throw new Damaged(
                        "cut off: it ends at byte " + file.length + ", before its end mark");
            }
            long length = Exif.number(file, at, 4, true);
            if (length > file.length - at - 12) {
                throw new Damaged(
                        "cut off: the part at byte "
                                + at
                                + " needs "
                                + length
                                + " bytes, "
                                + (file.length - at - 12)
                                + " are there");
            }
            int size = (int) length;
            String type = new String(file, at + 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
            boolean critical = Character.isUpperCase(type.charAt(0));
            if (critical) {
                CRC32 crc = new CRC32();
                crc.update(file, at + 4, size + 4);
                if (crc.getValue() != Exif.number(file, at + 8 + size, 4, true)) {
                    throw new Damaged(
                            "damaged: the checksum of the part at byte " + at + " is wrong");
                }
                kept.write(file, at, size + 12);
            } else if (type.equals("eXIf")) {
                orientation = Exif.orientation(file, at + 8, size);
            }
            if (type.equals("IEND")) {
                return new Wrapping(kept.toByteArray(), orientation);
            }
            at += size + 12;
        }
    }
}
