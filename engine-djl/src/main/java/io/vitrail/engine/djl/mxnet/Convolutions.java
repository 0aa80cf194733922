package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Operator;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Convolutions and matrices with the model's weights. */
final class Convolutions {
    private Convolutions() {}

    static void addTo(Kernels.Table table) {
        table.put(Operator.Convolution.class, o -> Kernel.taped(x -> convolution(o, x)));
        table.put(Operator.TransposedConvolution.class, o -> Kernel.taped(x -> transposed(o, x)));
        table.put(Operator.Linear.class, o -> Kernel.taped(Convolutions::linear));
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

    private static List<Long> space(NDArray array) {
        return IntStream.range(2, Operands.rank(array))
                .mapToObj(axis -> array.getShape().get(axis))
                .toList();
    }

    /**
     * The whole result is made and cut, unless MXNet's own padding comes to the same. The bias is
     * added in the end: positions beyond the whole result hold it alone.
     */
    private static NDArray transposed(Operator.TransposedConvolution o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        NDArray weight = x.need("weight");
        NDArray bias = x.weight("bias");
        int axes = o.strides().size();
        boolean own =
                IntStream.range(0, axes)
                        .allMatch(
                                i -> {
                                    long more = o.before().get(i) - o.after().get(i);
                                    return more >= 0 && more < o.strides().get(i);
                                });
        List<Long> zeros = Collections.nCopies(axes, 0L);
        NDArray out =
                x.call(
                        "Deconvolution",
                        new NDList(in, weight),
                        "kernel",
                        space(weight),
                        "stride",
                        o.strides(),
                        "dilate",
                        o.dilations(),
                        "pad",
                        own ? o.before() : zeros,
                        "adj",
                        own
                                ? IntStream.range(0, axes)
                                        .mapToObj(i -> o.before().get(i) - o.after().get(i))
                                        .toList()
                                : zeros,
                        "num_filter",
                        weight.getShape().get(1) * o.groups(),
                        "num_group",
                        o.groups(),
                        "no_bias",
                        true);
        if (!own) {
            List<Long> more = o.after().stream().map(n -> Math.max(-n, 0)).toList();
            out = Arrangements.padSpace(x, out, zeros, more, 0);
            List<Long> less = o.after().stream().map(n -> Math.max(n, 0)).toList();
            out = Arrangements.cropSpace(x, out, o.before(), less);
        }
        if (bias != null) {
            long[] channel = new long[axes + 2];
            java.util.Arrays.fill(channel, 1);
            channel[1] = bias.size();
            out = x.plus(out, x.reshaped(bias, channel));
        }
        return x.restored(out, o.layout());
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
