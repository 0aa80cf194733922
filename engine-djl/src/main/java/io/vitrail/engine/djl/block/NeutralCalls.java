package io.vitrail.engine.djl.block;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Pointwise.Function;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Translate calls into neutral operators where there is one of the same meaning. */
final class NeutralCalls {
    private final boolean countsPadding;

    /**
     * Create it.
     *
     * @param countsPadding whether the engine's average pools count the zeros around the image,
     *     whatever they are told
     */
    NeutralCalls(boolean countsPadding) {
        this.countsPadding = countsPadding;
    }

    /** Return the neutral form of a call, or null if it has none. */
    @Nullable Neutral of(Call c) {
        if (!c.isArray(0) || c.results().size() != 1 || !c.isOfOneType()) {
            return null;
        }
        Recorded x = c.array(0);
        if (!c.result().getDataType().isFloating()) {
            return NeutralArrangements.of(c);
        }
        Neutral found = weighted(c);
        if (found == null) {
            found = c.isArray(1) ? binary(c) : numeric(c, x);
        }
        if (found == null) {
            found = activation(c, x);
        }
        if (found == null) {
            found = reduction(c, x);
        }
        return found != null ? found : NeutralArrangements.of(c);
    }

    private @Nullable Neutral weighted(Call c) {
        return switch (c.method()) {
            case "convolution" -> convolution(c);
            case "batchNorm" ->
                    c.weight(2) == null
                                    || c.weight(3) == null
                                    || !c.isWeightOrNull(4)
                                    || !c.isWeightOrNull(5)
                                    || c.truth(9)
                            ? null
                            : Neutral.weighted(
                                    new Operator.BatchNorm(
                                            c.number(8), c.integer(6) < 0 ? 1 : c.integer(6)),
                                    c.array(1),
                                    "mean",
                                    c.weight(2),
                                    "variance",
                                    c.weight(3),
                                    "weight",
                                    c.weight(4),
                                    "bias",
                                    c.weight(5));
            case "linear" ->
                    c.weight(2) == null || !c.isWeightOrNull(3)
                            ? null
                            : Neutral.weighted(
                                    new Operator.Linear(),
                                    c.array(1),
                                    "weight",
                                    c.weight(2),
                                    "bias",
                                    c.weight(3));
            case "layerNorm" -> layerNorm(c);
            default -> null;
        };
    }

    private static @Nullable Neutral convolution(Call c) {
        if (c.weight(2) == null || !c.isWeightOrNull(3)) {
            return null;
        }
        List<Long> padding = c.sizes(5);
        return Neutral.weighted(
                new Operator.Convolution(c.sizes(4), padding, padding, c.sizes(6), c.integer(7)),
                c.array(1),
                "weight",
                c.weight(2),
                "bias",
                c.weight(3));
    }

    private static @Nullable Neutral layerNorm(Call c) {
        if (c.weight(3) == null || c.weight(4) == null) {
            return null;
        }
        int rank = c.rank(1);
        return Neutral.weighted(
                new Operator.LayerNorm(axes(rank - c.sizes(2).size(), rank), c.number(5)),
                c.array(1),
                "weight",
                c.weight(3),
                "bias",
                c.weight(4));
    }

    private static @Nullable Neutral binary(Call c) {
        Operator operator =
                switch (c.method()) {
                    case "add" -> new Operator.Add();
                    case "sub" -> new Operator.Subtract();
                    case "mul" -> new Operator.Multiply();
                    case "div" -> new Operator.Divide();
                    case "matMul", "batchMatMul" ->
                            c.rank(0) < 2 || c.rank(1) < 2 ? null : new Operator.MatMul();
                    default -> null;
                };
        return operator == null ? null : Neutral.of(operator, c.array(0), c.array(1));
    }

    /** Arithmetic with a number; a maximum with 0 is a rectifier. */
    private static @Nullable Neutral numeric(Call c, Recorded x) {
        if (!c.isNumber(1)) {
            return null;
        }
        double n = c.number(1);
        double infinity = Double.POSITIVE_INFINITY;
        Operator operator =
                switch (c.method()) {
                    case "add" -> new Operator.Scale(1, n);
                    case "sub" -> new Operator.Scale(1, -n);
                    case "mul" -> new Operator.Scale(n, 0);
                    case "maximum" ->
                            n == 0 ? new Operator.Relu() : new Operator.Clip(n, infinity, true);
                    case "minimum" -> new Operator.Clip(-infinity, n, true);
                    case "clip" -> new Operator.Clip(n, c.number(2), true);
                    default -> null;
                };
        return operator == null ? null : Neutral.of(operator, x);
    }

    private static @Nullable Neutral activation(Call c, Recorded x) {
        Operator operator =
                switch (c.method()) {
                    case "relu" -> new Operator.Relu();
                    case "sigmoid" -> new Operator.Sigmoid();
                    case "tanh" -> new Operator.Tanh();
                    case "softPlus" -> new Operator.Softplus(1);
                    case "softSign" -> new Operator.Pointwise(Function.SOFTSIGN);
                    case "leakyRelu" -> new Operator.LeakyRelu(c.number(1));
                    case "elu" -> new Operator.Elu(c.number(1), 1, 1);
                    case "selu" ->
                            new Operator.Elu(1.6732632423543772848, 1.0507009873554804934, 1);
                    case "gelu" -> new Operator.Gelu(false);
                    case "swish" -> c.number(1) == 1 ? new Operator.Silu() : null;
                    case "mish" -> new Operator.Mish();
                    case "softmax" -> new Operator.Softmax(c.axis(1, c.rank(0)));
                    case "logSoftmax" -> new Operator.LogSoftmax(c.axis(1, c.rank(0)));
                    case "neg" -> new Operator.Pointwise(Function.NEGATE);
                    case "abs" -> new Operator.Pointwise(Function.ABS);
                    case "exp" -> new Operator.Pointwise(Function.EXP);
                    case "log" -> new Operator.Pointwise(Function.LOG);
                    case "square" -> new Operator.Pointwise(Function.SQUARE);
                    case "sqrt" -> new Operator.Pointwise(Function.SQUARE_ROOT);
                    default -> null;
                };
        return operator == null ? null : Neutral.of(operator, x);
    }

    private @Nullable Neutral reduction(Call c, Recorded x) {
        int rank = c.rank(0);
        Operator operator =
                switch (c.method()) {
                    case "maxPool" ->
                            new Operator.MaxPool(
                                    c.sizes(1),
                                    c.sizes(2),
                                    c.sizes(3),
                                    Collections.nCopies(c.sizes(1).size(), 1L),
                                    c.truth(4));
                    case "avgPool" ->
                            new Operator.AveragePool(
                                    c.sizes(1),
                                    c.sizes(2),
                                    c.sizes(3),
                                    c.truth(4),
                                    countsPadding || c.truth(5));
                    case "globalAvgPool" -> new Operator.Mean(axes(2, rank), false);
                    case "mean" ->
                            c.arguments().size() == 1
                                    ? new Operator.Mean(axes(0, rank), false)
                                    : new Operator.Mean(c.axes(1, rank), c.truth(2));
                    default -> null;
                };
        return operator == null ? null : Neutral.of(operator, x);
    }

    private static List<Integer> axes(int from, int rank) {
        return IntStream.range(from, rank).boxed().toList();
    }
}
