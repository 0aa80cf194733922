package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Operator;
import java.util.List;

/** Smooth functions of each element. */
final class Activations {
    private Activations() {}

    static void addTo(Kernels.Table table) {
        table.put(
                Operator.Sigmoid.class,
                o ->
                        Kernel.taped(x -> x.call("sigmoid", x.x()))
                                .closed(
                                        (x, y, heads) -> {
                                            NDArray slope =
                                                    x.minus(y.head(), x.call("square", y.head()));
                                            return List.of(x.times(heads.head(), slope));
                                        }));
        table.put(
                Operator.Tanh.class,
                o ->
                        Kernel.taped(x -> x.call("tanh", x.x()))
                                .closed(
                                        (x, y, heads) -> {
                                            NDArray square = x.call("square", y.head());
                                            NDArray slope = x.plus(x.times(square, -1), 1);
                                            return List.of(x.times(heads.head(), slope));
                                        }));
        table.put(Operator.Elu.class, o -> Kernel.taped(x -> elu(o, x)));
        table.put(Operator.Gelu.class, o -> Kernel.taped(x -> gelu(o, x)));
        table.put(
                Operator.Silu.class,
                o -> Kernel.taped(x -> x.times(x.x(), x.call("sigmoid", x.x()))));
        table.put(
                Operator.Mish.class,
                o -> Kernel.taped(x -> x.times(x.x(), x.call("tanh", softplus(x, x.x())))));
        table.put(
                Operator.Softplus.class,
                o ->
                        Kernel.taped(
                                x -> x.times(softplus(x, x.times(x.x(), o.beta())), 1 / o.beta())));
        table.put(
                Operator.HardSwish.class,
                o ->
                        Kernel.taped(
                                x -> {
                                    NDArray gate =
                                            x.call(
                                                    "clip",
                                                    x.plus(x.x(), 3),
                                                    "a_min",
                                                    0,
                                                    "a_max",
                                                    6);
                                    return x.times(x.times(x.x(), gate), 1.0 / 6);
                                }));
        table.put(Operator.Pointwise.class, o -> Kernel.taped(x -> pointwise(o.function(), x)));
    }

    private static NDArray softplus(Operands x, NDArray in) {
        return x.call("Activation", in, "act_type", "softrelu");
    }

    /** MXNet's own SELU has a wrong gradient, and its ELU keeps its factor in float. */
    private static NDArray elu(Operator.Elu o, Operands x) {
        NDArray low = x.call("_minimum_scalar", x.x(), "scalar", 0); // no overflow, slope 1 at 0
        NDArray curve = x.times(x.call("expm1", x.times(low, o.rate())), o.alpha());
        return x.times(x.plus(x.call("relu", x.x()), curve), o.scale());
    }

    private static NDArray gelu(Operator.Gelu o, Operands x) {
        NDArray in = x.x();
        if (!o.tanh() && in.getDataType() == DataType.FLOAT32) {
            return x.call("LeakyReLU", in, "act_type", "gelu");
        }
        NDArray inner;
        if (o.tanh()) {
            NDArray cube = x.times(x.call("square", in), in);
            NDArray sum = x.plus(in, x.times(cube, 0.044715));
            inner = x.call("tanh", x.times(sum, Math.sqrt(2 / Math.PI)));
        } else {
            inner = x.call("erf", x.times(in, Math.sqrt(0.5)));
        }
        return x.times(x.times(in, x.plus(inner, 1)), 0.5);
    }

    private static NDArray pointwise(Operator.Pointwise.Function function, Operands x) {
        NDArray in = x.x();
        return switch (function) {
            case ABS -> x.call("abs", in);
            case EXP -> x.call("exp", in);
            case LOG -> x.call("log", in);
            case NEGATE -> x.call("negative", in);
            case SQUARE -> x.call("square", in);
            case SQUARE_ROOT -> x.call("sqrt", in);
            case SOFTSIGN -> x.call("softsign", in);
            case LOG_SIGMOID -> x.call("negative", softplus(x, x.call("negative", in)));
            case TANH_SHRINK -> x.minus(in, x.call("tanh", in));
            case SQUARE_PLUS ->
                    x.times(x.plus(in, x.call("sqrt", x.plus(x.call("square", in), 4))), 0.5);
            case SPARSE_PLUS -> {
                NDArray middle = x.call("clip", in, "a_min", -1, "a_max", 1);
                NDArray curve = x.times(x.call("square", x.plus(middle, 1)), 0.25);
                yield x.plus(curve, x.call("relu", x.plus(in, -1)));
            }
            case SPARSE_SIGMOID ->
                    x.call("clip", x.times(x.plus(in, 1), 0.5), "a_min", 0, "a_max", 1);
        };
    }
}
