package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators of two arrays, shapes broadcast. */
final class Arithmetic {
    private Arithmetic() {}

    static void addTo(Kernels.Table table) {
        table.put(
                Operator.Add.class,
                o ->
                        Kernel.explicit(
                                        Arithmetic::sum,
                                        (x, y, heads) ->
                                                List.of(
                                                        summed(x, heads.head(), x.x(0)),
                                                        summed(x, heads.head(), x.x(1))))
                                .joining());
        table.put(
                Operator.Subtract.class,
                o ->
                        Kernel.explicit(
                                        x -> two("broadcast_sub", x),
                                        (x, y, heads) ->
                                                List.of(
                                                        summed(x, heads.head(), x.x(0)),
                                                        summed(
                                                                x,
                                                                x.call("negative", heads.head()),
                                                                x.x(1))))
                                .joining());
        table.put(
                Operator.Multiply.class,
                o ->
                        Kernel.taped(x -> two("broadcast_mul", x))
                                .closed((x, y, heads) -> factors(x, heads.head())));
        table.put(Operator.Divide.class, o -> Kernel.taped(x -> two("broadcast_div", x)));
        table.put(Operator.Maximum.class, o -> Kernel.taped(x -> two("broadcast_maximum", x)));
        table.put(Operator.Minimum.class, o -> Kernel.taped(x -> two("broadcast_minimum", x)));
        table.put(
                Operator.Scale.class,
                o ->
                        Kernel.explicit(
                                        x -> x.plus(x.times(x.x(), o.factor()), o.shift()),
                                        (x, y, heads) -> List.of(x.times(heads.head(), o.factor())))
                                .joining());
        table.put(Operator.MatMul.class, o -> Kernel.taped(Arithmetic::product));
        table.put(Operator.Compare.class, o -> Kernel.taped(x -> compared(x, o)));
        table.put(Operator.Select.class, o -> Kernel.taped(Arithmetic::chosen));
    }

    /** MXNet has ones and zeros for booleans. */
    private static NDArray compared(Operands x, Operator.Compare o) {
        String relation =
                switch (o.relation()) {
                    case EQUAL -> "_equal_scalar";
                    case NOT_EQUAL -> "_not_equal_scalar";
                    case GREATER -> "_greater_scalar";
                    case GREATER_OR_EQUAL -> "_greater_equal_scalar";
                    case LESS -> "_lesser_scalar";
                    case LESS_OR_EQUAL -> "_lesser_equal_scalar";
                };
        NDArray truth = x.call(relation, x.x(), "scalar", o.number());
        return x.call("Cast", truth, "dtype", "float32");
    }

    /** MXNet wants equal shapes. */
    private static NDArray chosen(Operands x) {
        List<Long> sizes = Arrays.stream(x.output()).boxed().toList();
        List<NDArray> whole = new ArrayList<>();
        for (NDArray part : x.inputs()) {
            NDArray ranked = ranked(x, part, sizes.size());
            boolean fits = Arrays.equals(ranked.getShape().getShape(), x.output());
            whole.add(fits ? ranked : x.call("broadcast_to", ranked, "shape", sizes));
        }
        return x.where(whole.get(0), whole.get(1), whole.get(2));
    }

    /** The one for equal shapes keeps what it is given in MKL-DNN's layout. */
    private static NDArray sum(Operands x) {
        boolean equal = x.x(0).getShape().equals(x.x(1).getShape());
        return equal ? x.call("elemwise_add", x.x(0), x.x(1)) : two("broadcast_add", x);
    }

    private static List<NDArray> factors(Operands x, NDArray head) {
        int rank = Operands.rank(head);
        return List.of(
                summed(x, x.times(head, ranked(x, x.x(1), rank)), x.x(0)),
                summed(x, x.times(head, ranked(x, x.x(0), rank)), x.x(1)));
    }

    /** MXNet wants equal ranks. */
    private static NDArray two(String operator, Operands x) {
        int rank = Math.max(Operands.rank(x.x(0)), Operands.rank(x.x(1)));
        return x.call(operator, ranked(x, x.x(0), rank), ranked(x, x.x(1), rank));
    }

    private static NDArray ranked(Operands x, NDArray array, int rank) {
        int missing = rank - Operands.rank(array);
        if (missing == 0) {
            return array;
        }
        long[] sizes = new long[rank];
        Arrays.fill(sizes, 1);
        System.arraycopy(array.getShape().getShape(), 0, sizes, missing, rank - missing);
        return x.reshaped(array, sizes);
    }

    /** Return a gradient summed over the axes along which an input was repeated. */
    private static NDArray summed(Operands x, NDArray gradient, NDArray input) {
        Shape wanted = input.getShape();
        Shape given = gradient.getShape();
        if (given.equals(wanted)) {
            return gradient;
        }
        int missing = given.dimension() - wanted.dimension();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < given.dimension(); axis++) {
            if (axis < missing || wanted.get(axis - missing) == 1 && given.get(axis) != 1) {
                axes.add(axis);
            }
        }
        NDArray sum = axes.isEmpty() ? gradient : x.sum(gradient, axes);
        return x.reshaped(sum, wanted.getShape());
    }

    private static NDArray product(Operands x) {
        NDArray a = x.x(0);
        NDArray b = x.x(1);
        int rank = Math.max(Math.max(Operands.rank(a), Operands.rank(b)), 3);
        NDArray left = ranked(x, a, rank);
        NDArray right = ranked(x, b, rank);
        long[] lead = new long[rank];
        for (int axis = 0; axis < rank - 2; axis++) {
            lead[axis] = Math.max(left.getShape().get(axis), right.getShape().get(axis));
        }
        NDArray made = x.call("batch_dot", stacked(x, left, lead), stacked(x, right, lead));
        return x.reshaped(made, x.output());
    }

    /** Return {@code (stack, rows, columns)} with the leading axes broadcast. */
    private static NDArray stacked(Operands x, NDArray array, long[] lead) {
        long[] sizes = array.getShape().getShape();
        int rank = sizes.length;
        long[] whole = lead.clone();
        whole[rank - 2] = sizes[rank - 2];
        whole[rank - 1] = sizes[rank - 1];
        NDArray all =
                Arrays.equals(whole, sizes)
                        ? array
                        : x.call(
                                "broadcast_to",
                                array,
                                "shape",
                                Arrays.stream(whole).boxed().toList());
        return x.reshaped(all, -1, sizes[rank - 2], sizes[rank - 1]);
    }
}
