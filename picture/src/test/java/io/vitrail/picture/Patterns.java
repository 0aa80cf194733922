package io.vitrail.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** The picture of {@code make.py}, by its formula, and the checksums that it prints. */
final class Patterns {
    private Patterns() {}

    static Picture rgb() {
        byte[] pixels = new byte[20 * 24 * 3];
        for (int y = 0, at = 0; y < 20; y++) {
            for (int x = 0; x < 24; x++) {
                pixels[at++] = (byte) (x * 7 + y * 3);
                pixels[at++] = (byte) (x * y);
                pixels[at++] = (byte) (255 - x * 5 - y);
            }
        }
        return Picture.of(24, 20, pixels);
    }

    static long crc(Picture picture) {
        return crc(picture.pixels());
    }

    static long crc(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return crc(bytes.array());
    }

    static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
