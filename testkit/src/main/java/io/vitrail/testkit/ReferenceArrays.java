package io.vitrail.testkit;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Hold the arrays of an {@code .npz} of reference results: float, double, or 32- and 64-bit
 * integers (widened to double).
 */
public final class ReferenceArrays {
    private static final Pattern HEADER =
            Pattern.compile(
                    "'descr': '(<f4|<f8|<i4|<i8)', 'fortran_order': False, 'shape': \\(([0-9, ]*)\\)");

    private final Path file;
    private final Map<String, Values> arrays = new LinkedHashMap<>();

    private ReferenceArrays(Path file) {
        this.file = file;
    }

    /** Read a file that can be trusted; any other type is an error. */
    public static ReferenceArrays read(Path file) {
        ReferenceArrays read = new ReferenceArrays(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                String name = entry.getName().replaceAll("\\.npy$", "");
                read.arrays.put(name, array(file + "!" + name, bytes));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return read;
    }

    private static Values array(String place, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean first = bytes[6] == 1; // version 1 has a short length, 2 and 3 an int
        int length = first ? Short.toUnsignedInt(buffer.getShort(8)) : buffer.getInt(8);
        int start = first ? 10 : 12;
        String header = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.find()) {
            throw new IllegalArgumentException(place + ": cannot read " + header.strip());
        }
        long[] shape =
                Arrays.stream(matcher.group(2).split(","))
                        .map(String::strip)
                        .filter(size -> !size.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray();
        buffer.position(start + length);
        return switch (matcher.group(1)) {
            case "<f4" -> {
                float[] floats = new float[buffer.remaining() / 4];
                buffer.asFloatBuffer().get(floats);
                yield Values.of(floats, Axes.NONE, shape);
            }
            case "<f8" -> {
                double[] doubles = new double[buffer.remaining() / 8];
                buffer.asDoubleBuffer().get(doubles);
                yield Values.of(doubles, Axes.NONE, shape);
            }
            case "<i4" -> {
                int[] ints = new int[buffer.remaining() / 4];
                buffer.asIntBuffer().get(ints);
                yield Values.of(Arrays.stream(ints).asDoubleStream().toArray(), Axes.NONE, shape);
            }
            default -> {
                long[] longs = new long[buffer.remaining() / 8];
                buffer.asLongBuffer().get(longs);
                yield Values.of(Arrays.stream(longs).asDoubleStream().toArray(), Axes.NONE, shape);
            }
        };
    }

    /** Return whether there is an array of this name. */
    public boolean has(String name) {
        return arrays.containsKey(name);
    }

    /** Return an array. */
    public Values get(String name) {
        Values values = arrays.get(name);
        if (values == null) {
            throw new IllegalArgumentException(file + " has no '" + name + "': " + arrays.keySet());
        }
        return values;
    }

    /** Return what follows a prefix in the names that have it: layers, for {@code "act/"}. */
    public List<String> after(String prefix) {
        return arrays.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }
}
