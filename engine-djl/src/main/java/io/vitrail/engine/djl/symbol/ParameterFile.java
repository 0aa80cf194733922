package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Parameter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * MXNet's file of arrays, as {@code mx.nd.save} writes it, little endian.
 *
 * <p>{@code u64 0x112, u64 0, u64 n}, n arrays, {@code u64 n}, n names as {@code u64 length} and
 * text. An array is its version's magic, a storage type from version 2 on, {@code i32 axes}, {@code
 * i64} sizes, a device of two {@code i32}, {@code i32 type} and its elements; version 0 begins with
 * {@code u32 axes} and has {@code u32} sizes. Every size is held against the file's before it is
 * believed.
 */
final class ParameterFile {
    private static final long LIST = 0x112;
    private static final int V1 = 0xF993FAC8;
    private static final int V2 = 0xF993FAC9;
    private static final int V3 = 0xF993FACA; // axes as numpy has them: 0 is a single number
    private static final int MOST_AXES = 32;
    private static final int MOST_NAME = 4096;
    private static final List<DataType> TYPES =
            List.of(
                    DataType.FLOAT32,
                    DataType.FLOAT64,
                    DataType.FLOAT16,
                    DataType.UINT8,
                    DataType.INT32,
                    DataType.INT8,
                    DataType.INT64,
                    DataType.BOOLEAN);

    private record Array(Shape shape, DataType type, long offset, long bytes) {}

    private final Path file;
    private final FileChannel channel;
    private final long length;
    private long position;

    private ParameterFile(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.length = channel.size();
    }

    /**
     * Read the names and places of all arrays; elements are mapped on first use.
     *
     * @return weights by name, without {@code arg:} and {@code aux:}
     * @throws Refusal if the file is none, or claims more than it holds
     */
    static Map<String, Parameter> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ParameterFile(file, channel).parameters();
        }
    }

    private Map<String, Parameter> parameters() throws IOException {
        if (u64("the header") != LIST) {
            throw refused("the header", "this is no file of MXNet arrays: its first word is wrong");
        }
        u64("the header");
        long count = count("the header", 8);
        List<Array> arrays = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            arrays.add(array("array " + i));
        }
        long names = count("the names", 8);
        if (names != count) {
            throw refused("the names", "there are " + names + " names for " + count + " arrays");
        }
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (Array array : arrays) {
            String name = name("name " + parameters.size());
            Parameter parameter =
                    new Parameter(name, array.shape(), array.type(), () -> map(file, name, array));
            if (parameters.put(name, parameter) != null) {
                throw refused("name " + parameters.size(), "two arrays are called '" + name + "'");
            }
        }
        return parameters;
    }

    private Array array(String place) throws IOException {
        int magic = i32(place);
        boolean old = magic != V1 && magic != V2 && magic != V3;
        if ((magic == V2 || magic == V3) && i32(place) != 0) {
            throw refused(place, "it is sparse, which is not read");
        }
        int axes = old ? magic : i32(place);
        if (axes < 0 || axes > MOST_AXES || axes == 0 && magic != V3) {
            throw refused(place, "it claims " + Integer.toUnsignedString(axes) + " axes");
        }
        long[] sizes = new long[axes];
        long elements = 1;
        for (int axis = 0; axis < axes; axis++) {
            sizes[axis] = old ? Integer.toUnsignedLong(i32(place)) : u64(place);
            if (sizes[axis] < 0) {
                throw refused(place, "axis " + axis + " has the size " + sizes[axis]);
            }
            if (sizes[axis] != 0 && elements > length / sizes[axis]) {
                throw refused(
                        place,
                        "it claims "
                                + new Shape(java.util.Arrays.copyOf(sizes, axis + 1))
                                + " and more elements, the file has "
                                + length
                                + " bytes");
            }
            elements *= sizes[axis];
        }
        i32(place); // the device it lay on
        i32(place);
        int code = i32(place);
        if (code < 0 || code >= TYPES.size()) {
            throw refused(place, "its type code is " + code + ", known are 0 to 7");
        }
        DataType type = TYPES.get(code);
        long bytes = elements * type.getNumOfBytes();
        long offset = position;
        if (bytes > length - position) {
            throw refused(
                    place,
                    "it needs "
                            + bytes
                            + " bytes, the file ends after "
                            + (length - position)
                            + ": it was cut off");
        }
        position += bytes;
        return new Array(new Shape(sizes), type, offset, bytes);
    }

    private String name(String place) throws IOException {
        long size = count(place, 1);
        if (size > MOST_NAME) {
            throw refused(place, "it is " + size + " bytes long");
        }
        String name = new String(read((int) size, place).array(), StandardCharsets.UTF_8);
        return name.startsWith("arg:") || name.startsWith("aux:") ? name.substring(4) : name;
    }

    /** Read a number of things that take at least some bytes each. */
    private long count(String place, int least) throws IOException {
        long count = u64(place);
        if (count < 0 || count > (length - position) / least) {
            throw refused(
                    place,
                    "it claims "
                            + Long.toUnsignedString(count)
                            + " entries, more than its last "
                            + (length - position)
                            + " bytes can hold: it was cut off");
        }
        return count;
    }

    private long u64(String place) throws IOException {
        return read(8, place).getLong();
    }

    private int i32(String place) throws IOException {
        return read(4, place).getInt();
    }

    private ByteBuffer read(int size, String place) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, position);
            if (read < 0) {
                throw refused(place, "the file ends there: it was cut off");
            }
            position += read;
        }
        return buffer.flip();
    }

    private Refusal refused(String place, String what) {
        return Refusal.at(file.getFileName() + ", " + place, what);
    }

    /** The mapped bytes are copied by the engine, at once. */
    private static ByteBuffer map(Path file, String name, Array array) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < array.offset() + array.bytes()) {
                throw VitrailException.model(
                        file + ": was cut off after it was opened\n  where:  array '" + name + "'");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, array.offset(), array.bytes())
                    .order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.MODEL,
                    file + ": array '" + name + "' cannot be read: " + e.getMessage(),
                    e);
        }
    }
}
