package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Translate calls of {@code aten} operators into neutral operators where there is one. */
final class AtenOperators {
    private AtenOperators() {}

    /** A neutral operator with the tensors and weights that it reads. */
    record Neutral(Operator operator, List<Traced> inputs, Map<String, Parameter> parameters) {
        static Neutral of(Operator operator, Traced... inputs) {
            return new Neutral(operator, List.of(inputs), Map.of());
        }
    }

    /** How a rank is asked for, because it may cost a run of the network so far. */
    interface Ranks {
        int of(Traced tensor);
    }

    /**
     * Return the neutral form of a call, or null if there is none.
     *
     * @param name without a trailing underscore: whether a call works in place is not its business
     */
    static @Nullable Neutral neutral(String name, Arguments a, Ranks ranks) {
        if (!a.isTensor(0)) {
            return name.equals("cat") ? concat(a, ranks) : null;
        }
        Traced x = a.tensor(0);
        return switch (name) {
            case "conv1d", "conv2d", "conv3d" -> convolution(x, a, name.charAt(4) - '0');
            case "_convolution" -> generalConvolution(x, a);
            case "batch_norm" -> batchNorm(x, a);
            case "linear" -> {
                Parameter weight = a.weight(1);
                yield weight == null || a.isTensor(2) && a.weight(2) == null
                        ? null
                        : new Neutral(
                                new Operator.Linear(),
                                List.of(x),
                                weights("weight", weight, "bias", a.weight(2)));
            }
            case "relu" -> Neutral.of(new Operator.Relu(), x);
            case "relu6" -> Neutral.of(new Operator.Clip(0, 6, false), x);
            case "hardtanh" ->
                    Neutral.of(new Operator.Clip(a.number(1, -1), a.number(2, 1), false), x);
            case "clamp", "clip" ->
                    a.isTensor(1) || a.isTensor(2)
                            ? null
                            : Neutral.of(
                                    new Operator.Clip(
                                            a.number(1, Double.NEGATIVE_INFINITY),
                                            a.number(2, Double.POSITIVE_INFINITY),
                                            true),
                                    x);
            case "clamp_min" ->
                    a.isTensor(1)
                            ? null
                            : Neutral.of(
                                    new Operator.Clip(
                                            a.number(1, 0), Double.POSITIVE_INFINITY, true),
                                    x);
            case "leaky_relu" -> Neutral.of(new Operator.LeakyRelu(a.number(1, 0.01)), x);
            case "prelu" -> {
                Parameter weight = a.weight(1);
                yield weight == null
                        ? null
                        : new Neutral(new Operator.Prelu(), List.of(x), Map.of("weight", weight));
            }
            case "elu" ->
                    Neutral.of(new Operator.Elu(a.number(1, 1), a.number(2, 1), a.number(3, 1)), x);
            case "selu" ->
                    Neutral.of(
                            new Operator.Elu(1.6732632423543772848, 1.0507009873554804934, 1), x);
            case "celu" -> Neutral.of(new Operator.Elu(a.number(1, 1), 1, 1 / a.number(1, 1)), x);
            case "gelu" ->
                    Neutral.of(
                            new Operator.Gelu("tanh".equals(a.get(1, "approximate", "none"))), x);
            case "silu" -> Neutral.of(new Operator.Silu(), x);
            case "mish" -> Neutral.of(new Operator.Mish(), x);
            case "softplus" ->
                    a.number(2, 20) == 20
                            ? Neutral.of(new Operator.Softplus(a.number(1, 1)), x)
                            : null;
            case "hardswish" -> Neutral.of(new Operator.HardSwish(), x);
            case "hardsigmoid" -> Neutral.of(new Operator.HardSigmoid(), x);
            case "sigmoid" -> Neutral.of(new Operator.Sigmoid(), x);
            case "tanh" -> Neutral.of(new Operator.Tanh(), x);
            case "softmax" ->
                    a.get(2, "dtype", null) != null
                            ? null
                            : Neutral.of(new Operator.Softmax(axis(a, 1, x, ranks)), x);
            case "log_softmax" ->
                    a.get(2, "dtype", null) != null
                            ? null
                            : Neutral.of(new Operator.LogSoftmax(axis(a, 1, x, ranks)), x);
            case "max_pool1d", "max_pool2d", "max_pool3d" -> maxPool(x, a, name.charAt(8) - '0');
            case "avg_pool1d", "avg_pool2d", "avg_pool3d" ->
                    averagePool(x, a, name.charAt(8) - '0');
            case "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d" -> {
                List<Long> size = longs(a, 1, name.charAt(17) - '0', 1);
                yield size == null ? null : Neutral.of(new Operator.AdaptiveAveragePool(size), x);
            }
            case "mean" -> mean(x, a, ranks);
            case "add" -> binary(new Operator.Add(), x, a);
            case "sub" -> binary(new Operator.Subtract(), x, a);
            case "mul" ->
                    a.isTensor(1) ? Neutral.of(new Operator.Multiply(), x, a.tensor(1)) : null;
            case "pad", "constant_pad_nd" -> pad(x, a, name, ranks);
            case "view", "reshape" -> {
                List<Long> sizes = a.longs(1);
                yield sizes == null ? null : Neutral.of(new Operator.Reshape(sizes), x);
            }
            case "flatten" ->
                    Neutral.of(
                            new Operator.Flatten(
                                    (int) a.integer(1, 0), at(a.integer(2, -1), () -> ranks.of(x))),
                            x);
            case "permute" -> {
                List<Long> axes = a.longs(1);
                yield axes == null || axes.stream().anyMatch(axis -> axis < 0)
                        ? null
                        : Neutral.of(
                                new Operator.Permute(axes.stream().map(Long::intValue).toList()),
                                x);
            }
            default -> null;
        };
    }

    /** Return the order of axes that an operator makes, or an empty list if it moves none. */
    static List<Integer> permutation(Operator operator, int rank) {
        if (operator instanceof Operator.Permute permute) {
            return permute.axes();
        }
        if (operator instanceof Operator.Native own && own.attributes().containsKey("swaps")) {
            String[] swapped = own.attributes().get("swaps").split(",");
            List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
            Collections.swap(
                    order,
                    Math.floorMod(Integer.parseInt(swapped[0]), rank),
                    Math.floorMod(Integer.parseInt(swapped[1]), rank));
            return order;
        }
        return List.of();
    }

    private static @Nullable Neutral concat(Arguments a, Ranks ranks) {
        List<Traced> parts = a.tensors(0);
        if (parts == null || parts.isEmpty()) {
            return null;
        }
        int axis = at(a.integer(1, 0), () -> ranks.of(parts.get(0)));
        return new Neutral(new Operator.Concat(axis), parts, Map.of());
    }

    private static @Nullable Neutral convolution(Traced x, Arguments a, int axes) {
        Parameter weight = a.weight(1);
        if (weight == null || a.isTensor(2) && a.weight(2) == null) {
            return null;
        }
        List<Long> strides = longs(a, 3, axes, 1);
        List<Long> dilations = longs(a, 5, axes, 1);
        List<Long> before = longs(a, 4, axes, 0);
        List<Long> after = before;
        if (a.get(4, "padding", 0L) instanceof String word && dilations != null) {
            before = new ArrayList<>();
            after = new ArrayList<>();
            for (int i = 0; i < axes; i++) {
                long all =
                        word.equals("same")
                                ? dilations.get(i) * (weight.shape().get(i + 2) - 1)
                                : 0;
                before.add(all / 2);
                after.add(all - all / 2);
            }
        }
        if (strides == null || before == null || after == null || dilations == null) {
            return null;
        }
        return new Neutral(
                new Operator.Convolution(strides, before, after, dilations, a.integer(6, 1)),
                List.of(x),
                weights("weight", weight, "bias", a.weight(2)));
    }

    /**
     * {@code _convolution(x, weight, bias, stride, padding, dilation, transposed, output_padding,
     * groups, ...)}.
     */
    private static @Nullable Neutral generalConvolution(Traced x, Arguments a) {
        Parameter weight = a.weight(1);
        if (weight == null
                || a.isTensor(2) && a.weight(2) == null
                || !Boolean.FALSE.equals(a.get(6, "transposed", false))) {
            return null;
        }
        int axes = weight.shape().dimension() - 2;
        List<Long> strides = longs(a, 3, axes, 1);
        List<Long> padding = longs(a, 4, axes, 0);
        List<Long> dilations = longs(a, 5, axes, 1);
        if (axes < 1 || axes > 3 || strides == null || padding == null || dilations == null) {
            return null;
        }
        return new Neutral(
                new Operator.Convolution(strides, padding, padding, dilations, a.integer(8, 1)),
                List.of(x),
                weights("weight", weight, "bias", a.weight(2)));
    }

    /**
     * {@code batch_norm(x, weight, bias, mean, variance, training, momentum, eps, cudnn)}: fixed
     * statistics, always.
     */
    private static @Nullable Neutral batchNorm(Traced x, Arguments a) {
        Parameter mean = a.weight(3);
        Parameter variance = a.weight(4);
        if (mean == null
                || variance == null
                || a.isTensor(1) && a.weight(1) == null
                || a.isTensor(2) && a.weight(2) == null) {
            return null;
        }
        Map<String, Parameter> weights = new LinkedHashMap<>();
        weights.put("mean", mean);
        weights.put("variance", variance);
        weights.putAll(weights("weight", a.weight(1), "bias", a.weight(2)));
        return new Neutral(new Operator.BatchNorm(a.number(7, 1e-5)), List.of(x), weights);
    }

    private static @Nullable Neutral maxPool(Traced x, Arguments a, int axes) {
        List<Long> kernel = longs(a, 1, axes, 1);
        List<Long> strides = a.isEmpty(2) ? kernel : longs(a, 2, axes, 1);
        List<Long> padding = longs(a, 3, axes, 0);
        List<Long> dilations = longs(a, 4, axes, 1);
        return kernel == null
                        || strides == null
                        || padding == null
                        || dilations == null
                        || isBeyondHalf(padding, kernel)
                ? null
                : Neutral.of(
                        new Operator.MaxPool(
                                kernel, strides, padding, dilations, a.truth(5, false)),
                        x);
    }

    /** Return whether libtorch refuses the padding of a pool, in its own words. */
    private static boolean isBeyondHalf(List<Long> padding, List<Long> kernel) {
        return IntStream.range(0, kernel.size()).anyMatch(i -> 2 * padding.get(i) > kernel.get(i));
    }

    private static @Nullable Neutral averagePool(Traced x, Arguments a, int axes) {
        List<Long> kernel = longs(a, 1, axes, 1);
        List<Long> strides = a.isEmpty(2) ? kernel : longs(a, 2, axes, 1);
        List<Long> padding = longs(a, 3, axes, 0);
        return kernel == null
                        || strides == null
                        || padding == null
                        || isBeyondHalf(padding, kernel)
                        || a.get(6, "divisor_override", null) != null
                ? null
                : Neutral.of(
                        new Operator.AveragePool(
                                kernel, strides, padding, a.truth(4, false), a.truth(5, true)),
                        x);
    }

    private static @Nullable Neutral mean(Traced x, Arguments a, Ranks ranks) {
        List<Long> axes = a.longs(1);
        if (axes == null || axes.isEmpty() || a.get(3, "dtype", null) != null) {
            return null;
        }
        List<Integer> positive = axes.stream().map(axis -> at(axis, () -> ranks.of(x))).toList();
        return Neutral.of(new Operator.Mean(positive, a.truth(2, false)), x);
    }

    private static @Nullable Neutral binary(Operator operator, Traced x, Arguments a) {
        return a.isTensor(1) && a.numberNamed(2, "alpha", 1) == 1
                ? Neutral.of(operator, x, a.tensor(1))
                : null;
    }

    private static @Nullable Neutral pad(Traced x, Arguments a, String name, Ranks ranks) {
        List<Long> pairs = a.longs(1);
        boolean general = name.equals("pad");
        if (pairs == null || general && !"constant".equals(a.get(2, "mode", "constant"))) {
            return null;
        }
        int rank = ranks.of(x);
        Long[] before = new Long[rank];
        Long[] after = new Long[rank];
        for (int i = 0; i < rank; i++) {
            int pair = 2 * (rank - 1 - i);
            before[i] = pair < pairs.size() ? pairs.get(pair) : 0;
            after[i] = pair + 1 < pairs.size() ? pairs.get(pair + 1) : 0;
        }
        return Neutral.of(
                new Operator.Pad(List.of(before), List.of(after), a.number(general ? 3 : 2, 0)), x);
    }

    private static int axis(Arguments a, int index, Traced x, Ranks ranks) {
        return at(a.integer(index, -1), () -> ranks.of(x));
    }

    private static int at(long axis, java.util.function.IntSupplier rank) {
        return (int) (axis < 0 ? axis + rank.getAsInt() : axis);
    }

    /** A list of as many numbers as there are axes; torch lets one stand for all. */
    private static @Nullable List<Long> longs(Arguments a, int index, int axes, long ifAbsent) {
        if (!a.has(index)) {
            return Collections.nCopies(axes, ifAbsent);
        }
        List<Long> given = a.longs(index);
        if (given != null && given.size() == 1) {
            return Collections.nCopies(axes, given.get(0));
        }
        return given == null || given.size() != axes ? null : given;
    }

    private static Map<String, Parameter> weights(
            String first, @Nullable Parameter a, String second, @Nullable Parameter b) {
        Map<String, Parameter> weights = new LinkedHashMap<>();
        if (a != null) {
            weights.put(first, a);
        }
        if (b != null) {
            weights.put(second, b);
        }
        return weights;
    }
}
