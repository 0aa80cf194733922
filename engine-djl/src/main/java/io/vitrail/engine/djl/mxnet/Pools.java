package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Pooling. */
final class Pools {
    private Pools() {}

    static void addTo(Kernels.Table table) {
        table.put(
                Operator.MaxPool.class,
                o ->
                        o.dilations().stream().allMatch(n -> n == 1)
                                ? Kernel.taped(x -> max(o, x))
                                : Kernel.taped(x -> dilated(o, x)));
        table.putNode(Operator.AveragePool.class, Pools::averageKernel);
        table.put(
                Operator.AdaptiveAveragePool.class,
                o ->
                        o.size().stream().allMatch(n -> n == 1)
                                ? Kernel.taped(Pools::global)
                                        .closed((x, y, heads) -> List.of(spread(x, heads.head())))
                                : Kernel.taped(x -> adaptive(o, x)));
    }

    /** Windows along space, and how many of them each axis of the output has. */
    private record Windows(
            List<Long> kernel,
            List<Long> strides,
            List<Long> before,
            List<Long> after,
            List<Long> wanted) {

        /** Return how many windows MXNet lays with as much padding behind as in front. */
        private long laid(NDArray in, int axis, boolean full) {
            long reach = in.getShape().get(axis + 2) + 2 * before.get(axis) - kernel.get(axis);
            long stride = strides.get(axis);
            return (full ? Math.floorDiv(reach + stride - 1, stride) : Math.floorDiv(reach, stride))
                    + 1;
        }

        boolean fit(NDArray in, boolean full) {
            return IntStream.range(0, kernel.size())
                    .allMatch(axis -> laid(in, axis, full) >= wanted.get(axis));
        }

        Windows unpadded() {
            List<Long> zeros = Collections.nCopies(kernel.size(), 0L);
            return new Windows(kernel, strides, zeros, zeros, wanted);
        }
    }

    private static NDArray max(Operator.MaxPool o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        Windows windows =
                new Windows(
                        o.kernel(), o.strides(), o.before(), o.after(), x.outputSpace(o.layout()));
        return x.restored(
                pooled(x, in, windows, Double.NEGATIVE_INFINITY, "max", true), o.layout());
    }

    /** Windows side by side, or one alone, share a gradient out; others overlap. */
    private static Kernel averageKernel(Node node) {
        Operator.AveragePool o = (Operator.AveragePool) node.operator();
        Kernel taped = Kernel.taped(x -> average(o, x));
        Stream<Long> around = Stream.concat(o.before().stream(), o.after().stream());
        boolean plain =
                around.allMatch(n -> n == 0) && !o.ceil() && o.layout() == Layout.CHANNELS_FIRST;
        boolean one =
                node.outputs().get(0).shape().slice(2).size() == 1; // whatever the strides are
        return plain && (one || o.kernel().equals(o.strides()))
                ? taped.closed((x, y, heads) -> List.of(shares(o, x, heads.head())))
                : taped;
    }

    private static NDArray shares(Operator.AveragePool o, Operands x, NDArray gradient) {
        long places = o.kernel().stream().reduce(1L, (a, b) -> a * b);
        NDArray wide = x.times(gradient, 1.0 / places);
        List<Long> rest = new ArrayList<>();
        for (int axis = 0; axis < o.kernel().size(); axis++) {
            long side = o.kernel().get(axis);
            wide = x.call("repeat", wide, "repeats", side, "axis", axis + 2);
            rest.add(x.x().getShape().get(axis + 2) - wide.getShape().get(axis + 2));
        }
        List<Long> zeros = Collections.nCopies(rest.size(), 0L);
        return Arrangements.padSpace(x, wide, zeros, rest, 0);
    }

    private static NDArray average(Operator.AveragePool o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        Windows windows =
                new Windows(
                        o.kernel(), o.strides(), o.before(), o.after(), x.outputSpace(o.layout()));
        if (o.countPadding() && !o.before().equals(o.after())) {
            in = Arrangements.padSpace(x, in, o.before(), o.after(), 0);
            windows = windows.unpadded();
        }
        if (!o.countPadding() && !windows.fit(in, false) && !windows.fit(in, true)) {
            return x.restored(averageOfInner(x, in, windows), o.layout());
        }
        return x.restored(pooled(x, in, windows, 0, "avg", o.countPadding()), o.layout());
    }

    /** Zeros that are laid around by hand count, so what part of a window they are is undone. */
    private static NDArray averageOfInner(Operands x, NDArray in, Windows w) {
        NDArray wide = Arrangements.padSpace(x, in, w.before(), w.after(), 0);
        NDArray ones = Arrangements.padSpace(x, x.constant(in, 1), w.before(), w.after(), 0);
        return x.over(
                pooled(x, wide, w.unpadded(), 0, "avg", true),
                pooled(x, ones, w.unpadded(), 0, "avg", true));
    }

    /**
     * Lay the windows as MXNet can, and drop those that nobody wants. Where padding is ignored, as
     * by a maximum, it does not matter how much of it is behind.
     */
    private static NDArray pooled(
            Operands x, NDArray in, Windows w, double padding, String type, boolean count) {
        NDArray from = in;
        Windows windows = w;
        boolean full = !w.fit(in, false);
        if (full && !w.fit(in, true)) {
            from = Arrangements.padSpace(x, in, w.before(), w.after(), padding);
            windows = w.unpadded();
            full = !windows.fit(from, false);
        }
        NDArray out =
                x.call(
                        "Pooling",
                        from,
                        "kernel",
                        windows.kernel(),
                        "stride",
                        windows.strides(),
                        "pad",
                        windows.before(),
                        "pool_type",
                        type,
                        "pooling_convention",
                        full ? "full" : "valid",
                        "count_include_pad",
                        count);
        List<Long> surplus = new ArrayList<>();
        for (int axis = 0; axis < w.wanted().size(); axis++) {
            surplus.add(out.getShape().get(axis + 2) - w.wanted().get(axis));
        }
        return Arrangements.cropSpace(x, out, Collections.nCopies(surplus.size(), 0L), surplus);
    }

    /** The maximum of the shifted pictures, one for each place in the kernel, first wins. */
    private static NDArray dilated(Operator.MaxPool o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        List<Long> wanted = x.outputSpace(o.layout());
        int axes = wanted.size();
        List<Long> reach = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            long last =
                    (wanted.get(axis) - 1) * o.strides().get(axis)
                            + (o.kernel().get(axis) - 1) * o.dilations().get(axis)
                            + 1;
            reach.add(Math.max(last - in.getShape().get(axis + 2) - o.before().get(axis), 0));
        }
        NDArray padded = Arrangements.padSpace(x, in, o.before(), reach, Double.NEGATIVE_INFINITY);
        List<NDArray> found = new ArrayList<>();
        places(o.kernel(), new ArrayList<>(), place -> found.add(shifted(o, x, padded, place)));
        NDArray most = found.get(0);
        for (NDArray next : found.subList(1, found.size())) {
            most = x.call("broadcast_maximum", most, next);
        }
        return x.restored(most, o.layout());
    }

    private static void places(
            List<Long> kernel, List<Long> place, java.util.function.Consumer<List<Long>> each) {
        if (place.size() == kernel.size()) {
            each.accept(List.copyOf(place));
            return;
        }
        for (long i = 0; i < kernel.get(place.size()); i++) {
            place.add(i);
            places(kernel, place, each);
            place.remove(place.size() - 1);
        }
    }

    private static NDArray shifted(
            Operator.MaxPool o, Operands x, NDArray padded, List<Long> place) {
        List<Long> wanted = x.outputSpace(o.layout());
        List<Long> begin = new ArrayList<>(List.of(0L, 0L));
        List<Long> end =
                new ArrayList<>(List.of(padded.getShape().get(0), padded.getShape().get(1)));
        List<Long> step = new ArrayList<>(List.of(1L, 1L));
        for (int axis = 0; axis < wanted.size(); axis++) {
            long first = place.get(axis) * o.dilations().get(axis);
            begin.add(first);
            end.add(first + (wanted.get(axis) - 1) * o.strides().get(axis) + 1);
            step.add(o.strides().get(axis));
        }
        return x.call("slice", padded, "begin", begin, "end", end, "step", step);
    }

    private static NDArray global(Operands x) {
        List<Long> one = Collections.nCopies(Operands.rank(x.x()) - 2, 1L);
        return x.call("Pooling", x.x(), "kernel", one, "global_pool", true, "pool_type", "avg");
    }

    /** A mean over all of space has a share of the gradient at each place. */
    private static NDArray spread(Operands x, NDArray gradient) {
        List<Long> sizes = LongStream.of(x.x().getShape().getShape()).boxed().toList();
        long places = sizes.stream().skip(2).reduce(1L, (a, b) -> a * b);
        return x.call("broadcast_to", x.times(gradient, 1.0 / places), "shape", sizes);
    }

    private static NDArray adaptive(Operator.AdaptiveAveragePool o, Operands x) {
        NDArray out = x.x();
        for (int axis = 0; axis < o.size().size(); axis++) {
            int in = (int) out.getShape().get(axis + 2);
            int size = o.size().get(axis).intValue();
            out = Resampling.along(x, out, axis + 2, size, windows(in, size));
        }
        return out;
    }

    /** Return the weight of each old place in each new one: the mean of its window. */
    private static Function<Integer, double[]> windows(int in, int size) {
        return i -> {
            int from = Math.floorDiv(i * in, size);
            int to = -Math.floorDiv(-(i + 1) * in, size);
            double[] row = new double[in];
            for (int k = from; k < to; k++) {
                row[k] = 1.0 / (to - from);
            }
            return row;
        };
    }
}
