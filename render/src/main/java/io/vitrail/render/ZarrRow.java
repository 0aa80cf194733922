package io.vitrail.render;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What one item has in an array of a {@link ZarrStore}.
 *
 * @param type of the elements
 * @param shape without the axis of the items
 */
record ZarrRow(DataType type, List<Long> shape) {
    private static final int CHUNK_BYTES = 4 << 20;
    private static final int CHUNK_ROWS = 1024;

    ZarrRow {
        shape = List.copyOf(shape);
    }

    /** Return what an array is for its item; a first axis of 1 is the item itself. */
    static ZarrRow of(NpyArray item) {
        List<Long> shape = Arrays.stream(item.values().shape()).boxed().toList();
        boolean batch = !shape.isEmpty() && shape.get(0) == 1;
        return new ZarrRow(item.type(), batch ? shape.subList(1, shape.size()) : shape);
    }

    /** Return the bytes of one element. */
    int size() {
        String descr = NpyHeader.descr(type);
        return descr.charAt(descr.length() - 1) - '0';
    }

    /**
     * Return the bytes of one item.
     *
     * @throws ArithmeticException if they are more than a long counts
     */
    long bytes() {
        return shape.stream().reduce((long) size(), Math::multiplyExact);
    }

    /** Return how many items share a file: files of 4 MiB, but no more than 1,024 items in each. */
    int chunkRows() {
        return (int) Math.min(Math.max(CHUNK_BYTES / Math.max(bytes(), 1), 1), CHUNK_ROWS);
    }

    /** Return the bytes of an element where there is no item: NaN, -1, or 0 where that is none. */
    byte[] missing() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8);
        Values one = Values.of(new double[] {missingNumber()}, Axes.NONE, 1);
        try {
            NpyData.writeNumbers(new NpyArray(type, one), bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e); // nothing is written but memory
        }
        return bytes.toByteArray();
    }

    /** Return the number where there is no item. */
    double missingNumber() {
        if (type.isFloating()) {
            return Double.NaN;
        }
        boolean signed =
                switch (type) {
                    case INT8, INT16, INT32, INT64 -> true;
                    default -> false;
                };
        return signed ? -1 : 0;
    }

    /** Return the header under which the numbers of one item are read. */
    NpyHeader header() {
        long[] sizes = new long[shape.size() + 1];
        sizes[0] = 1;
        for (int i = 1; i < sizes.length; i++) {
            sizes[i] = shape.get(i - 1);
        }
        return new NpyHeader(type, size(), java.nio.ByteOrder.LITTLE_ENDIAN, false, sizes, 0);
    }
}
