package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Arrays of type bfloat16, which DJL runs but does not know: it calls their type unknown, and
 * aborts the process when asked to make one.
 */
public final class BFloat16 {
    private BFloat16() {}

    /** Return the element type, bfloat16 included. */
    public static DataType type(NDArray array) {
        DataType type = array.getDataType();
        return type == DataType.UNKNOWN ? DataType.BFLOAT16 : type;
    }

    /** Return a bfloat16 copy of a float array, attached to its manager. */
    static NDArray of(NDArray floats) {
        try (Script to = Script.compile(floats.getManager(), "return [torch.to(x[0], 15)]", false);
                NDArray alias = floats.stopGradient()) {
            return GradMode.off(() -> to.run(new NDList(alias), new NDList()).head());
        }
    }

    /** Return an array with the given bits; exact, for float holds every bfloat16. */
    static NDArray of(ByteBuffer bits, ai.djl.ndarray.types.Shape shape, NDManager manager) {
        ByteBuffer from = bits.duplicate().order(ByteOrder.nativeOrder());
        FloatBuffer floats = FloatBuffer.allocate(from.remaining() / 2);
        while (floats.hasRemaining()) {
            floats.put(Float.intBitsToFloat(from.getShort() << 16));
        }
        try (NDArray wide = manager.create(floats.flip(), shape, DataType.FLOAT32)) {
            return of(wide);
        }
    }
}
