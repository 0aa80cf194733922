package org.example.npz;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array of NumPy's.
 *
 * @param shape its sizes, 1 or more each
 * @param data its elements in row-major order, narrowed to float
 */
record Npy(long[] shape, float[] data) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER =
            Pattern.compile(
                    "\\{'descr': '([^']{1,8})', 'fortran_order': (True|False), 'shape':"
                            + " \\(((?:[0-9]{1,9}(?:, ?)?){0,8})\\),? ?\\}\\s*");

    /**
     * Read an npy file.
     *
     * @param name where it stands, for messages
     * @throws IllegalArgumentException if it is none, or holds neither floats nor whole numbers
     */
    static Npy parse(String name, byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        try {
            byte[] magic = new byte[MAGIC.length];
            bytes.get(magic);
            int major = bytes.get();
            bytes.get();
            int length = major == 1 ? bytes.getShort() & 0xffff : bytes.getInt();
            if (!Arrays.equals(magic, MAGIC) || length < 0 || length > bytes.remaining()) {
                throw new IllegalArgumentException("'" + name + "' is no array of NumPy's");
            }
            byte[] header = new byte[length];
            bytes.get(header);
            return parse(name, new String(header, StandardCharsets.US_ASCII), bytes);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("'" + name + "' is no array of NumPy's", e);
        }
    }

    private static Npy parse(String name, String header, ByteBuffer bytes) {
        Matcher words = HEADER.matcher(header);
        if (!words.matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' has no header of numbers: " + header.strip());
        }
        if (words.group(2).equals("True")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is stored by columns; save np.ascontiguousarray of it");
        }
        long[] shape =
                Arrays.stream(words.group(3).split(", ?"))
                        .filter(size -> !size.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray();
        String type = words.group(1);
        int width =
                switch (type) {
                    case "<f4", "<i4" -> 4;
                    case "<f8", "<i8" -> 8;
                    default ->
                            throw new IllegalArgumentException(
                                    "'" + name + "' holds '" + type + "'; floats, please: <f4, <f8");
                };
        long size = 1;
        for (long each : shape) {
            size = each < 1 ? -1 : Math.multiplyExact(size, each);
            if (size < 0 || size > bytes.remaining() / width) {
                break;
            }
        }
        if (size < 0 || size * width != bytes.remaining()) {
            throw new IllegalArgumentException(
                    "'" + name + "' has " + bytes.remaining() + " bytes, which do not fill "
                            + Arrays.toString(shape));
        }
        float[] data = new float[(int) size];
        for (int i = 0; i < data.length; i++) {
            data[i] =
                    switch (type) {
                        case "<f4" -> bytes.getFloat();
                        case "<f8" -> (float) bytes.getDouble();
                        case "<i4" -> bytes.getInt();
                        default -> bytes.getLong();
                    };
        }
        return new Npy(shape, data);
    }
}
