package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Transposed convolutions: MXNet's own on one and two axes, a convolution in disguise on three. */
final class TransposedConvolutions {
    private TransposedConvolutions() {}

    static void addTo(Kernels.Table table) {
        // a tape that holds others too might want the weight's gradient, which ends the process
        table.put(
                Operator.TransposedConvolution.class, o -> Kernel.taped(x -> spread(o, x)).alone());
    }

    /** The bias is added in the end: positions beyond the whole result hold it alone. */
    private static NDArray spread(Operator.TransposedConvolution o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        int axes = o.strides().size();
        NDArray out = axes == 3 ? cut(o, x, disguised(o, x, in)) : own(o, x, in);
        NDArray bias = x.weight("bias");
        if (bias != null) {
            long[] channel = new long[axes + 2];
            Arrays.fill(channel, 1);
            channel[1] = bias.size();
            out = x.plus(out, x.reshaped(bias, channel));
        }
        return x.restored(out, o.layout());
    }

    /** The whole result is made and cut, unless MXNet's own padding comes to the same. */
    private static NDArray own(Operator.TransposedConvolution o, Operands x, NDArray in) {
        int axes = o.strides().size();
        List<Long> surplus =
                IntStream.range(0, axes)
                        .mapToObj(i -> o.before().get(i) - o.after().get(i))
                        .toList();
        boolean padded =
                IntStream.range(0, axes)
                        .allMatch(i -> surplus.get(i) >= 0 && surplus.get(i) < o.strides().get(i));
        List<Long> zeros = Collections.nCopies(axes, 0L);
        NDArray weight = x.need("weight");
        NDArray out =
                x.call(
                        "Deconvolution",
                        new NDList(in, weight),
                        "kernel",
                        Convolutions.space(weight),
                        "stride",
                        o.strides(),
                        "dilate",
                        o.dilations(),
                        "pad",
                        padded ? o.before() : zeros,
                        "adj",
                        padded ? surplus : zeros,
                        "num_filter",
                        weight.getShape().get(1) * o.groups(),
                        "num_group",
                        o.groups(),
                        "no_bias",
                        true);
        return padded ? out : cut(o, x, out);
    }

    private static NDArray cut(Operator.TransposedConvolution o, Operands x, NDArray whole) {
        List<Long> zeros = Collections.nCopies(o.strides().size(), 0L);
        List<Long> more = o.after().stream().map(n -> Math.max(-n, 0)).toList();
        List<Long> less = o.after().stream().map(n -> Math.max(n, 0)).toList();
        NDArray wide = Arrangements.padSpace(x, whole, zeros, more, 0);
        return Arrangements.cropSpace(x, wide, o.before(), less);
    }

    /** Convolve the input, its elements a stride apart, with the kernel turned round. */
    private static NDArray disguised(Operator.TransposedConvolution o, Operands x, NDArray in) {
        NDArray weight = x.need("weight");
        List<Long> kernel = Convolutions.space(weight);
        NDArray apart = in;
        for (int i = 0; i < kernel.size(); i++) {
            apart = apart(x, apart, i + 2, o.strides().get(i));
        }
        List<Long> reach = new ArrayList<>();
        for (int i = 0; i < kernel.size(); i++) {
            reach.add((kernel.get(i) - 1) * o.dilations().get(i));
        }
        long into = weight.getShape().get(0);
        long from = weight.getShape().get(1);
        List<Long> grouped = new ArrayList<>(List.of(o.groups(), into / o.groups(), from));
        grouped.addAll(kernel);
        List<Integer> swap = new ArrayList<>(List.of(0, 2, 1));
        IntStream.range(3, grouped.size()).forEach(swap::add);
        List<Long> joined = new ArrayList<>(List.of(o.groups() * from, into / o.groups()));
        joined.addAll(kernel);
        NDArray swapped = x.transposed(x.reshaped(weight, numbers(grouped)), swap);
        NDArray turned =
                x.call(
                        "reverse",
                        x.reshaped(swapped, numbers(joined)),
                        "axis",
                        IntStream.range(2, joined.size()).boxed().toList());
        return x.call(
                "Convolution",
                new NDList(apart, turned),
                "kernel",
                kernel,
                "dilate",
                o.dilations(),
                "pad",
                reach,
                "num_filter",
                o.groups() * from,
                "num_group",
                o.groups(),
                "no_bias",
                true);
    }

    private static NDArray apart(Operands x, NDArray in, int axis, long stride) {
        if (stride == 1) {
            return in;
        }
        long[] sizes = in.getShape().getShape().clone();
        long rows = 1;
        for (int i = 0; i <= axis; i++) {
            rows *= sizes[i];
        }
        NDArray wide =
                x.call(
                        "Pad",
                        x.reshaped(in, 1, rows, 1, -1),
                        "mode",
                        "constant",
                        "pad_width",
                        List.of(0, 0, 0, 0, 0, stride - 1, 0, 0));
        sizes[axis] *= stride;
        List<Long> end = new ArrayList<>(Collections.nCopies(sizes.length, 0L));
        end.set(axis, stride - 1);
        List<Long> zeros = Collections.nCopies(sizes.length, 0L);
        return Arrangements.crop(x, x.reshaped(wide, sizes), zeros, end);
    }

    private static long[] numbers(List<Long> list) {
        return list.stream().mapToLong(Long::longValue).toArray();
    }
}
