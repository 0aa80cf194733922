package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Operator;
import java.util.List;

/**
 * Piecewise linear functions, each derivative at a kink as the operator says.
 *
 * <p>They are written with {@code where}, whose gradient takes the branch that its value took.
 */
final class Rectifiers {
    private Rectifiers() {}

    static void addTo(Kernels.Table table) {
        table.put(
                Operator.Relu.class,
                o ->
                        Kernel.explicit(
                                        x -> x.call("Activation", x.x(), "act_type", "relu"),
                                        (x, y, heads) ->
                                                List.of(
                                                        x.call(
                                                                "elemwise_mul",
                                                                heads.head(),
                                                                x.above(y.head(), 0))))
                                .joining()
                                .closed(Rectifiers::open));
        table.put(
                Operator.LeakyRelu.class,
                o ->
                        Kernel.taped(x -> leaky(o.slope(), x))
                                .closed(
                                        (x, y, heads) ->
                                                List.of(
                                                        x.where(
                                                                x.above(x.x(), 0),
                                                                heads.head(),
                                                                x.times(
                                                                        heads.head(),
                                                                        o.slope())))));
        table.put(Operator.Prelu.class, o -> Kernel.taped(Rectifiers::prelu));
        table.put(Operator.GeneralRelu.class, o -> Kernel.taped(x -> general(o, x)));
        table.put(
                Operator.Clip.class,
                o ->
                        Kernel.taped(x -> clip(o, x))
                                .closed((x, y, heads) -> List.of(within(o, x, heads.head()))));
        table.put(
                Operator.HardSigmoid.class,
                o ->
                        Kernel.taped(
                                x -> {
                                    NDArray line = x.plus(x.times(x.x(), o.slope()), 0.5);
                                    return x.call("clip", line, "a_min", 0, "a_max", 1);
                                }));
        table.put(Operator.Shrink.class, o -> Kernel.taped(x -> shrink(o, x)));
        table.put(
                Operator.Threshold.class,
                o ->
                        Kernel.taped(
                                x ->
                                        x.where(
                                                x.above(x.x(), o.limit()),
                                                x.x(),
                                                x.constant(x.x(), o.otherwise()))));
    }

    /** MXNet's own backward operator: one pass, where a mask takes two. */
    private static List<NDArray> open(Operands x, NDList outputs, NDList heads) {
        return List.of(x.call("_backward_relu", new NDList(heads.head(), outputs.head())));
    }

    private static NDArray within(Operator.Clip o, Operands x, NDArray gradient) {
        NDArray in = x.x();
        NDArray low = o.inclusive() ? x.atLeast(in, o.min()) : x.above(in, o.min());
        NDArray high =
                x.call(
                        o.inclusive() ? "_lesser_equal_scalar" : "_lesser_scalar",
                        in,
                        "scalar",
                        o.max());
        return x.call("elemwise_mul", gradient, x.call("elemwise_mul", low, high));
    }

    private static NDArray leaky(double slope, Operands x) {
        if (x.x().getDataType() == DataType.FLOAT32) {
            return x.call("LeakyReLU", x.x(), "act_type", "leaky", "slope", slope);
        }
        // MXNet keeps the slope in float
        return x.where(x.above(x.x(), 0), x.x(), x.times(x.x(), slope));
    }

    private static NDArray prelu(Operands x) {
        NDArray weight = x.need("weight");
        int rank = Operands.rank(x.x());
        if (Operands.rank(weight) > 1) {
            long[] sizes = new long[rank];
            sizes[0] = 1;
            System.arraycopy(weight.getShape().getShape(), 0, sizes, 1, rank - 1);
            NDArray negative = x.call("relu", x.call("negative", x.x()));
            return x.minus(x.call("relu", x.x()), x.times(negative, x.reshaped(weight, sizes)));
        }
        long[] sizes = new long[rank];
        java.util.Arrays.fill(sizes, 1);
        sizes[rank > 1 ? 1 : 0] = weight.size();
        return x.where(x.above(x.x(), 0), x.x(), x.times(x.x(), x.reshaped(weight, sizes)));
    }

    private static NDArray general(Operator.GeneralRelu o, Operands x) {
        NDArray below = x.times(x.plus(x.x(), -o.threshold()), o.slope());
        NDArray line = x.where(x.above(x.x(), o.threshold()), x.x(), below);
        return Double.isInfinite(o.max())
                ? line
                : x.where(x.atLeast(x.x(), o.max()), x.constant(x.x(), o.max()), line);
    }

    private static NDArray clip(Operator.Clip o, Operands x) {
        boolean finite = !Double.isInfinite(o.min()) && !Double.isInfinite(o.max());
        if (o.inclusive() && finite && x.x().getDataType() == DataType.FLOAT32) {
            return x.call("clip", x.x(), "a_min", o.min(), "a_max", o.max());
        }
        NDArray out = x.x();
        if (!Double.isInfinite(o.max())) {
            NDArray high = o.inclusive() ? x.above(x.x(), o.max()) : x.atLeast(x.x(), o.max());
            out = x.where(high, x.constant(x.x(), o.max()), out);
        }
        if (!Double.isInfinite(o.min())) {
            NDArray inside = o.inclusive() ? x.atLeast(x.x(), o.min()) : x.above(x.x(), o.min());
            out = x.where(inside, out, x.constant(x.x(), o.min()));
        }
        return out == x.x() ? x.call("_copy", new NDList(out)) : out;
    }

    private static NDArray shrink(Operator.Shrink o, Operands x) {
        NDArray above = x.above(x.x(), o.limit());
        NDArray below = x.call("_lesser_scalar", x.x(), "scalar", -o.limit());
        NDArray zero = x.constant(x.x(), 0);
        return x.where(
                above,
                o.soft() ? x.plus(x.x(), -o.limit()) : x.x(),
                x.where(below, o.soft() ? x.plus(x.x(), o.limit()) : x.x(), zero));
    }
}
