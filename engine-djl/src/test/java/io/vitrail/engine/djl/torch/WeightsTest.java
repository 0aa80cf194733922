package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A weight lies over the file's bytes, or is put in order by a native copy. */
class WeightsTest {
    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer floats(float... numbers) {
        ByteBuffer bytes = direct(4 * numbers.length);
        for (float number : numbers) {
            bytes.putFloat(number);
        }
        return bytes.flip();
    }

    private static Parameter parameter(
            ByteBuffer bytes, DataType type, Shape stored, List<Integer> order, Shape shape) {
        return new Parameter(
                "w",
                stored,
                order,
                shape,
                type,
                () -> bytes.duplicate().order(ByteOrder.nativeOrder()));
    }

    private static Weights weights() {
        return new Weights(Libtorch.newManager(Device.cpu()));
    }

    @Test
    void aWeightInAForeignOrderIsACopyInOrder() {
        ByteBuffer bytes = floats(1, 2, 3, 4, 5, 6);
        try (Weights weights = weights()) {
            NDArray array =
                    weights.get(
                            parameter(
                                    bytes,
                                    DataType.FLOAT32,
                                    new Shape(2, 3),
                                    List.of(1, 0),
                                    new Shape(3, 2)));
            bytes.putFloat(0, 100);
            assertThat(array.getShape()).isEqualTo(new Shape(3, 2));
            assertThat(array.toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
        }
    }

    @Test
    void aKernelIsInOrderHoweverItsChannelsLie() {
        // (h, w, in, multiple) = (1, 2, 2, 2) read as (in * multiple, 1, h, w)
        ByteBuffer bytes = floats(1, 2, 3, 4, 5, 6, 7, 8);
        try (Weights weights = weights()) {
            NDArray array =
                    weights.get(
                            parameter(
                                    bytes,
                                    DataType.FLOAT32,
                                    new Shape(1, 2, 2, 2),
                                    List.of(2, 3, 0, 1),
                                    new Shape(4, 1, 1, 2)));
            assertThat(array.getShape()).isEqualTo(new Shape(4, 1, 1, 2));
            assertThat(array.toFloatArray()).containsExactly(1, 5, 2, 6, 3, 7, 4, 8);
        }
    }

    @Test
    void aWeightWhoseElementsNeedNotMoveLiesOverTheFile() {
        ByteBuffer bytes = floats(1, 2, 3, 4, 5, 6);
        try (Weights weights = weights()) {
            NDArray array =
                    weights.get(
                            parameter(
                                    bytes,
                                    DataType.FLOAT32,
                                    new Shape(1, 1, 2, 3),
                                    List.of(2, 3, 0, 1),
                                    new Shape(6, 1)));
            assertThat(array.getShape()).isEqualTo(new Shape(6, 1));
            bytes.putFloat(0, 100);
            assertThat(array.toFloatArray()).containsExactly(100, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void halvesAndWholeNumbersAreOrderedToo() {
        List<Integer> turned = List.of(1, 0);
        Shape two = new Shape(2, 2);
        ByteBuffer brain = direct(8); // the upper halves of the floats 1, 2, 3, 4
        for (int bits : new int[] {0x3f80, 0x4000, 0x4040, 0x4080}) {
            brain.putShort((short) bits);
        }
        ByteBuffer half = direct(8);
        for (int bits : new int[] {0x3c00, 0x4000, 0x4200, 0x4400}) {
            half.putShort((short) bits);
        }
        ByteBuffer whole = direct(32);
        for (long number = 1; number <= 4; number++) {
            whole.putLong(number);
        }
        try (Weights weights = weights()) {
            assertThat(
                            numbers(
                                    weights,
                                    parameter(brain.flip(), DataType.BFLOAT16, two, turned, two)))
                    .containsExactly(1, 3, 2, 4);
            assertThat(numbers(weights, parameter(half.flip(), DataType.FLOAT16, two, turned, two)))
                    .containsExactly(1, 3, 2, 4);
            assertThat(numbers(weights, parameter(whole.flip(), DataType.INT64, two, turned, two)))
                    .containsExactly(1, 3, 2, 4);
        }
    }

    @Test
    void aBorrowedWeightThatHadToBeCopiedIsTheBorrowers() {
        try (Weights weights = weights();
                NDManager own = Libtorch.newManager(Device.cpu())) {
            Parameter turned =
                    parameter(
                            floats(1, 2, 3, 4, 5, 6),
                            DataType.FLOAT32,
                            new Shape(2, 3),
                            List.of(1, 0),
                            new Shape(3, 2));

            NDArray borrowed = weights.borrow(turned, own);

            assertThat(borrowed.toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
            assertThat(borrowed.getManager()).isSameAs(own);
            assertThat(weights.get(turned)).isNotSameAs(borrowed);
            assertThat(weights.borrow(turned, own)).isSameAs(weights.get(turned));
        }
    }

    private static float[] numbers(Weights weights, Parameter parameter) {
        return weights.get(parameter).toType(DataType.FLOAT32, true).toFloatArray();
    }
}
