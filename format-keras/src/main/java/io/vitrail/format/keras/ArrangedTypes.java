package io.vitrail.format.keras;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Find the shape of what operators compute that arrange elements; of all others, the input's. */
final class ArrangedTypes {
    private ArrangedTypes() {}

    static ArrayType of(Operator operator, ArrayType x) {
        long[] sizes = x.shape().getShape().clone();
        int rank = sizes.length;
        if (operator instanceof Operator.Pad o) {
            entries(rank, o.before(), o.after());
            for (int i = 0; i < rank; i++) {
                sizes[i] =
                        Math.addExact(Math.addExact(sizes[i], o.before().get(i)), o.after().get(i));
            }
            return OutputTypes.resized(x, sizes);
        }
        if (operator instanceof Operator.Crop o) {
            entries(rank, o.before(), o.after());
            for (int i = 0; i < rank; i++) {
                sizes[i] =
                        Math.subtractExact(
                                Math.subtractExact(sizes[i], o.before().get(i)), o.after().get(i));
            }
            return OutputTypes.resized(x, sizes);
        }
        if (operator instanceof Operator.Tile o) {
            entries(rank, o.repeats(), o.repeats());
            for (int i = 0; i < rank; i++) {
                sizes[i] = Math.multiplyExact(sizes[i], o.repeats().get(i));
            }
            return OutputTypes.resized(x, sizes);
        }
        if (operator instanceof Operator.Reshape o) {
            return reshaped(x, o.sizes());
        }
        if (operator instanceof Operator.Flatten o) {
            List<Long> joined = new ArrayList<>();
            OutputTypes.axis(o.start(), x);
            OutputTypes.axis(o.end(), x);
            for (int i = 0; i < rank; i++) {
                if (i > o.start() && i <= o.end()) {
                    int last = joined.size() - 1;
                    joined.set(last, Math.multiplyExact(joined.get(last), sizes[i]));
                } else {
                    joined.add(sizes[i]);
                }
            }
            return typed(x, joined.stream().mapToLong(Long::longValue).toArray());
        }
        if (operator instanceof Operator.Permute o) {
            return permuted(x, o.axes());
        }
        checkAxes(operator, x);
        return x;
    }

    private static void checkAxes(Operator operator, ArrayType x) {
        if (operator instanceof Operator.Softmax o) {
            o.axes().forEach(axis -> OutputTypes.axis(axis, x));
        } else if (operator instanceof Operator.LogSoftmax o) {
            OutputTypes.axis(o.axis(), x);
        } else if (operator instanceof Operator.BatchNorm o) {
            OutputTypes.axis(o.axis(), x);
        } else if (operator instanceof Operator.LayerNorm o) {
            o.axes().forEach(axis -> OutputTypes.axis(axis, x));
        } else if (operator instanceof Operator.Flip o) {
            o.axes().forEach(axis -> OutputTypes.axis(axis, x));
        } else if (operator instanceof Operator.UnitNorm o) {
            o.axes().forEach(axis -> OutputTypes.axis(axis, x));
        }
    }

    private static void entries(int rank, List<Long> first, List<Long> second) {
        boolean negative =
                IntStream.range(0, first.size()).anyMatch(i -> first.get(i) < 0)
                        || IntStream.range(0, second.size()).anyMatch(i -> second.get(i) < 0);
        if (first.size() != rank || second.size() != rank || negative) {
            throw new IllegalArgumentException(first + " and " + second + " for " + rank + " axes");
        }
    }

    private static ArrayType reshaped(ArrayType x, List<Long> wanted) {
        long[] sizes = wanted.stream().mapToLong(Long::longValue).toArray();
        long known = 1;
        int free = -1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1 && free < 0) {
                free = i;
            } else {
                known = Math.multiplyExact(known, sizes[i]);
            }
        }
        long size = x.shape().size();
        if (free >= 0) {
            sizes[free] = known == 0 ? 0 : size / known;
            known *= sizes[free];
        }
        if (known != size) {
            throw new IllegalArgumentException(x.shape() + " does not fill " + wanted);
        }
        return typed(x, sizes);
    }

    /** Channels stay in front, or behind, where the shape tells where they are. */
    private static ArrayType typed(ArrayType x, long[] sizes) {
        boolean inFront = x.axes().channel() == 1 && !x.axes().spatial().isEmpty();
        return new ArrayType(
                new Shape(sizes),
                x.type(),
                inFront ? Axes.channelsFirst(sizes.length) : Axes.channelsLast(sizes.length));
    }

    private static ArrayType permuted(ArrayType x, List<Integer> axes) {
        int rank = x.shape().dimension();
        if (!axes.stream().sorted().toList().equals(IntStream.range(0, rank).boxed().toList())) {
            throw new IllegalArgumentException(axes + " does not order " + x.shape());
        }
        return new ArrayType(
                new Shape(axes.stream().mapToLong(x.shape()::get).toArray()),
                x.type(),
                new Axes(
                        x.axes().spatial().stream().map(axes::indexOf).sorted().toList(),
                        x.axes().channel() < 0 ? -1 : axes.indexOf(x.axes().channel())));
    }
}
