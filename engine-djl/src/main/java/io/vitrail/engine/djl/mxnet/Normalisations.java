package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Normalisation with fixed statistics and with an item's own. */
final class Normalisations {
    private Normalisations() {}

    static void addTo(Kernels.Table table) {
        table.put(
                Operator.BatchNorm.class,
                o ->
                        Kernel.taped(x -> batch(o, x))
                                .closed((x, y, heads) -> List.of(scaled(o, x, heads.head()))));
        table.put(Operator.LayerNorm.class, o -> Kernel.taped(x -> layer(o, x)));
        table.put(Operator.GroupNorm.class, o -> Kernel.taped(x -> group(o, x)));
        table.put(Operator.UnitNorm.class, o -> Kernel.taped(x -> unit(o, x)));
    }

    /** With the global statistics named as such: else the gradient is that of a training step. */
    private static NDArray batch(Operator.BatchNorm o, Operands x) {
        NDArray mean = x.need("mean");
        NDArray bias = x.weight("bias");
        return batch(o, x, x.x(), bias == null ? x.call("zeros_like", mean) : bias, mean);
    }

    /** What a batch norm does to a gradient: the same, but for what it adds. */
    private static NDArray scaled(Operator.BatchNorm o, Operands x, NDArray gradient) {
        NDArray zeros = x.call("zeros_like", x.need("mean"));
        return batch(o, x, gradient, zeros, zeros);
    }

    private static NDArray batch(
            Operator.BatchNorm o, Operands x, NDArray in, NDArray bias, NDArray mean) {
        NDArray weight = x.weight("weight");
        return x.call(
                "BatchNorm",
                new NDList(
                        in,
                        weight == null ? x.call("ones_like", mean) : weight,
                        bias,
                        mean,
                        x.need("variance")),
                "eps",
                o.epsilon(),
                "axis",
                o.axis(),
                "fix_gamma",
                false,
                "use_global_stats",
                true);
    }

    private static NDArray layer(Operator.LayerNorm o, Operands x) {
        long[] sizes = new long[Operands.rank(x.x())];
        java.util.Arrays.fill(sizes, 1);
        o.axes().forEach(axis -> sizes[axis] = x.x().getShape().get(axis));
        NDArray out = standard(x, x.x(), o.axes(), o.epsilon());
        return scaled(x, out, sizes);
    }

    private static NDArray group(Operator.GroupNorm o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        long[] sizes = in.getShape().getShape();
        long[] split = {sizes[0], o.groups(), -1};
        NDArray out =
                x.reshaped(standard(x, x.reshaped(in, split), List.of(2), o.epsilon()), sizes);
        long[] channel = new long[sizes.length];
        java.util.Arrays.fill(channel, 1);
        channel[Layout.CHANNELS_FIRST.channel(sizes.length)] = sizes[1];
        return x.restored(scaled(x, out, channel), o.layout());
    }

    private static NDArray standard(Operands x, NDArray in, List<Integer> axes, double epsilon) {
        NDArray centred = x.minus(in, x.mean(in, axes, true));
        NDArray variance = x.mean(x.call("square", centred), axes, true);
        return x.over(centred, x.call("sqrt", x.plus(variance, epsilon)));
    }

    private static NDArray scaled(Operands x, NDArray in, long[] sizes) {
        @Nullable NDArray weight = x.weight("weight");
        @Nullable NDArray bias = x.weight("bias");
        NDArray out = weight == null ? in : x.times(in, x.reshaped(weight, sizes));
        return bias == null ? out : x.plus(out, x.reshaped(bias, sizes));
    }

    private static NDArray unit(Operator.UnitNorm o, Operands x) {
        NDArray squares = x.sum(x.call("square", x.x()), o.axes());
        NDArray length = x.call("sqrt", x.call("_maximum_scalar", squares, "scalar", o.epsilon()));
        return x.over(x.x(), length);
    }
}
