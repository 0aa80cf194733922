package io.vitrail.picture;

import io.vitrail.picture.Wrapping.Damaged;
import java.io.ByteArrayOutputStream;

/** Walk the segments of a JPEG file. */
final class JpegSegments {
    private static final byte[] JFIF = {
        (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };

    private final byte[] file;
    private final ByteArrayOutputStream kept;
    private int orientation = 1;
    private boolean coloursStated; // by a JFIF or Adobe segment
    private boolean threeOthers; // three components that are not called R, G, B

    private JpegSegments(byte[] file) {
        this.file = file;
        this.kept = new ByteArrayOutputStream(file.length);
    }

    static Wrapping unwrap(byte[] file) throws Damaged {
        return new JpegSegments(file).unwrap();
    }

    private Wrapping unwrap() throws Damaged {
        int at = 2;
        while (at + 1 < file.length) {
            int marker = file[at + 1] & 255;
            if (!isMark(at)) {
                int from = at++; // compressed data, or padding
                while (at + 1 < file.length && !isMark(at)) {
                    at++;
                }
                kept.write(file, from, at - from);
            } else if (marker == 0xd9) {
                kept.write(file, at, 2);
                return new Wrapping(withHead(kept.toByteArray()), orientation);
            } else if (marker >= 0xd0 && marker <= 0xd8 || marker == 1) {
                kept.write(file, at, 2); // marks without a length
                at += 2;
            } else {
                int size = at + 4 > file.length ? 0 : (int) Exif.number(file, at + 2, 2, true);
                if (size < 2 || at + 2 + size > file.length) {
                    throw new Damaged("cut off in the part at byte " + at);
                }
                segment(marker, at, size);
                at += size + 2;
            }
        }
        throw new Damaged("cut off: it ends at byte " + file.length + ", before its end mark");
    }

    private boolean isMark(int at) {
        return file[at] == (byte) 0xff && file[at + 1] != (byte) 0xff && file[at + 1] != 0;
    }

    private void segment(int marker, int at, int size) {
        boolean application = marker >= 0xe0 && marker <= 0xef;
        if (marker == 0xe1 && Exif.starts(file, at + 4, size - 2)) {
            orientation = Exif.orientation(file, at + 10, size - 8);
        }
        // of the application's segments only these two say how colours are stored
        boolean states = marker == 0xe0 && file[at + 4] == 'J' || marker == 0xee && size >= 14;
        coloursStated |= states;
        if (marker >= 0xc0 && marker <= 0xc2 && size >= 17 && file[at + 9] == 3) {
            threeOthers = file[at + 10] != 'R' || file[at + 13] != 'G' || file[at + 16] != 'B';
        }
        if (!application || states) {
            kept.write(file, at, size + 2);
        }
    }

    /**
     * Put the first mark in front, and say that colours are YCbCr where nothing says otherwise: the
     * decoder of the JDK takes some such files for RGB once their EXIF data is gone.
     */
    private byte[] withHead(byte[] body) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(body.length + 20);
        whole.write(file, 0, 2);
        if (threeOthers && !coloursStated) {
            whole.writeBytes(JFIF);
        }
        whole.writeBytes(body);
        return whole.toByteArray();
    }
}
