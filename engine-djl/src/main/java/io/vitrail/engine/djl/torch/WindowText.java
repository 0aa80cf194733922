package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.Aten.pad;
import static io.vitrail.engine.djl.torch.Aten.truth;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Write what slides over space as TorchScript: convolutions and pools. */
final class WindowText {
    private WindowText() {}

    /**
     * Return the expression, or null if the operator is of another family.
     *
     * @param weight the expression of a weight of the node, {@code None} if it has none
     */
    static @Nullable String of(Node node, String x, UnaryOperator<String> weight) {
        Operator operator = node.operator();
        if (operator instanceof Operator.Convolution o) {
            return Aten.channelsFirst(x, o.layout(), in -> convolution(o, in, weight));
        }
        if (operator instanceof Operator.TransposedConvolution o) {
            return Aten.channelsFirst(x, o.layout(), in -> transposed(o, in, weight));
        }
        if (operator instanceof Operator.MaxPool o) {
            return Aten.channelsFirst(x, o.layout(), in -> maxPool(o, in, node));
        }
        if (operator instanceof Operator.AveragePool o) {
            return Aten.channelsFirst(x, o.layout(), in -> averagePool(o, in, node));
        }
        if (operator instanceof Operator.AdaptiveAveragePool o) {
            return call("adaptive_avg_pool" + o.size().size() + "d", x, o.size());
        }
        return null;
    }

    private static List<Long> zeros(int axes) {
        return Collections.nCopies(axes, 0L);
    }

    private static String convolution(
            Operator.Convolution o, String in, UnaryOperator<String> weight) {
        boolean even = o.before().equals(o.after());
        int axes = o.strides().size();
        return call(
                "conv" + axes + "d",
                even ? in : pad(in, o.before(), o.after(), 0),
                weight.apply("weight"),
                weight.apply("bias"),
                o.strides(),
                even ? o.before() : zeros(axes),
                o.dilations(),
                o.groups());
    }

    private static String transposed(
            Operator.TransposedConvolution o, String in, UnaryOperator<String> weight) {
        int axes = o.strides().size();
        List<Long> more = new java.util.ArrayList<>(); // kept behind beyond what is kept in front
        boolean direct = true;
        for (int i = 0; i < axes; i++) {
            long extra = o.before().get(i) - o.after().get(i);
            long limit = Math.max(o.strides().get(i), o.dilations().get(i));
            direct &= o.before().get(i) >= 0 && extra >= 0 && extra < limit;
            more.add(extra);
        }
        String bias = weight.apply("bias");
        String result =
                call(
                        "conv_transpose" + axes + "d",
                        in,
                        weight.apply("weight"),
                        direct ? bias : "None",
                        o.strides(),
                        direct ? o.before() : zeros(axes),
                        direct ? more : zeros(axes),
                        o.groups(),
                        o.dilations());
        if (direct) {
            return result;
        }
        result = pad(result, negative(o.before()), negative(o.after()), 0);
        if (bias.equals("None")) {
            return result;
        }
        List<Long> column = new java.util.ArrayList<>(List.of(-1L));
        column.addAll(Collections.nCopies(axes, 1L));
        return call("add", result, call("reshape", bias, column));
    }

    private static List<Long> negative(List<Long> numbers) {
        return numbers.stream().map(number -> -number).toList();
    }

    /** Return whether the pool itself pads so: as much on both sides, half a window at most. */
    static boolean ownPadding(List<Long> kernel, List<Long> before, List<Long> after) {
        boolean half = true;
        for (int i = 0; i < kernel.size(); i++) {
            half &= 2 * before.get(i) <= kernel.get(i);
        }
        return half && before.equals(after);
    }

    private static String maxPool(Operator.MaxPool o, String in, Node node) {
        boolean own = ownPadding(o.kernel(), o.before(), o.after());
        int axes = o.kernel().size();
        String result =
                call(
                        "max_pool" + axes + "d",
                        own ? in : pad(in, o.before(), o.after(), Double.NEGATIVE_INFINITY),
                        o.kernel(),
                        o.strides(),
                        own ? o.before() : zeros(axes),
                        o.dilations(),
                        truth(o.ceil()));
        return own || !o.ceil() ? result : declared(result, o.layout(), node, axes);
    }

    private static String averagePool(Operator.AveragePool o, String in, Node node) {
        int axes = o.kernel().size();
        if (ownPadding(o.kernel(), o.before(), o.after())) {
            return mean(o, in, o.before(), o.countPadding());
        }
        String result = mean(o, pad(in, o.before(), o.after(), 0), zeros(axes), true);
        if (o.ceil()) {
            result = declared(result, o.layout(), node, axes);
        }
        if (o.countPadding()) {
            return result;
        }
        // the share of each window that lies in the image, for one channel of one item
        String ones = call("ones_like", Aten.first(Aten.first(in, 0, 1), 1, 1));
        String share = mean(o, pad(ones, o.before(), o.after(), 0), zeros(axes), true);
        if (o.ceil()) {
            share = declared(share, o.layout(), node, axes);
        }
        return call("div", result, share);
    }

    private static String mean(
            Operator.AveragePool o, String in, List<Long> padding, boolean countPadding) {
        return call(
                "avg_pool" + o.kernel().size() + "d",
                in,
                o.kernel(),
                o.strides(),
                padding,
                truth(o.ceil()),
                truth(countPadding));
    }

    /** Drop last windows that lie in the padding alone, which libtorch takes for image here. */
    private static String declared(String pooled, Layout layout, Node node, int axes) {
        String result = pooled;
        for (int i = 0; i < axes; i++) {
            int axis = layout == Layout.CHANNELS_FIRST ? i + 2 : i + 1;
            result = Aten.first(result, i + 2, node.outputs().get(0).shape().get(axis));
        }
        return result;
    }
}
