package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Compare.Relation;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compute with masks: booleans that say which steps count; null where all do. */
final class Masks {
    private static final int NOWHERE = Integer.MAX_VALUE; // never a position

    private Masks() {}

    /** Return the mask that a call is given as {@code mask}, else the one that its input has. */
    static @Nullable Value of(LayerBuilder layer, Value x) {
        return given(layer, NOWHERE, "mask", layer.mask(x));
    }

    /** Return a mask among the arguments, or what stands for it where there is none. */
    static @Nullable Value given(
            LayerBuilder layer, int position, String keyword, @Nullable Value otherwise) {
        return layer.argument(position, keyword) instanceof Value mask
                ? truth(layer, mask)
                : otherwise;
    }

    /** Return numbers as booleans: whether they are not 0. */
    static Value truth(LayerBuilder layer, Value mask) {
        return layer.type(mask).type() == DataType.BOOLEAN
                ? mask
                : layer.add(new Operator.Compare(Relation.NOT_EQUAL, 0), mask);
    }

    /** Return where both hold. */
    static @Nullable Value and(LayerBuilder layer, @Nullable Value a, @Nullable Value b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return layer.add(new Operator.Multiply(), a, b);
    }

    /** Return where either holds. */
    static Value or(LayerBuilder layer, Value a, Value b) {
        Value none = layer.add(new Operator.Multiply(), not(layer, a), not(layer, b));
        return not(layer, none);
    }

    /** Return where it does not hold. */
    static Value not(LayerBuilder layer, Value a) {
        return layer.add(new Operator.Compare(Relation.EQUAL, 0), a);
    }

    /** Return a mask in another shape, its batch free. */
    static Value shaped(LayerBuilder layer, Value mask, Long... sizes) {
        return layer.add(new Operator.Reshape(List.of(sizes)), mask);
    }

    /** Return an array with a number where a mask does not hold; shapes broadcast. */
    static Value filled(LayerBuilder layer, Value x, @Nullable Value mask, double otherwise) {
        if (mask == null) {
            return x;
        }
        Value number = layer.constant("masked", new Shape(1), otherwise);
        return layer.add(new Operator.Select(), mask, x, number);
    }

    /** Return a mask as ones and zeros. */
    static Value numbers(LayerBuilder layer, Value mask) {
        Value one = layer.constant("one", new Shape(1), 1);
        Value zero = layer.constant("zero", new Shape(1), 0);
        return layer.add(new Operator.Select(), mask, one, zero);
    }

    /** Return which of {@code columns} positions are not behind each of {@code rows}. */
    static Value causal(LayerBuilder layer, int rows, int columns) {
        Value row = layer.constant("row", new Shape(rows, 1), counted(rows));
        Value column = layer.constant("column", new Shape(1, columns), counted(columns));
        Value ahead = layer.add(new Operator.Subtract(), row, column);
        return layer.add(new Operator.Compare(Relation.GREATER_OR_EQUAL, 0), ahead);
    }

    private static double[] counted(int count) {
        return IntStream.range(0, count).mapToDouble(i -> i).toArray();
    }
}
