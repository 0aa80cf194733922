package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.Aten.truth;
import static io.vitrail.engine.djl.torch.NodeText.number;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import org.jspecify.annotations.Nullable;

/** Write the products of functions of each element, softmax among them. */
final class ElementProducts {
    private ElementProducts() {}

    private static final int FLOAT32 = 6; // as libtorch counts types

    /** Return the product, or null if the operator is of another family. */
    static @Nullable Product of(Node node, Shape in, String g, Product.Saved saved) {
        Operator operator = node.operator();
        if (Traits.isRelu(operator)) {
            return Product.elementwise("threshold_backward", g, saved.output(), 0);
        }
        double[] range = Traits.openRange(operator);
        if (range != null) {
            return Product.elementwise(
                    "hardtanh_backward", g, saved.output(), number(range[0]), number(range[1]));
        }
        if (operator instanceof Operator.LeakyRelu o) {
            boolean result = o.slope() >= 0;
            return Product.elementwise(
                    "leaky_relu_backward",
                    g,
                    result ? saved.output() : saved.input(0),
                    number(o.slope()),
                    truth(result));
        }
        if (operator instanceof Operator.Sigmoid || operator instanceof Operator.Tanh) {
            return Product.elementwise(operator.kind() + "_backward", g, saved.output());
        }
        if (operator instanceof Operator.Silu) {
            return Product.elementwise("silu_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.Gelu o) {
            return Product.elementwise(
                    "gelu_backward",
                    g,
                    saved.input(0),
                    "approximate=\"" + (o.tanh() ? "tanh" : "none") + "\"");
        }
        if (operator instanceof Operator.Elu o) {
            return Product.elementwise(
                    "elu_backward",
                    g,
                    number(o.alpha()),
                    number(o.scale()),
                    number(o.rate()),
                    "False",
                    saved.input(0));
        }
        if (operator instanceof Operator.Softplus o) {
            return Product.elementwise(
                    "softplus_backward", g, saved.input(0), number(o.beta()), "20.");
        }
        if (operator instanceof Operator.HardSwish) {
            return Product.fresh("hardswish_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.HardSigmoid o && o.slope() == 1.0 / 6) {
            return Product.elementwise("hardsigmoid_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.Scale o) {
            return Product.fresh("mul", g, number(o.factor()));
        }
        if (operator instanceof Operator.Softmax o && o.axes().size() == 1) {
            return Product.fresh("_softmax_backward_data", g, saved.output(), o.axis(), FLOAT32);
        }
        if (operator instanceof Operator.LogSoftmax o) {
            return Product.fresh(
                    "_log_softmax_backward_data", g, saved.output(), o.axis(), FLOAT32);
        }
        if (operator instanceof Operator.Clip o) { // its ends included
            String x = saved.input(0);
            String within =
                    call("logical_and", call("ge", x, end(o.min())), call("le", x, end(o.max())));
            return Product.fresh("mul", g, within);
        }
        return null;
    }

    private static String end(double value) {
        return Double.isInfinite(value)
                ? "float(\"" + (value < 0 ? "-inf" : "inf") + "\")"
                : number(value);
    }
}
