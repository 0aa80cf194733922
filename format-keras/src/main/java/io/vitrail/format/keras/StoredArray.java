package io.vitrail.format.keras;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Hold a weight as the file has it, its elements not read yet.
 *
 * <p>The same weight is always the same object, so that layers called twice share it.
 *
 * @param place where it stands in the file, for messages: {@code model_weights/head/head/kernel:0}
 * @param shape its shape in the file
 * @param type its element type
 * @param bytes gives the elements in row-major order and native byte order; direct where the file
 *     stores them plainly, and never to be changed
 */
public record StoredArray(String place, Shape shape, DataType type, Supplier<ByteBuffer> bytes) {}
