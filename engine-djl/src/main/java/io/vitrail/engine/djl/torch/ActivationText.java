package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.NodeText.number;

import io.vitrail.api.graph.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Write functions of each element, softmax among them, as TorchScript. */
final class ActivationText {
    private ActivationText() {}

    /** Return the expression, or null if the operator is of another family. */
    static @Nullable String of(Operator operator, String x) {
        if (operator instanceof Operator.Relu
                || operator instanceof Operator.Silu
                || operator instanceof Operator.Mish
                || operator instanceof Operator.Sigmoid
                || operator instanceof Operator.Tanh) {
            return call(operator.kind(), x);
        }
        if (operator instanceof Operator.LeakyRelu o) {
            return call("leaky_relu", x, number(o.slope()));
        }
        if (operator instanceof Operator.GeneralRelu o) {
            return generalRelu(o, x);
        }
        if (operator instanceof Operator.Clip o) {
            return o.inclusive()
                    ? call("clamp", x, end(o.min()), end(o.max()))
                    : call("hardtanh", x, number(o.min()), number(o.max()));
        }
        if (operator instanceof Operator.Elu o) {
            return call("elu", x, number(o.alpha()), number(o.scale()), number(o.rate()));
        }
        if (operator instanceof Operator.Gelu o) {
            return call("gelu", x, "approximate=\"" + (o.tanh() ? "tanh" : "none") + "\"");
        }
        if (operator instanceof Operator.Softplus o) {
            return call("softplus", x, number(o.beta()), "20.");
        }
        if (operator instanceof Operator.HardSwish) {
            return call("hardswish", x);
        }
        if (operator instanceof Operator.HardSigmoid o) {
            return o.slope() == 1.0 / 6
                    ? call("hardsigmoid", x)
                    : call("hardtanh", line(x, o.slope(), 0.5), "0.", "1.");
        }
        if (operator instanceof Operator.Pointwise o) {
            return pointwise(o.function(), x);
        }
        if (operator instanceof Operator.Shrink o) {
            return call(o.soft() ? "softshrink" : "hardshrink", x, number(o.limit()));
        }
        if (operator instanceof Operator.Threshold o) {
            return call("threshold", x, number(o.limit()), number(o.otherwise()));
        }
        if (operator instanceof Operator.Compare o) {
            return call(
                    switch (o.relation()) {
                        case EQUAL -> "eq";
                        case NOT_EQUAL -> "ne";
                        case GREATER -> "gt";
                        case GREATER_OR_EQUAL -> "ge";
                        case LESS -> "lt";
                        case LESS_OR_EQUAL -> "le";
                    },
                    x,
                    number(o.number()));
        }
        if (operator instanceof Operator.Scale o) {
            return line(x, o.factor(), o.shift());
        }
        if (operator instanceof Operator.Softmax o) {
            return softmax(o.axes(), x);
        }
        if (operator instanceof Operator.LogSoftmax o) {
            return call("log_softmax", x, o.axis(), "None");
        }
        return null;
    }

    /** Several axes are joined for it, and parted again. */
    private static String softmax(List<Integer> axes, String x) {
        int first = axes.get(0);
        if (axes.size() == 1) {
            return call("softmax", x, first, "None");
        }
        String joined = call("flatten", x, first, axes.get(axes.size() - 1));
        return call("reshape", call("softmax", joined, first, "None"), call("size", x));
    }

    /**
     * Each piece holds its own ends, and so has its own derivative there; what is ReLU, leaky ReLU
     * or ReLU6 by its numbers has the same derivatives at its kinks and is written as that.
     */
    private static String generalRelu(Operator.GeneralRelu o, String x) {
        String threshold = number(o.threshold());
        boolean open = o.max() == Double.POSITIVE_INFINITY;
        if (o.slope() == 0 && o.threshold() == 0 && o.max() > 0) {
            return open ? call("relu", x) : call("hardtanh", x, "0.", number(o.max()));
        }
        String result;
        if (o.slope() == 0) {
            result = call("threshold", x, threshold, "0.");
        } else if (o.threshold() == 0) {
            result = call("leaky_relu", x, number(o.slope()));
        } else {
            String low = call("mul", call("sub", x, threshold), number(o.slope()));
            result = call("where", call("gt", x, threshold), x, low);
        }
        String max = number(o.max());
        return open ? result : call("where", call("ge", x, max), max, result);
    }

    private static String pointwise(Operator.Pointwise.Function function, String x) {
        return switch (function) {
            case ABS -> call("abs", x);
            case EXP -> call("exp", x);
            case LOG -> call("log", x);
            case NEGATE -> call("neg", x);
            case SQUARE -> call("mul", x, x);
            case SQUARE_ROOT -> call("sqrt", x);
            case SOFTSIGN -> call("div", x, call("add", call("abs", x), 1));
            case LOG_SIGMOID -> call("log_sigmoid", x);
            case TANH_SHRINK -> call("sub", x, call("tanh", x));
            case SQUARE_PLUS ->
                    call(
                            "mul",
                            call("add", x, call("sqrt", call("add", call("mul", x, x), 4))),
                            "0.5");
            case SPARSE_PLUS -> sparsePlus(x);
            case SPARSE_SIGMOID -> call("hardtanh", line(x, 0.5, 0.5), "0.", "1.");
        };
    }

    private static String sparsePlus(String x) {
        String curve = call("mul", call("square", call("add", x, 1)), "0.25");
        String above = call("where", call("ge", x, 1), x, curve);
        return call("where", call("le", x, -1), "0.", above);
    }

    private static String line(String x, double factor, double shift) {
        return call("add", call("mul", x, number(factor)), number(shift));
    }

    private static String end(double value) {
        return Double.isInfinite(value) ? "None" : number(value);
    }
}
