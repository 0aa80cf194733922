package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Pictures in other sizes.
 *
 * <p>MXNet's own operators have other ideas of where a pixel's centre is, so each axis is
 * multiplied by the matrix of its weights; whole factors of nearest neighbours alone are MXNet's.
 */
final class Resampling {
    private Resampling() {}

    static void addTo(Kernels.Table table) {
        table.put(Operator.Resize.class, o -> Kernel.taped(x -> resize(o, x)));
    }

    private static NDArray resize(Operator.Resize o, Operands x) {
        NDArray in = x.channelsFirst(x.x(), o.layout());
        boolean nearest = o.interpolation() == Operator.Resize.Interpolation.NEAREST;
        long factor = factor(in, o.sizes());
        if (nearest && factor > 0 && o.sizes().size() == 2) {
            return x.restored(
                    x.call(
                            "UpSampling",
                            in,
                            "scale",
                            factor,
                            "sample_type",
                            "nearest",
                            "num_args",
                            1),
                    o.layout());
        }
        NDArray out = in;
        for (int axis = 0; axis < o.sizes().size(); axis++) {
            int from = (int) in.getShape().get(axis + 2);
            int to = o.sizes().get(axis).intValue();
            if (from != to || o.antialias()) {
                out =
                        along(
                                x,
                                out,
                                axis + 2,
                                to,
                                nearest
                                        ? i -> nearest(i, from, to)
                                        : i -> bilinear(i, from, to, o.antialias()));
            }
        }
        return x.restored(out, o.layout());
    }

    private static long factor(NDArray in, List<Long> sizes) {
        long factor = sizes.get(0) / in.getShape().get(2);
        boolean same =
                IntStream.range(0, sizes.size())
                        .allMatch(i -> sizes.get(i) == factor * in.getShape().get(i + 2));
        return same ? factor : 0;
    }

    private static double[] nearest(int i, int from, int to) {
        double[] row = new double[from];
        row[Math.min((int) Math.floor((i + 0.5) * from / to), from - 1)] = 1;
        return row;
    }

    private static double[] bilinear(int i, int from, int to, boolean antialias) {
        double[] row = new double[from];
        double centre = (i + 0.5) * from / to;
        if (antialias && from > to) {
            double reach = (double) from / to;
            double sum = 0;
            int first = Math.max((int) (centre - reach + 0.5), 0);
            int end = Math.min((int) (centre + reach + 0.5), from);
            for (int k = first; k < end; k++) {
                row[k] = Math.max(1 - Math.abs((k + 0.5 - centre) / reach), 0);
                sum += row[k];
            }
            for (int k = first; k < end; k++) {
                row[k] /= sum;
            }
            return row;
        }
        double at = Math.min(Math.max(centre - 0.5, 0), from - 1);
        int below = (int) at;
        row[below] = 1 - (at - below);
        if (below + 1 < from) {
            row[below + 1] = at - below;
        }
        return row;
    }

    /**
     * Multiply one axis by a matrix.
     *
     * @param row the weight of each old place in a new one
     */
    static NDArray along(
            Operands x, NDArray in, int axis, int size, Function<Integer, double[]> row) {
        int rank = Operands.rank(in);
        int from = (int) in.getShape().get(axis);
        double[] matrix = new double[from * size];
        for (int i = 0; i < size; i++) {
            double[] weights = row.apply(i);
            for (int k = 0; k < from; k++) {
                matrix[k * size + i] = weights[k];
            }
        }
        List<Integer> swap = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.swap(swap, axis, rank - 1);
        NDArray last = axis == rank - 1 ? in : x.transposed(in, swap);
        NDArray out = x.call("dot", last, x.numbers(matrix, in.getDataType(), from, size));
        return axis == rank - 1 ? out : x.transposed(out, swap);
    }
}
