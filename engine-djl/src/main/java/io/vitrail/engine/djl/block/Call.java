package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of DJL's array operations that ran.
 *
 * @param method its name: {@code convolution}
 * @param arguments the array that it was called on, where it was one, then what it was given:
 *     {@link Recorded}, lists of such, shapes, numbers, {@code null}
 * @param results what came out
 */
record Call(String method, List<@Nullable Object> arguments, List<NDArray> results) {

    boolean isArray(int index) {
        return index < arguments.size() && arguments.get(index) instanceof Recorded;
    }

    boolean isNumber(int index) {
        return index < arguments.size() && arguments.get(index) instanceof Number;
    }

    Recorded array(int index) {
        return (Recorded) get(index);
    }

    Object get(int index) {
        Object argument = arguments.get(index);
        if (argument == null) {
            throw new IllegalStateException(method + ": argument " + index + " is null");
        }
        return argument;
    }

    boolean isNull(int index) {
        return arguments.get(index) == null;
    }

    /** Return the arrays of a list. */
    List<Recorded> list(int index) {
        List<Recorded> list = new ArrayList<>();
        for (Object item : (List<?>) get(index)) {
            list.add((Recorded) item);
        }
        return list;
    }

    /** Return the weight that an argument is, or null if it is computed or absent. */
    @Nullable Parameter weight(int index) {
        return arguments.get(index) instanceof Recorded recorded
                        && recorded.origin() instanceof Recorded.Weight weight
                ? weight.parameter()
                : null;
    }

    /** Return whether an argument is a weight, or absent. */
    boolean isWeightOrNull(int index) {
        return isNull(index) || weight(index) != null;
    }

    double number(int index) {
        return ((Number) get(index)).doubleValue();
    }

    int integer(int index) {
        return ((Number) get(index)).intValue();
    }

    boolean truth(int index) {
        return (Boolean) get(index);
    }

    /** Return a shape or an array of whole numbers. */
    List<Long> sizes(int index) {
        Object argument = get(index);
        if (argument instanceof Shape shape) {
            return longs(shape.getShape());
        }
        return argument instanceof int[] ints
                ? Arrays.stream(ints).mapToObj(Long::valueOf).toList()
                : longs((long[]) argument);
    }

    static List<Long> longs(long[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    /** Return an axis counted from 0. */
    int axis(int index, int rank) {
        int axis = integer(index);
        return axis < 0 ? axis + rank : axis;
    }

    /** Return axes counted from 0. */
    List<Integer> axes(int index, int rank) {
        return sizes(index).stream().map(axis -> (int) (axis < 0 ? axis + rank : axis)).toList();
    }

    Shape shape(int index) {
        return array(index).array().getShape();
    }

    int rank(int index) {
        return shape(index).dimension();
    }

    NDArray result() {
        return results.get(0);
    }

    /** Return every array that it was given, in order. */
    List<Recorded> arrays() {
        List<Recorded> arrays = new ArrayList<>();
        arguments.forEach(argument -> collect(argument, arrays));
        return arrays;
    }

    private static void collect(@Nullable Object argument, List<Recorded> arrays) {
        if (argument instanceof Recorded recorded) {
            arrays.add(recorded);
        } else if (argument instanceof List<?> list) {
            list.forEach(item -> collect(item, arrays));
        }
    }

    /** Return shape and type of every array that it was given. */
    List<String> types() {
        return arrays().stream()
                .map(read -> read.array().getDataType() + " " + read.array().getShape())
                .toList();
    }

    /** Return whether everything that was read and the result are of one type. */
    boolean isOfOneType() {
        return arrays().stream()
                .allMatch(read -> read.array().getDataType() == result().getDataType());
    }
}
