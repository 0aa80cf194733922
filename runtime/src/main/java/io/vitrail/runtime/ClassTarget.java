package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The score of one class an item.
 *
 * @param spelling names it in results
 * @param reading where the class vector stands
 * @param kind logit, probability or cross-entropy
 * @param chosen one class for all items, or one an item; empty for the class of a rank
 * @param rank 1 for the class with the largest value, 2 for that with the second largest
 */
record ClassTarget(String spelling, ClassReading reading, Score kind, List<Long> chosen, int rank)
        implements Target {
    ClassTarget {
        chosen = List.copyOf(chosen);
    }

    /** Return this target for one class, whatever the network predicts. */
    ClassTarget fixed(long which) {
        return new ClassTarget(spelling, reading, kind, List.of(which), rank);
    }

    @Override
    public List<Source> sources() {
        return List.of(readsProbabilities() ? reading.vector() : reading.logits());
    }

    private boolean readsProbabilities() {
        return kind == Score.PROBABILITY && reading.holdsProbabilities();
    }

    @Override
    public long[] classes(NDList values) {
        NDArray vector = rows(values.head());
        int items = (int) vector.getShape().get(0);
        if (chosen.isEmpty()) {
            if (reading.columns() > 1) {
                return rank == 1 ? vector.argMax(1).toLongArray() : ranked(vector);
            }
            float even = readsProbabilities() ? 0.5f : 0f;
            NDArray yes = rank == 1 ? vector.gt(even) : vector.lte(even);
            return yes.toType(ai.djl.ndarray.types.DataType.INT64, false).flatten().toLongArray();
        }
        long[] classes = new long[items];
        if (chosen.size() == 1) {
            Arrays.fill(classes, chosen.get(0));
            return classes;
        }
        if (chosen.size() != items) {
            throw VitrailException.usage(
                    spelling + ": " + chosen.size() + " classes for " + items + " items");
        }
        return chosen.stream().mapToLong(Long::longValue).toArray();
    }

    private long[] ranked(NDArray rows) {
        float[] all = rows.toType(DataType.FLOAT32, true).toFloatArray();
        int width = (int) rows.getShape().get(1);
        long[] classes = new long[all.length / width];
        for (int n = 0; n < classes.length; n++) {
            int from = n * width;
            classes[n] =
                    IntStream.range(0, width)
                            .boxed()
                            .sorted(Comparator.comparingDouble(k -> -all[from + k]))
                            .skip(rank - 1)
                            .findFirst()
                            .orElseThrow();
        }
        return classes;
    }

    @Override
    public long[] picked(NDList values) {
        boolean picks = kind == Score.LOGIT || readsProbabilities();
        return picks && reading.columns() > 1 ? classes(values) : new long[0];
    }

    @Override
    public NDArray score(NDList values) {
        NDArray vector = rows(values.head());
        long[] classes = classes(values);
        return reading.columns() == 1 ? ofColumn(vector, classes) : ofRow(vector, classes);
    }

    /** One column is the logit of class 1; the logit of class 0 is its negative. */
    private NDArray ofColumn(NDArray vector, long[] classes) {
        NDArray column = vector.reshape(classes.length);
        float[] signs = new float[classes.length];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = classes[i] == 1 ? 1 : -1;
        }
        NDArray sign = column.getManager().create(signs).toType(column.getDataType(), false);
        return switch (kind) {
            case LOGIT -> column.mul(sign);
            case PROBABILITY ->
                    readsProbabilities()
                            ? column.sub(0.5).mul(sign).add(0.5)
                            : sigmoid(column.mul(sign));
            case CROSS_ENTROPY -> softplus(column.mul(sign).neg());
        };
    }

    private NDArray ofRow(NDArray vector, long[] classes) {
        return switch (kind) {
            case LOGIT -> pick(vector, classes);
            case PROBABILITY -> pick(readsProbabilities() ? vector : vector.softmax(1), classes);
            case CROSS_ENTROPY ->
                    reading.ending() == ClassReading.Ending.SIGMOID
                            ? softplus(pick(vector, classes).neg())
                            : pick(vector.logSoftmax(1), classes).neg();
        };
    }

    private NDArray rows(NDArray values) {
        long items = values.getShape().get(0);
        return values.getShape().dimension() == 2
                ? values
                : values.reshape(items, reading.columns());
    }

    /** By a mask, for not every engine gathers; what it hides may be infinite. */
    private static NDArray pick(NDArray rows, long[] classes) {
        int width = (int) rows.getShape().get(1);
        boolean[] mask = new boolean[classes.length * width];
        for (int i = 0; i < classes.length; i++) {
            mask[i * width + (int) classes[i]] = true;
        }
        NDArray chosen = rows.getManager().create(mask, rows.getShape());
        return NDArrays.where(chosen, rows, zeros(rows)).sum(new int[] {1});
    }

    /** DJL does not know bfloat16, and ends the process when asked for zeros of it. */
    private static NDArray zeros(NDArray rows) {
        return rows.getDataType() == DataType.UNKNOWN
                ? rows.getManager().zeros(rows.getShape(), DataType.FLOAT32)
                : rows.zerosLike();
    }

    private static NDArray sigmoid(NDArray array) {
        return array.getNDArrayInternal().sigmoid();
    }

    /** {@code log(1 + exp(x))} without overflow. */
    private static NDArray softplus(NDArray x) {
        return x.maximum(0).add(x.abs().neg().exp().add(1).log());
    }
}
