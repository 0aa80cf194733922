package io.vitrail.format.keras;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Find the shape and axes of what a neutral operator computes, and check that it fits its inputs.
 *
 * <p>Errors are {@link IllegalArgumentException}, or {@link ArithmeticException} where sizes grow
 * beyond all numbers; the caller adds the place.
 */
final class OutputTypes {
    /** More elements than any activation of a sensible network; a file may claim anything. */
    private static final long MOST = 1L << 33;

    private OutputTypes() {}

    static ArrayType of(
            Operator operator, List<ArrayType> inputs, Map<String, Parameter> parameters) {
        ArrayType type =
                operator instanceof Operator.Constant
                        ? constant(parameters.get("value"))
                        : computed(operator, inputs, parameters);
        long size = 1;
        for (long length : type.shape().getShape()) {
            if (length < 1) {
                throw new IllegalArgumentException("it would be " + type.shape());
            }
            size = Math.multiplyExact(size, length);
        }
        if (size > MOST) {
            throw new IllegalArgumentException("it would be as large as " + type.shape());
        }
        return type;
    }

    private static ArrayType constant(Parameter value) {
        return new ArrayType(value.shape(), value.type(), Axes.NONE);
    }

    private static ArrayType computed(
            Operator operator, List<ArrayType> inputs, Map<String, Parameter> parameters) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("it reads nothing");
        }
        ArrayType x = inputs.get(0);
        if (operator instanceof Operator.Linear) {
            return linear(x, parameters.get("weight").shape());
        }
        if (isPairwise(operator)) {
            return broadcast(x, inputs.get(1));
        }
        if (operator instanceof Operator.Embedding) {
            return lookedUp(x, parameters.get("weight"));
        }
        if (operator instanceof Operator.Compare) {
            return new ArrayType(x.shape(), DataType.BOOLEAN, x.axes());
        }
        if (operator instanceof Operator.Select) {
            ArrayType chosen = broadcast(inputs.get(1), inputs.get(2));
            ArrayType all = broadcast(chosen, x);
            return new ArrayType(all.shape(), chosen.type(), all.axes());
        }
        if (operator instanceof Operator.MatMul) {
            return matMul(x, inputs.get(1));
        }
        if (operator instanceof Operator.Concat o) {
            return concat(o.axis(), inputs);
        }
        if (operator instanceof Operator.Mean o) {
            return reduced(x, o.axes(), o.keep());
        }
        if (operator instanceof Operator.Max o) {
            return reduced(x, o.axes(), o.keep());
        }
        if (operator instanceof Operator.Native) {
            throw new IllegalArgumentException("its shape is known to its own engine only");
        }
        ArrayType spatial = SpatialTypes.of(operator, x, parameters);
        return spatial != null ? spatial : ArrangedTypes.of(operator, x);
    }

    private static boolean isPairwise(Operator operator) {
        return operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply
                || operator instanceof Operator.Divide
                || operator instanceof Operator.Maximum
                || operator instanceof Operator.Minimum;
    }

    /** Return the type of the same element type and axes, of other sizes. */
    static ArrayType resized(ArrayType x, long[] sizes) {
        return new ArrayType(new Shape(sizes), x.type(), x.axes());
    }

    static int axis(int axis, ArrayType x) {
        if (axis < 0 || axis >= x.shape().dimension()) {
            throw new IllegalArgumentException("there is no axis " + axis + " in " + x.shape());
        }
        return axis;
    }

    private static ArrayType linear(ArrayType x, Shape weight) {
        long[] sizes = x.shape().getShape().clone();
        int last = axis(sizes.length - 1, x);
        if (sizes[last] != weight.get(1)) {
            throw new IllegalArgumentException(
                    "its weight is for "
                            + weight.get(1)
                            + " inputs, the last axis of "
                            + x.shape()
                            + " is not");
        }
        sizes[last] = weight.get(0);
        return resized(x, sizes);
    }

    private static ArrayType lookedUp(ArrayType x, Parameter table) {
        int rank = x.shape().dimension();
        long[] sizes = Arrays.copyOf(x.shape().getShape(), rank + 1);
        sizes[rank] = table.shape().get(1);
        return new ArrayType(new Shape(sizes), table.type(), Axes.channelsLast(rank + 1));
    }

    private static ArrayType broadcast(ArrayType a, ArrayType b) {
        ArrayType longer = a.shape().dimension() >= b.shape().dimension() ? a : b;
        ArrayType shorter = longer == a ? b : a;
        long[] sizes = longer.shape().getShape().clone();
        int offset = sizes.length - shorter.shape().dimension();
        for (int i = offset; i < sizes.length; i++) {
            long other = shorter.shape().get(i - offset);
            if (sizes[i] != other && sizes[i] != 1 && other != 1) {
                throw new IllegalArgumentException(a.shape() + " and " + b.shape());
            }
            sizes[i] = Math.max(sizes[i], other);
        }
        return resized(longer, sizes);
    }

    private static ArrayType matMul(ArrayType a, ArrayType b) {
        int rank = a.shape().dimension();
        if (rank < 2
                || rank != b.shape().dimension()
                || a.shape().get(rank - 1) != b.shape().get(rank - 2)) {
            throw new IllegalArgumentException(a.shape() + " and " + b.shape());
        }
        long[] sizes = a.shape().getShape().clone();
        for (int i = 0; i < rank - 2; i++) {
            long other = b.shape().get(i);
            if (sizes[i] != other && sizes[i] != 1 && other != 1) {
                throw new IllegalArgumentException(a.shape() + " and " + b.shape());
            }
            sizes[i] = Math.max(sizes[i], other);
        }
        sizes[rank - 1] = b.shape().get(rank - 1);
        return resized(a, sizes);
    }

    private static ArrayType concat(int axis, List<ArrayType> inputs) {
        ArrayType x = inputs.get(0);
        long[] sizes = x.shape().getShape().clone();
        axis(axis, x);
        for (ArrayType other : inputs.subList(1, inputs.size())) {
            long[] more = other.shape().getShape().clone();
            if (more.length != sizes.length) {
                throw new IllegalArgumentException(x.shape() + " and " + other.shape());
            }
            sizes[axis] = Math.addExact(sizes[axis], more[axis]);
            more[axis] = sizes[axis];
            if (!Arrays.equals(more, sizes)) {
                throw new IllegalArgumentException(x.shape() + " and " + other.shape());
            }
        }
        return resized(x, sizes);
    }

    private static ArrayType reduced(ArrayType x, List<Integer> axes, boolean keep) {
        if (new HashSet<>(axes).size() != axes.size()) {
            throw new IllegalArgumentException("an axis comes twice in " + axes);
        }
        axes.forEach(axis -> axis(axis, x));
        long[] sizes = x.shape().getShape().clone();
        if (keep) {
            axes.forEach(axis -> sizes[axis] = 1);
            return resized(x, sizes);
        }
        List<Long> left = new ArrayList<>();
        List<Integer> spatial = new ArrayList<>();
        int channel = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (axes.contains(i)) {
                continue;
            }
            if (x.axes().spatial().contains(i)) {
                spatial.add(left.size());
            }
            if (x.axes().channel() == i) {
                channel = left.size();
            }
            left.add(sizes[i]);
        }
        return new ArrayType(
                new Shape(left.stream().mapToLong(Long::longValue).toArray()),
                x.type(),
                new Axes(spatial, channel));
    }
}
