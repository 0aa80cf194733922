package io.vitrail.picture;

/** Read the one tag of EXIF data that moves pixels. */
final class Exif {
    private static final int ORIENTATION = 0x0112;

    private Exif() {}

    /** Return whether a JPEG segment begins with {@code Exif\0\0} and holds a TIFF header. */
    static boolean starts(byte[] file, int at, int size) {
        return size >= 14
                && file[at] == 'E'
                && file[at + 1] == 'x'
                && file[at + 2] == 'i'
                && file[at + 3] == 'f'
                && file[at + 4] == 0;
    }

    /**
     * Return the orientation, 1 to 8, that a TIFF structure states in its first directory.
     *
     * <p>1 where there is none: what cannot be read is no reason to refuse the pixels.
     */
    static int orientation(byte[] file, int at, int size) {
        if (size < 14) {
            return 1;
        }
        boolean big = file[at] == 'M';
        long directory = number(file, at + 4, 4, big);
        if (directory > size - 2) {
            return 1;
        }
        long entries = number(file, at + (int) directory, 2, big);
        for (long i = 0, entry = directory + 2;
                i < entries && entry + 12 <= size;
                i++, entry += 12) {
            if (number(file, at + (int) entry, 2, big) == ORIENTATION) {
                int value = (int) number(file, at + (int) entry + 8, 2, big);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }

    /** Read an unsigned number of two or four bytes. */
    static long number(byte[] file, int at, int bytes, boolean bigEndian) {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | file[at + (bigEndian ? i : bytes - 1 - i)] & 255;
        }
        return number;
    }

    /** Return the picture as it is meant to be seen. */
    static Picture upright(Picture picture, int orientation) {
        if (orientation == 1) {
            return picture;
        }
        int w = picture.width();
        int h = picture.height();
        boolean turned = orientation >= 5;
        int width = turned ? h : w;
        int height = turned ? w : h;
        byte[] from = picture.shared();
        byte[] to = new byte[from.length];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += 3) {
                int sourceX =
                        switch (orientation) {
                            case 2, 3 -> w - 1 - x;
                            case 5, 6 -> y;
                            case 7, 8 -> w - 1 - y;
                            default -> x;
                        };
                int sourceY =
                        switch (orientation) {
                            case 3, 4 -> h - 1 - y;
                            case 5, 8 -> x;
                            case 6, 7 -> h - 1 - x;
                            default -> y;
                        };
                System.arraycopy(from, 3 * (sourceY * w + sourceX), to, at, 3);
            }
        }
        return new Picture(width, height, to);
    }
}
