package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators that move elements about and change none. */
final class Arrangements {
    private Arrangements() {}

    static void addTo(Kernels.Table table) {
        table.put(
                Operator.Identity.class,
                o -> Kernel.explicit(Operands::x, (x, y, heads) -> heads).joining());
        table.put(Operator.Constant.class, o -> Kernel.taped(x -> x.need("value")));
        table.put(
                Operator.Reshape.class,
                o ->
                        rearranging(
                                x ->
                                        x.reshaped(
                                                x.x(),
                                                o.sizes().stream()
                                                        .mapToLong(Long::longValue)
                                                        .toArray())));
        table.put(
                Operator.Flatten.class,
                o -> rearranging(x -> x.reshaped(x.x(), flat(x.x().getShape(), o))));
        table.put(Operator.Permute.class, Arrangements::permute);
        table.put(Operator.Concat.class, Arrangements::concat);
        table.put(
                Operator.Pad.class,
                o ->
                        Kernel.taped(x -> pad(x, x.x(), o.before(), o.after(), o.value()))
                                .closed(
                                        (x, y, heads) ->
                                                List.of(
                                                        crop(
                                                                x,
                                                                heads.head(),
                                                                o.before(),
                                                                o.after()))));
        table.put(
                Operator.Crop.class,
                o ->
                        Kernel.taped(x -> crop(x, x.x(), o.before(), o.after()))
                                .closed(
                                        (x, y, heads) ->
                                                List.of(
                                                        pad(
                                                                x,
                                                                heads.head(),
                                                                o.before(),
                                                                o.after(),
                                                                0))));
        table.put(
                Operator.Flip.class,
                o -> Kernel.taped(x -> x.call("reverse", x.x(), "axis", o.axes())));
        table.put(Operator.Embedding.class, o -> Kernel.taped(x -> lookedUp(x, x.need("weight"))));
        table.put(
                Operator.Tile.class,
                o -> Kernel.taped(x -> x.call("tile", x.x(), "reps", o.repeats())));
    }

    private static NDArray lookedUp(Operands x, NDArray table) {
        return x.call(
                "Embedding",
                new NDList(x.x(), table),
                "input_dim",
                table.getShape().get(0),
                "output_dim",
                table.getShape().get(1));
    }

    private static Kernel rearranging(java.util.function.Function<Operands, NDArray> forward) {
        return Kernel.explicit(
                        forward,
                        (x, outputs, heads) ->
                                List.of(x.reshaped(heads.head(), x.x().getShape().getShape())))
                .joining();
    }

    private static long[] flat(Shape shape, Operator.Flatten o) {
        List<Long> sizes = new ArrayList<>();
        for (int axis = 0; axis < shape.dimension(); axis++) {
            if (axis > o.start() && axis <= o.end()) {
                sizes.set(o.start(), sizes.get(o.start()) * shape.get(axis));
            } else {
                sizes.add(shape.get(axis));
            }
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    private static Kernel permute(Operator.Permute o) {
        List<Integer> back =
                IntStream.range(0, o.axes().size()).mapToObj(i -> o.axes().indexOf(i)).toList();
        return Kernel.explicit(
                        x -> x.transposed(x.x(), o.axes()),
                        (x, outputs, heads) -> List.of(x.transposed(heads.head(), back)))
                .joining();
    }

    /**
     * The way back is written as slices: MXNet's own can end the process where MKL-DNN keeps the
     * gradient in blocks that do not fit the parts. On a tape such parts are joined on three axes,
     * where MKL-DNN has no hand in it.
     */
    private static Kernel concat(Operator.Concat o) {
        return Kernel.explicit(
                        x -> joined(o.axis(), x),
                        (x, y, heads) -> parts(o.axis(), x, heads.head(), false))
                .joining()
                .closed((x, y, heads) -> parts(o.axis(), x, heads.head(), fit(o.axis(), x)));
    }

    /**
     * Return an array cut as the inputs are, along an axis.
     *
     * @param blocks whether MKL-DNN may cut it, which must not part its blocks
     */
    private static List<NDArray> parts(int axis, Operands x, NDArray whole, boolean blocks) {
        List<NDArray> parts = new ArrayList<>();
        long from = 0;
        for (NDArray input : x.inputs()) {
            long to = from + input.getShape().get(axis);
            if (blocks) {
                List<Long> end = LongStream.of(input.getShape().getShape()).boxed().toList();
                List<Long> begin = new ArrayList<>(Collections.nCopies(end.size(), 0L));
                begin.set(axis, from);
                end = new ArrayList<>(end);
                end.set(axis, to);
                parts.add(x.call("slice", whole, "begin", begin, "end", end));
            } else {
                parts.add(x.call("slice_axis", whole, "axis", axis, "begin", from, "end", to));
            }
            from = to;
        }
        return parts;
    }

    private static NDArray joined(int axis, Operands x) {
        if (Operands.rank(x.x()) != 4 || fit(axis, x)) {
            return concat(x, x.inputs(), axis);
        }
        NDList folded = new NDList();
        for (NDArray part : x.inputs()) {
            long[] sizes = part.getShape().getShape();
            folded.add(
                    x.reshaped(
                            part,
                            product(sizes, 0, axis),
                            sizes[axis],
                            product(sizes, axis + 1, sizes.length)));
        }
        return x.reshaped(concat(x, folded, 1), x.output());
    }

    private static boolean fit(int axis, Operands x) {
        return axis == 1 && x.inputs().stream().allMatch(Arrangements::inBlocks);
    }

    private static NDArray concat(Operands x, NDList parts, int axis) {
        return x.call("Concat", parts, "dim", axis, "num_args", parts.size());
    }

    /** MKL-DNN has 8 channels in a block, or 16 where the machine has AVX-512. */
    private static boolean inBlocks(NDArray array) {
        return array.getShape().get(1) % 16 == 0;
    }

    /** Pad the spatial axes of an array of channels first. */
    static NDArray padSpace(
            Operands x, NDArray array, List<Long> before, List<Long> after, double value) {
        return pad(x, array, withBatch(before), withBatch(after), value);
    }

    /** Cut the spatial axes of an array of channels first. */
    static NDArray cropSpace(Operands x, NDArray array, List<Long> before, List<Long> after) {
        return crop(x, array, withBatch(before), withBatch(after));
    }

    private static List<Long> withBatch(List<Long> space) {
        List<Long> all = new ArrayList<>(Collections.nCopies(2, 0L));
        all.addAll(space);
        return all;
    }

    /** MXNet pads two axes of pictures only, so each axis becomes the third of four. */
    private static NDArray pad(
            Operands x, NDArray array, List<Long> before, List<Long> after, double value) {
        NDArray padded = array;
        for (int axis = 0; axis < before.size(); axis++) {
            long front = before.get(axis);
            long behind = after.get(axis);
            if (front == 0 && behind == 0) {
                continue;
            }
            long[] sizes = padded.getShape().getShape().clone();
            long size = sizes[axis];
            NDArray folded =
                    x.reshaped(
                            padded,
                            1,
                            product(sizes, 0, axis),
                            size,
                            product(sizes, axis + 1, sizes.length));
            NDArray wide =
                    x.call(
                            "Pad",
                            folded,
                            "mode",
                            "constant",
                            "pad_width",
                            List.of(0, 0, 0, 0, front, behind, 0, 0),
                            "constant_value",
                            value);
            sizes[axis] = size + front + behind;
            padded = x.reshaped(wide, sizes);
        }
        return padded;
    }

    private static long product(long[] sizes, int from, int to) {
        long product = 1;
        for (int i = from; i < to; i++) {
            product *= sizes[i];
        }
        return product;
    }

    static NDArray crop(Operands x, NDArray array, List<Long> before, List<Long> after) {
        if (before.stream().allMatch(n -> n == 0) && after.stream().allMatch(n -> n == 0)) {
            return array;
        }
        List<Long> end = new ArrayList<>();
        for (int axis = 0; axis < before.size(); axis++) {
            end.add(array.getShape().get(axis) - after.get(axis));
        }
        return x.call("slice", new NDList(array), "begin", before, "end", end);
    }
}
