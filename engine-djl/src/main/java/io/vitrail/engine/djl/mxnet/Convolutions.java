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
