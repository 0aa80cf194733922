package io.vitrail.render;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.VitrailException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text in front of the numbers of a {@code .npy} file.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
record NpyHeader(
        DataType type, int size, ByteOrder order, boolean fortran, long[] shape, int length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_TEXT = 65_536;
    private static final int MAX_RANK = 32;
    private static final Map<String, DataType> TYPES =
            Map.ofEntries(
                    Map.entry("f2", DataType.FLOAT16),
                    Map.entry("f4", DataType.FLOAT32),
                    Map.entry("f8", DataType.FLOAT64),
                    Map.entry("i1", DataType.INT8),
                    Map.entry("i2", DataType.INT16),
                    Map.entry("i4", DataType.INT32),
                    Map.entry("i8", DataType.INT64),
                    Map.entry("u1", DataType.UINT8),
                    Map.entry("u2", DataType.UINT16),
                    Map.entry("u4", DataType.UINT32),
                    Map.entry("u8", DataType.UINT64),
                    Map.entry("b1", DataType.BOOLEAN));
    private static final Pattern DESCR =
            Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z]\\w*)'");
    private static final Pattern FORTRAN =
            Pattern.compile("'fortran_order'\\s*:\\s*(True|False)\\b");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\dL,\\s]*)\\)");

    /** Read the header and leave the stream in front of the numbers. */
    static NpyHeader read(InputStream stream, String place) throws IOException {
        byte[] start = exactly(stream, 8, place);
        if (!Arrays.equals(MAGIC, Arrays.copyOf(start, 6)) || start[6] < 1 || start[6] > 3) {
            throw VitrailException.input(
                    place + ": no NumPy array\n  do:  write it with numpy.save or numpy.savez");
        }
        int bytes = start[6] == 1 ? 2 : 4;
        long size = 0;
        byte[] field = exactly(stream, bytes, place);
        for (int i = bytes - 1; i >= 0; i--) {
            size = size << 8 | field[i] & 255;
        }
        if (size > MAX_TEXT) {
            throw VitrailException.input(
                    place + ": a header of " + size + " bytes\n  do:  write it with numpy.save");
        }
        String text = new String(exactly(stream, (int) size, place), StandardCharsets.ISO_8859_1);
        return parse(text, 8 + bytes + (int) size, place);
    }

    private static NpyHeader parse(String text, int length, String place) {
        Matcher descr = DESCR.matcher(text);
        Matcher fortran = FORTRAN.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!descr.find() || !TYPES.containsKey(descr.group(2))) {
            throw VitrailException.input(
                    place
                            + ": elements that are no numbers: "
                            + text.strip()
                            + "\n  do:  convert them with astype: "
                            + TYPES.values().stream()
                                    .map(type -> type.name().toLowerCase(java.util.Locale.ROOT))
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (!fortran.find() || !shape.find()) {
            throw VitrailException.input(
                    place + ": a damaged header: " + text.strip() + "\n  do:  write it anew");
        }
        String kind = descr.group(2);
        ByteOrder order =
                descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(
                TYPES.get(kind),
                kind.charAt(1) - '0',
                order,
                fortran.group(1).equals("True"),
                sizes(shape.group(1), place),
                length);
    }

    private static long[] sizes(String text, String place) {
        try {
            long[] sizes =
                    Arrays.stream(text.split(","))
                            .map(size -> size.strip().replace("L", ""))
                            .filter(size -> !size.isEmpty())
                            .mapToLong(Long::parseLong)
                            .toArray();
            if (sizes.length <= MAX_RANK) {
                return sizes;
            }
        } catch (NumberFormatException e) {
            // told below, with the text
        }
        throw VitrailException.input(
                place + ": an impossible shape (" + text.strip() + ")\n  do:  write it anew");
    }

    /**
     * Return the number of elements.
     *
     * @throws VitrailException if Java cannot hold that many, or this Java has no memory for them
     */
    int elements(String place) {
        long count = 1;
        for (long n : shape) {
            count = n != 0 && count > Integer.MAX_VALUE / n ? Long.MAX_VALUE : count * n;
            if (count > Integer.MAX_VALUE) {
                break;
            }
        }
        if (Arrays.stream(shape).anyMatch(n -> n == 0)) {
            return 0;
        }
        int held = type == DataType.FLOAT32 || type == DataType.FLOAT16 ? 4 : 8;
        if (count > Integer.MAX_VALUE - 64 || count * held > Runtime.getRuntime().maxMemory() / 2) {
            throw VitrailException.input(
                    place
                            + ": an array of shape "
                            + Arrays.toString(shape)
                            + " is too large for this Java\n"
                            + "  do:  take a smaller batch, or start Java with a larger -Xmx");
        }
        return (int) count;
    }

    private static byte[] exactly(InputStream stream, int count, String place) throws IOException {
        byte[] bytes = stream.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException(place + ": cut off in its header");
        }
        return bytes;
    }

    /**
     * Return NumPy's name of a type, little-endian: {@code <f4}.
     *
     * @throws IllegalArgumentException if it has none
     */
    static String descr(DataType type) {
        String kind =
                TYPES.entrySet().stream()
                        .filter(entry -> entry.getValue() == type)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalArgumentException("no NumPy type for " + type));
        return (kind.endsWith("1") ? "|" : "<") + kind;
    }

    /** Return the type with this {@link #descr}; empty if there is none. */
    static Optional<DataType> typeOf(String descr) {
        return TYPES.values().stream().filter(type -> descr(type).equals(descr)).findFirst();
    }

    /**
     * Return the header's bytes for an array in C order; a multiple of 64, as NumPy writes them.
     */
    static byte[] bytes(DataType type, long[] shape) {
        String sizes = Arrays.stream(shape).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        if (shape.length > 1) {
            sizes = sizes.substring(0, sizes.length() - 1);
        }
        String text =
                "{'descr': '"
                        + descr(type)
                        + "', 'fortran_order': False, 'shape': ("
                        + sizes
                        + "), }";
        int padded = (10 + text.length() + 1 + 63) / 64 * 64;
        byte[] bytes = new byte[padded];
        System.arraycopy(MAGIC, 0, bytes, 0, 6);
        bytes[6] = 1;
        bytes[8] = (byte) (padded - 10);
        bytes[9] = (byte) (padded - 10 >> 8);
        Arrays.fill(bytes, 10, padded - 1, (byte) ' ');
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, 10, text.length());
        bytes[padded - 1] = '\n';
        return bytes;
    }
}
