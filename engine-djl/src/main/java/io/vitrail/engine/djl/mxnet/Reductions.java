package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.graph.Operator;
import java.util.List;

/** Operators that look at several elements along axes. */
final class Reductions {
    private Reductions() {}

    static void addTo(Kernels.Table table) {
        table.put(
                Operator.Softmax.class,
                o ->
                        Kernel.taped(x -> softmax(o.axes(), x))
                                .closed(
                                        (x, y, heads) -> {
                                            NDArray part = x.times(heads.head(), y.head());
                                            NDArray whole = x.sum(part, o.axes());
                                            return List.of(x.minus(part, x.times(y.head(), whole)));
                                        }));
        table.put(
                Operator.LogSoftmax.class,
                o -> Kernel.taped(x -> x.call("log_softmax", x.x(), "axis", o.axis())));
        table.put(Operator.Mean.class, o -> Kernel.taped(x -> x.mean(x.x(), o.axes(), o.keep())));
        table.put(Operator.Max.class, Reductions::max);
    }

    /** Several axes, neighbours, are joined for it, and parted again. */
    private static NDArray softmax(List<Integer> axes, Operands x) {
        int first = axes.get(0);
        if (axes.size() == 1) {
            return x.call("softmax", x.x(), "axis", first);
        }
        int end = first + axes.size();
        long[] sizes = x.x().getShape().getShape();
        long[] joined = new long[sizes.length - axes.size() + 1];
        System.arraycopy(sizes, 0, joined, 0, first);
        joined[first] = x.x().getShape().slice(first, end).size();
        System.arraycopy(sizes, end, joined, first + 1, sizes.length - end);
        NDArray shares = x.call("softmax", x.reshaped(x.x(), joined), "axis", first);
        return x.reshaped(shares, sizes);
    }

    /** MXNet's own gradient gives each of several equal maxima the whole. */
    private static Kernel max(Operator.Max o) {
        return Kernel.explicit(
                x -> x.call("max", x.x(), "axis", o.axes(), "keepdims", o.keep()),
                (x, outputs, heads) -> {
                    long[] kept = x.x().getShape().getShape().clone();
                    o.axes().forEach(axis -> kept[axis] = 1);
                    NDArray most = x.reshaped(outputs.head(), kept);
                    NDArray hits = x.call("broadcast_equal", x.x(), most);
                    NDArray share = x.over(x.reshaped(heads.head(), kept), x.sum(hits, o.axes()));
                    return List.of(x.times(hits, share));
                });
    }
}
