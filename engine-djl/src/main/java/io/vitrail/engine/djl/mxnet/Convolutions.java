package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Convolutions and matrices with the model's weights. */
final class Convolutions {
    private static final int BLOCK = 8; // channels in one of MKL-DNN's blocks, or 16

    private Convolutions() {}

    static void addTo(Kernels.Table table) {
        table.put(Operator.Convolution.class, Convolutions::kernel);
        table.put(
                Operator.Linear.class,
                o ->
                        Kernel.taped(Convolutions::linear)
                                .closed(
                                        (x, y, heads) ->
                                                List.of(
                                                        x.call(
                                                                "dot",
                                                                heads.head(),
                                                                x.need("weight")))));
    }

    private static Kernel kernel(Operator.Convolution o) {
        Kernel taped = Kernel.taped(x -> convolution(o, x));
        return o.strides().size() == 2 && !(isApart(o.strides()) && isApart(o.dilations()))
                ? taped.closed((x, y, heads) -> List.of(adjoint(o, x, heads.head())))
                : taped;
    }

    /**
     * Without MKL-DNN, MXNet transposes a convolution wrongly that has both strides and dilations.
     */
    private static boolean isApart(List<Long> steps) {
        return steps.stream().anyMatch(step -> step > 1);
    }

    private static NDArray convolution(Operator.Convolution o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        List<Long> padding = o.before();
        if (!o.before().equals(o.after())) {
            in = Arrangements.padSpace(x, in, o.before(), o.after(), 0);
            padding = Collections.nCopies(o.before().size(), 0L);
        }
        NDArray weight = x.need("weight");
        NDArray bias = x.weight("bias");
        NDArray out =
                x.call(
                        "Convolution",
                        bias == null ? new NDList(in, weight) : new NDList(in, weight, bias),
                        "kernel",
                        space(weight),
                        "stride",
                        o.strides(),
                        "dilate",
                        o.dilations(),
                        "pad",
                        padding,
                        "num_filter",
                        weight.getShape().get(0),
                        "num_group",
                        o.groups(),
                        "no_bias",
                        bias == null);
        return x.restored(out, o.layout());
    }

    /**
     * The transposed convolution with the same weights, as large as the input was. MKL-DNN's blocks
     * do not suit the few channels of a picture.
     */
    private static NDArray adjoint(Operator.Convolution o, Operands x, NDArray gradient) {
        NDArray head = x.channelsFirst(gradient, o.layout());
        NDArray weight = x.need("weight");
        long channels = weight.getShape().get(1) * o.groups();
        if (channels < BLOCK) {
            head = x.reshaped(head, 0, 0, 0, 0);
        }
        boolean even = o.before().equals(o.after());
        List<Long> padding = even ? o.before() : Collections.nCopies(o.before().size(), 0L);
        int first = o.layout() == Layout.CHANNELS_FIRST ? 2 : 1;
        List<Long> missing = new ArrayList<>();
        for (int i = 0; i < padding.size(); i++) {
            long size = x.x().getShape().get(first + i);
            long padded = even ? size : size + o.before().get(i) + o.after().get(i);
            long reach = o.dilations().get(i) * (weight.getShape().get(i + 2) - 1) + 1;
            long covered = (head.getShape().get(i + 2) - 1) * o.strides().get(i) + reach;
            missing.add(padded + 2 * padding.get(i) - covered);
        }
        NDArray out =
                x.call(
                        "Deconvolution",
                        new NDList(head, weight),
                        "kernel",
                        space(weight),
                        "stride",
                        o.strides(),
                        "dilate",
                        o.dilations(),
                        "pad",
                        padding,
                        "adj",
                        missing,
                        "num_filter",
                        channels,
                        "num_group",
                        o.groups(),
                        "no_bias",
                        true);
        return x.restored(
                even ? out : Arrangements.cropSpace(x, out, o.before(), o.after()), o.layout());
    }

    /** Return the sizes behind the first two. */
    static List<Long> space(NDArray array) {
        return IntStream.range(2, Operands.rank(array))
                .mapToObj(axis -> array.getShape().get(axis))
                .toList();
    }

    private static NDArray linear(Operands x) {
        NDArray weight = x.need("weight");
        NDArray bias = x.weight("bias");
        return x.call(
                "FullyConnected",
                bias == null ? new NDList(x.x(), weight) : new NDList(x.x(), weight, bias),
                "num_hidden",
                weight.getShape().get(0),
                "no_bias",
                bias == null,
                "flatten",
                false);
    }
}
