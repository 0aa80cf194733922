package io.vitrail.api.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A weight of the model, read on first use.
 *
 * <p>Two nodes that share a weight share the same {@code Parameter} object: an engine keys its
 * arrays by identity.
 */
public final class Parameter {
    private final String name;
    private final Shape shape;
    private final DataType type;
    private final Supplier<ByteBuffer> bytes;

    /**
     * Create a parameter.
     *
     * @param name where it stands in the file, for messages
     * @param bytes gives the elements in row-major order and native byte order; called at most once
     *     an engine. A direct buffer is used without a copy and must never change
     */
    public Parameter(String name, Shape shape, DataType type, Supplier<ByteBuffer> bytes) {
        this.name = name;
        this.shape = shape;
        this.type = type;
        this.bytes = bytes;
    }

    public String name() {
        return name;
    }

    public Shape shape() {
        return shape;
    }

    public DataType type() {
        return type;
    }

    /** Return the elements in row-major order and native byte order. */
    public ByteBuffer bytes() {
        return bytes.get();
    }

    @Override
    public String toString() {
        return name + " " + type + " " + shape;
    }
}
