package io.vitrail.format.keras;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Make each parameter of a model once, so that all its graphs and calls share it. */
final class Parameters {
    private record Stored(StoredArray array, List<Integer> order, Shape shape) {}

    private record Given(String name, Shape shape, DataType type, List<Double> elements) {}

    private static final long SMALL = 1 << 20; // elements that a layer may compute with

    private final Map<Object, Parameter> made = new ConcurrentHashMap<>();

    /** Return a weight of the file. */
    Parameter of(StoredArray array, List<Integer> order, Shape shape, LayerBuilder layer) {
        if (!array.type().isFloating()) {
            throw layer.refusal(
                    array.place() + " holds " + array.type() + ", where weights are fractions",
                    "save the model with float weights");
        }
        return made.computeIfAbsent(
                new Stored(array, order, shape),
                key ->
                        new Parameter(
                                array.place(),
                                array.shape(),
                                order,
                                shape,
                                array.type(),
                                array.bytes()));
    }

    /** Return a parameter of given elements. */
    Parameter of(String name, Shape shape, DataType type, double[] elements) {
        DataType kept = type == DataType.FLOAT64 ? type : DataType.FLOAT32;
        return made.computeIfAbsent(
                new Given(name, shape, kept, Arrays.stream(elements).boxed().toList()),
                key -> {
                    ByteBuffer bytes = bytes(kept, elements);
                    return new Parameter(name, shape, kept, () -> nativeView(bytes));
                });
    }

    private static ByteBuffer nativeView(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer bytes(DataType type, double[] elements) {
        boolean wide = type == DataType.FLOAT64;
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(elements.length * (wide ? 8 : 4))
                        .order(ByteOrder.nativeOrder());
        for (double element : elements) {
            if (wide) {
                bytes.putDouble(element);
            } else {
                bytes.putFloat((float) element);
            }
        }
        return bytes.flip();
    }

    /** Return the elements of a small weight. */
    double[] numbers(StoredArray array, LayerBuilder layer) {
        long size = array.shape().size();
        boolean wide = array.type() == DataType.FLOAT64;
        if (size > SMALL || !wide && array.type() != DataType.FLOAT32) {
            throw layer.refusal(
                    array.place() + " is " + array.type() + " " + array.shape(),
                    "save the model with float32 weights");
        }
        ByteBuffer bytes = nativeView(array.bytes().get());
        int start = bytes.position();
        return IntStream.range(0, (int) size)
                .mapToDouble(
                        i -> wide ? bytes.getDouble(start + i * 8) : bytes.getFloat(start + i * 4))
                .toArray();
    }
}
