package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.Aten.truth;
import static io.vitrail.engine.djl.torch.NodeText.number;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Write the vector-Jacobian products that are known in closed form. */
final class Products {
    /**
     * A product.
     *
     * @param text an expression
     * @param kind what it makes
     */
    record Product(String text, Kind kind) {}

    /** What memory a product stands in. */
    enum Kind {
        /** New memory. */
        FRESH,
        /** New memory, or that of the gradient at the output, by {@code grad_input}. */
        ELEMENTWISE,
        /** The gradient at the output itself. */
        SAME,
        /** A view of the gradient at the output. */
        VIEW
    }

    /** What of the way forward a product may read. */
    interface Saved {
        String input(int position);

        String output();

        /** Return the positions of the maxima of a pool. */
        String indices();

        String weight(Derived weight);
    }

    /** Says nothing of value: to learn whether there is a product. */
    static final Saved DRY =
            new Saved() {
                @Override
                public String input(int position) {
                    return "";
                }

                @Override
                public String output() {
                    return "";
                }

                @Override
                public String indices() {
                    return "";
                }

                @Override
                public String weight(Derived weight) {
                    return "";
                }
            };

    private static final int FLOAT32 = 6; // as libtorch counts types

    private Products() {}

    static boolean isRelu(Operator operator) {
        return operator instanceof Operator.Relu
                || operator instanceof Operator.GeneralRelu general
                        && general.slope() == 0
                        && general.threshold() == 0
                        && general.max() == Double.POSITIVE_INFINITY;
    }

    /** Return the ends of a clip whose derivative at the ends is 0, or null. */
    static double @Nullable [] openRange(Operator operator) {
        if (operator instanceof Operator.Clip clip && !clip.inclusive()) {
            return new double[] {clip.min(), clip.max()};
        }
        return operator instanceof Operator.GeneralRelu general
                        && general.slope() == 0
                        && general.threshold() == 0
                        && general.max() > 0
                        && general.max() < Double.POSITIVE_INFINITY
                ? new double[] {0, general.max()}
                : null;
    }

    /** Return whether the output is positive where the input is, and nowhere else. */
    static boolean keepsSign(Operator operator) {
        double[] range = openRange(operator);
        return isRelu(operator)
                || operator instanceof Operator.LeakyRelu leaky && leaky.slope() >= 0
                || range != null && range[0] == 0 && range[1] > 0;
    }

    /** Return whether an operator's output lies in memory as its input does. */
    static boolean keepsMemory(Operator operator) {
        return operator instanceof Operator.BatchNorm
                || operator instanceof Operator.MaxPool
                || operator instanceof Operator.AveragePool
                || operator instanceof Operator.AdaptiveAveragePool
                || operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply
                || operator instanceof Operator.Divide
                || operator instanceof Operator.Scale
                || operator instanceof Operator.Identity
                || operator instanceof Operator.Concat
                || operator instanceof Operator.Pad
                || operator instanceof Operator.Crop
                || operator instanceof Operator.Resize
                || isActivation(operator);
    }

    private static boolean isActivation(Operator operator) {
        return !(operator instanceof Operator.Softmax)
                && !(operator instanceof Operator.LogSoftmax)
                && ActivationText.of(operator, "x") != null;
    }

    /** Return whether the forward pass must keep the positions of maxima. */
    static boolean hasIndices(Operator operator) {
        return operator instanceof Operator.MaxPool pool
                && pool.kernel().size() == 2
                && WindowText.ownPadding(pool.kernel(), pool.before(), pool.after());
    }

    /**
     * Return the gradient at an input, or null where only a tape knows it.
     *
     * @param g the gradient at the only output
     */
    static @Nullable Product of(Graph graph, Node node, int position, String g, Saved saved) {
        Operator operator = node.operator();
        Shape in = graph.type(node.inputs().get(position)).shape();
        Shape out = node.outputs().get(0).shape();
        Product product = element(node, in, g, saved);
        if (product == null) {
            product = arranged(operator, in, out, position, g, graph, node);
        }
        if (product == null) {
            product = merged(operator, in, out, position, g, saved);
        }
        if (product == null) {
            product = window(operator, in, g, saved);
        }
        if (product == null) {
            product = weighted(node, in, g, saved);
        }
        return product;
    }

    private static Product fresh(String function, Object... arguments) {
        return new Product(call(function, arguments), Kind.FRESH);
    }

    private static Product elementwise(String function, Object... arguments) {
        return new Product(call(function, arguments), Kind.ELEMENTWISE);
    }

    private static @Nullable Product element(Node node, Shape in, String g, Saved saved) {
        Operator operator = node.operator();
        if (isRelu(operator)) {
            return elementwise("threshold_backward", g, saved.output(), 0);
        }
        double[] range = openRange(operator);
        if (range != null) {
            return elementwise(
                    "hardtanh_backward", g, saved.output(), number(range[0]), number(range[1]));
        }
        if (operator instanceof Operator.LeakyRelu o) {
            boolean result = o.slope() >= 0;
            return elementwise(
                    "leaky_relu_backward",
                    g,
                    result ? saved.output() : saved.input(0),
                    number(o.slope()),
                    truth(result));
        }
        if (operator instanceof Operator.Sigmoid || operator instanceof Operator.Tanh) {
            return elementwise(operator.kind() + "_backward", g, saved.output());
        }
        if (operator instanceof Operator.Silu) {
            return elementwise("silu_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.Gelu o) {
            return elementwise(
                    "gelu_backward",
                    g,
                    saved.input(0),
                    "approximate=\"" + (o.tanh() ? "tanh" : "none") + "\"");
        }
        if (operator instanceof Operator.Elu o) {
            return elementwise(
                    "elu_backward",
                    g,
                    number(o.alpha()),
                    number(o.scale()),
                    number(o.rate()),
                    "False",
                    saved.input(0));
        }
        if (operator instanceof Operator.Softplus o) {
            return elementwise("softplus_backward", g, saved.input(0), number(o.beta()), "20.");
        }
        if (operator instanceof Operator.HardSwish) {
            return fresh("hardswish_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.HardSigmoid o && o.slope() == 1.0 / 6) {
            return elementwise("hardsigmoid_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.Scale o) {
            return fresh("mul", g, number(o.factor()));
        }
        if (operator instanceof Operator.Softmax o && o.axes().size() == 1) {
            return fresh("_softmax_backward_data", g, saved.output(), o.axis(), FLOAT32);
        }
        if (operator instanceof Operator.LogSoftmax o) {
            return fresh("_log_softmax_backward_data", g, saved.output(), o.axis(), FLOAT32);
        }
        if (operator instanceof Operator.Clip o) { // its ends included
            String x = saved.input(0);
            String within =
                    call("logical_and", call("ge", x, end(o.min())), call("le", x, end(o.max())));
            return fresh("mul", g, within);
        }
        return null;
    }

    private static String end(double value) {
        return Double.isInfinite(value)
                ? "float(\"" + (value < 0 ? "-inf" : "inf") + "\")"
                : number(value);
    }

    private static @Nullable Product arranged(
            Operator operator,
            Shape in,
            Shape out,
            int position,
            String g,
            Graph graph,
            Node node) {
        if (operator instanceof Operator.Identity) {
            return new Product(g, Kind.SAME);
        }
        if (operator instanceof Operator.Reshape || operator instanceof Operator.Flatten) {
            return view("reshape", g, sizes(in));
        }
        if (operator instanceof Operator.Permute o) {
            Integer[] back = new Integer[o.axes().size()];
            for (int i = 0; i < back.length; i++) {
                back[o.axes().get(i)] = i;
            }
            return view("permute", g, Arrays.toString(back));
        }
        if (operator instanceof Operator.Pad o) {
            String result = g;
            for (int axis = 0; axis < o.before().size(); axis++) {
                long before = o.before().get(axis);
                long after = o.after().get(axis);
                if (before < 0 || after < 0) {
                    return null;
                }
                if (before != 0 || after != 0) {
                    result = Aten.cut(result, axis, before, after);
                }
            }
            return new Product(result, result.equals(g) ? Kind.SAME : Kind.VIEW);
        }
        if (operator instanceof Operator.Crop o) {
            return new Product(Aten.pad(g, o.before(), o.after(), 0), Kind.FRESH);
        }
        if (operator instanceof Operator.Concat o) {
            long start = 0;
            for (int i = 0; i < position; i++) {
                start += graph.type(node.inputs().get(i)).shape().get(o.axis());
            }
            return view("narrow", g, o.axis(), start, in.get(o.axis()));
        }
        if (operator instanceof Operator.Mean o) {
            String kept = g;
            if (!o.keep()) {
                long[] sizes = in.getShape().clone();
                o.axes().forEach(axis -> sizes[axis] = 1);
                kept = call("reshape", g, Arrays.toString(sizes));
            }
            long count = 1;
            for (int axis : o.axes()) {
                count *= in.get(axis);
            }
            return spread(kept, in, count, o.axes().equals(List.of(2, 3)));
        }
        return null;
    }

    private static Product view(String function, Object... arguments) {
        return new Product(call(function, arguments), Kind.VIEW);
    }

    private static Product spread(String g, Shape in, long count, boolean channelsLast) {
        String all = call("expand", call("div", g, count), sizes(in));
        return channelsLast && in.dimension() == 4
                ? fresh("contiguous", all, "memory_format=2")
                : fresh("contiguous", all);
    }

    private static String sizes(Shape shape) {
        return Arrays.toString(shape.getShape());
    }

    private static @Nullable Product merged(
            Operator operator, Shape in, Shape out, int position, String g, Saved saved) {
        if (operator instanceof Operator.Add
                || operator instanceof Operator.Subtract && position == 0) {
            return in.equals(out) ? new Product(g, Kind.SAME) : view("sum_to_size", g, sizes(in));
        }
        if (operator instanceof Operator.Subtract) {
            return summed(call("neg", g), in, out);
        }
        if (operator instanceof Operator.Multiply) {
            return summed(call("mul", g, saved.input(1 - position)), in, out);
        }
        if (operator instanceof Operator.Divide) {
            String by = saved.input(1);
            return position == 0
                    ? summed(call("div", g, by), in, out)
                    : summed(call("neg", call("div", call("mul", g, saved.output()), by)), in, out);
        }
        return null;
    }

    private static Product summed(String text, Shape in, Shape out) {
        return new Product(
                in.equals(out) ? text : call("sum_to_size", text, sizes(in)), Kind.FRESH);
    }

    private static @Nullable Product window(Operator operator, Shape in, String g, Saved saved) {
        if (operator instanceof Operator.MaxPool o && hasIndices(o)) {
            return new Product(
                    Aten.channelsFirst(
                            g,
                            o.layout(),
                            head ->
                                    call(
                                            "max_pool2d_with_indices_backward",
                                            head,
                                            first(saved.input(0), o.layout()),
                                            o.kernel(),
                                            o.strides(),
                                            o.before(),
                                            o.dilations(),
                                            truth(o.ceil()),
                                            saved.indices())),
                    Kind.FRESH);
        }
        if (operator instanceof Operator.AveragePool o
                && o.kernel().size() == 2
                && WindowText.ownPadding(o.kernel(), o.before(), o.after())) {
            return new Product(
                    Aten.channelsFirst(
                            g,
                            o.layout(),
                            head ->
                                    call(
                                            "avg_pool2d_backward",
                                            head,
                                            first(saved.input(0), o.layout()),
                                            o.kernel(),
                                            o.strides(),
                                            o.before(),
                                            truth(o.ceil()),
                                            truth(o.countPadding()),
                                            "None")),
                    Kind.FRESH);
        }
        if (operator instanceof Operator.AdaptiveAveragePool o && o.size().size() == 2) {
            return o.size().equals(List.of(1L, 1L))
                    ? spread(g, in, in.get(2) * in.get(3), true)
                    : fresh("_adaptive_avg_pool2d_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.Resize o && o.sizes().size() == 2 && !o.antialias()) {
            boolean nearest = o.interpolation() == Operator.Resize.Interpolation.NEAREST;
            boolean first = o.layout() == Layout.CHANNELS_FIRST;
            long[] s = in.getShape();
            String from = Arrays.toString(first ? s : new long[] {s[0], s[3], s[1], s[2]});
            return new Product(
                    Aten.channelsFirst(
                            g,
                            o.layout(),
                            head ->
                                    nearest
                                            ? call(
                                                    "_upsample_nearest_exact2d_backward",
                                                    head,
                                                    o.sizes(),
                                                    from,
                                                    "None",
                                                    "None")
                                            : call(
                                                    "upsample_bilinear2d_backward",
                                                    head,
                                                    o.sizes(),
                                                    from,
                                                    "False",
                                                    "None",
                                                    "None")),
                    Kind.FRESH);
        }
        return null;
    }

    private static String first(String in, Layout layout) {
        return layout == Layout.CHANNELS_FIRST ? in : call("movedim", in, -1, 1);
    }

    private static @Nullable Product weighted(Node node, Shape in, String g, Saved saved) {
        Operator operator = node.operator();
        if (operator instanceof Operator.Linear) {
            Derived weight = Derived.stored(node.parameters().get("weight"));
            return fresh("matmul", g, saved.weight(weight));
        }
        if (operator instanceof Operator.BatchNorm o) {
            List<Parameter> sources = new ArrayList<>();
            String factor = "%f = " + NormFactors.factor(node, sources);
            Long[] sizes = new Long[in.dimension()];
            Arrays.fill(sizes, 1L);
            sizes[o.axis()] = -1L;
            String shaped = NormFactors.rounded(call("reshape", "%f", Arrays.toString(sizes)));
            return fresh("mul", g, saved.weight(new Derived(sources, List.of(factor, shaped))));
        }
        if (operator instanceof Operator.Prelu
                && node.parameters().get("weight").shape().dimension() <= 1) {
            Parameter weight = node.parameters().get("weight");
            Long[] sizes = new Long[in.dimension()];
            Arrays.fill(sizes, 1L);
            if (weight.shape().size() > 1) {
                sizes[1] = -1L;
            }
            Derived shaped =
                    new Derived(
                            List.of(weight),
                            List.of(call("reshape", "$0", Arrays.toString(sizes))));
            String below = call("mul", g, saved.weight(shaped));
            return fresh("where", call("gt", saved.input(0), 0), g, below);
        }
        return null;
    }
}
