package io.vitrail.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A weight of the model, read on first use.
 *
 * <p>A file may keep a weight in another order of axes than the operator wants. Then the parameter
 * says how it is stored, and the engine puts it in order while it makes its own array, so that no
 * second copy stands in the Java heap.
 *
 * <p>Two nodes that share a weight share the same {@code Parameter} object: an engine keys its
 * arrays by identity.
 */
public final class Parameter {
    private final String name;
    private final Shape stored;
    private final List<Integer> order;
    private final Shape shape;
    private final DataType type;
    private final Supplier<ByteBuffer> bytes;
    private final @Nullable Supplier<NDArray> array;

    /**
     * Create a parameter that is stored as it is used.
     *
     * @param name where it stands in the file, for messages
     * @param bytes gives the elements in row-major order and native byte order; called at most once
     *     an engine. A direct buffer is used without a copy and must never change
     */
    public Parameter(String name, Shape shape, DataType type, Supplier<ByteBuffer> bytes) {
        this(
                name,
                shape,
                IntStream.range(0, shape.dimension()).boxed().toList(),
                shape,
                type,
                bytes);
    }

    /**
     * Create a parameter that is stored in another order of axes.
     *
     * @param name where it stands in the file, for messages
     * @param stored the shape in the file
     * @param order which stored axis comes first, second, ...: {@code (3, 2, 0, 1)} for a kernel
     *     stored {@code (h, w, in, out)} and used {@code (out, in, h, w)}
     * @param shape how the reordered elements are read, of as many elements
     * @param bytes as for the other constructor, in the stored order
     */
    public Parameter(
            String name,
            Shape stored,
            List<Integer> order,
            Shape shape,
            DataType type,
            Supplier<ByteBuffer> bytes) {
        this(name, stored, order, shape, type, bytes, null);
    }

    private Parameter(
            String name,
            Shape stored,
            List<Integer> order,
            Shape shape,
            DataType type,
            Supplier<ByteBuffer> bytes,
            @Nullable Supplier<NDArray> array) {
        if (!order.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, stored.dimension()).boxed().toList())) {
            throw new IllegalArgumentException(name + ": " + order + " does not order " + stored);
        }
        if (stored.size() != shape.size()) {
            throw new IllegalArgumentException(name + ": " + stored + " does not fill " + shape);
        }
        this.name = name;
        this.stored = stored;
        this.order = List.copyOf(order);
        this.shape = shape;
        this.type = type;
        this.bytes = bytes;
        this.array = array;
    }

    /**
     * Create a parameter that an engine holds already.
     *
     * @param name where it stands in the model, for messages
     * @param array gives the array, which must never change its shape; its engine uses the memory
     *     of it without a copy, and keeps this parameter for as long
     */
    public static Parameter of(String name, Shape shape, DataType type, Supplier<NDArray> array) {
        return new Parameter(
                name,
                shape,
                IntStream.range(0, shape.dimension()).boxed().toList(),
                shape,
                type,
                () -> array.get().toByteBuffer(),
                array);
    }

    public String name() {
        return name;
    }

    /** Return the shape that the operator sees. */
    public Shape shape() {
        return shape;
    }

    /** Return the shape of {@link #bytes()}. */
    public Shape stored() {
        return stored;
    }

    /** Return the stored axes in the order in which the operator wants them. */
    public List<Integer> order() {
        return order;
    }

    public DataType type() {
        return type;
    }

    /** Return the elements in native byte order, row by row of {@link #stored()}. */
    public ByteBuffer bytes() {
        return bytes.get();
    }

    /** Return the array of the engine that holds it already, or empty if it is in a file. */
    public Optional<NDArray> array() {
        return array == null ? Optional.empty() : Optional.of(array.get());
    }

    @Override
    public String toString() {
        return name + " " + type + " " + shape;
    }
}
