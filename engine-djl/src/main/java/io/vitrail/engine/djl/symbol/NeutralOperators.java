package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Pointwise.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * MXNet's operators in neutral words, where the two mean the same; defaults are MXNet's, which
 * files leave out.
 */
final class NeutralOperators {
    private NeutralOperators() {}

    /**
     * Return a node's neutral operator, or null if it stays MXNet's own.
     *
     * @param in the shape of its first input
     * @param out the shape of its first output
     */
    static @Nullable Neutral of(SymbolNode node, Shape in, Shape out) {
        Attributes a = new Attributes(node);
        int rank = in.dimension();
        return switch (node.operator()) {
            case "Convolution", "Convolution_v1", "Deconvolution", "Pooling", "Pooling_v1" ->
                    NeutralWindows.of(node, in, out);
            case "FullyConnected" ->
                    new Neutral(
                            new Operator.Linear(),
                            a.truth("no_bias", false)
                                    ? List.of("weight")
                                    : List.of("weight", "bias"));
            case "BatchNorm", "BatchNorm_v1" ->
                    a.truth("output_mean_var", false)
                            ? null
                            : new Neutral(
                                    new Operator.BatchNorm(
                                            a.number("eps", 1e-3), a.axis("axis", 1, rank)),
                                    List.of(
                                            a.truth("fix_gamma", true) ? "" : "weight",
                                            "bias",
                                            "mean",
                                            "variance"));
            case "LayerNorm" ->
                    a.truth("output_mean_var", false)
                            ? null
                            : new Neutral(
                                    new Operator.LayerNorm(
                                            List.of(a.axis("axis", -1, rank)),
                                            a.number("eps", 1e-5)),
                                    List.of("weight", "bias"));
            case "InstanceNorm" ->
                    rank < 3
                            ? null
                            : new Neutral(
                                    new Operator.GroupNorm(
                                            in.get(1),
                                            a.number("eps", 1e-3),
                                            Layout.CHANNELS_FIRST),
                                    List.of("weight", "bias"));
            case "LeakyReLU" -> leaky(a);
            default -> {
                Operator operator = plain(node.operator(), a, in, out);
                yield operator == null ? null : Neutral.of(operator);
            }
        };
    }

    private static @Nullable Neutral leaky(Attributes a) {
        double slope = a.number("slope", 0.25);
        return switch (a.text("act_type", "leaky")) {
            case "leaky" -> Neutral.of(new Operator.LeakyRelu(slope));
            case "rrelu" ->
                    Neutral.of(
                            new Operator.LeakyRelu(
                                    (a.number("lower_bound", 0.125)
                                                    + a.number("upper_bound", 0.334))
                                            / 2));
            case "elu" -> Neutral.of(new Operator.Elu(slope, 1, 1));
            case "selu" -> Neutral.of(new Operator.Elu(1.6732632423543772, 1.0507009873554805, 1));
            case "gelu" -> Neutral.of(new Operator.Gelu(false));
            case "prelu" -> new Neutral(new Operator.Prelu(), List.of("weight"));
            default -> null;
        };
    }

    private static @Nullable Operator plain(String operator, Attributes a, Shape in, Shape out) {
        int rank = in.dimension();
        return switch (operator) {
            case "Activation" -> activation(a.text("act_type", ""));
            case "relu", "sigmoid", "tanh", "softsign", "log_sigmoid", "mish" ->
                    activation(operator);
            case "hard_sigmoid" ->
                    a.number("beta", 0.5) == 0.5
                            ? new Operator.HardSigmoid(a.number("alpha", 0.2))
                            : null;
            case "clip" -> new Operator.Clip(a.number("a_min", 0), a.number("a_max", 0), true);
            case "exp" -> new Operator.Pointwise(Function.EXP);
            case "log" -> new Operator.Pointwise(Function.LOG);
            case "sqrt" -> new Operator.Pointwise(Function.SQUARE_ROOT);
            case "square" -> new Operator.Pointwise(Function.SQUARE);
            case "abs" -> new Operator.Pointwise(Function.ABS);
            case "negative" -> new Operator.Pointwise(Function.NEGATE);
            case "SoftmaxActivation" ->
                    a.text("mode", "instance").equals("channel") || rank == 2
                            ? new Operator.Softmax(1)
                            : null;
            case "softmax" ->
                    a.has("temperature") || a.truth("use_length", false) || a.has("dtype")
                            ? null
                            : new Operator.Softmax(a.axis("axis", -1, rank));
            case "log_softmax" ->
                    a.has("temperature") || a.truth("use_length", false) || a.has("dtype")
                            ? null
                            : new Operator.LogSoftmax(a.axis("axis", -1, rank));
            case "elemwise_add", "_plus", "_Plus", "_add", "broadcast_add", "broadcast_plus" ->
                    new Operator.Add();
            case "elemwise_sub", "_minus", "_Minus", "_sub", "broadcast_sub", "broadcast_minus" ->
                    new Operator.Subtract();
            case "elemwise_mul", "_mul", "_Mul", "broadcast_mul" -> new Operator.Multiply();
            case "elemwise_div", "_div", "_Div", "broadcast_div" -> new Operator.Divide();
            case "broadcast_maximum", "_maximum", "_Maximum" -> new Operator.Maximum();
            case "broadcast_minimum", "_minimum", "_Minimum" -> new Operator.Minimum();
            case "_mul_scalar", "_MulScalar" -> new Operator.Scale(a.number("scalar", 1), 0);
            case "_plus_scalar", "_PlusScalar" -> new Operator.Scale(1, a.number("scalar", 0));
            case "_minus_scalar", "_MinusScalar" -> new Operator.Scale(1, -a.number("scalar", 0));
            case "identity", "_copy" -> new Operator.Identity();
            case "Dropout" ->
                    a.text("mode", "training").equals("training") ? new Operator.Identity() : null;
            default -> arranged(operator, a, in, out);
        };
    }

    private static @Nullable Operator activation(String function) {
        return switch (function) {
            case "relu" -> new Operator.Relu();
            case "sigmoid" -> new Operator.Sigmoid();
            case "tanh" -> new Operator.Tanh();
            case "softrelu" -> new Operator.Softplus(1);
            case "softsign" -> new Operator.Pointwise(Function.SOFTSIGN);
            case "log_sigmoid" -> new Operator.Pointwise(Function.LOG_SIGMOID);
            case "mish" -> new Operator.Mish();
            default -> null;
        };
    }

    private static @Nullable Operator arranged(String operator, Attributes a, Shape in, Shape out) {
        int rank = in.dimension();
        return switch (operator) {
            case "Concat", "concat" -> new Operator.Concat(a.axis("dim", 1, rank));
            case "Flatten", "flatten" -> rank < 2 ? null : new Operator.Flatten(1, rank - 1);
            case "Reshape", "reshape", "expand_dims", "squeeze" ->
                    new Operator.Reshape(LongStream.of(out.getShape()).boxed().toList());
            case "transpose" -> new Operator.Permute(order(a, rank));
            case "SwapAxis", "swapaxes" -> {
                List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
                java.util.Collections.swap(axes, a.axis("dim1", 0, rank), a.axis("dim2", 0, rank));
                yield new Operator.Permute(axes);
            }
            case "Pad", "pad" -> pad(a);
            case "slice_axis" -> sliced(a, in);
            case "mean" -> {
                List<Integer> axes = axes(a, rank);
                yield a.truth("exclude", false)
                        ? null
                        : new Operator.Mean(axes, a.truth("keepdims", false));
            }
            case "UpSampling" ->
                    a.text("sample_type", "").equals("nearest") && a.whole("num_args", 1) == 1
                            ? new Operator.Resize(
                                    List.of(out.get(2), out.get(3)),
                                    Operator.Resize.Interpolation.NEAREST,
                                    false,
                                    Layout.CHANNELS_FIRST)
                            : null;
            default -> null;
        };
    }

    private static List<Integer> order(Attributes a, int rank) {
        List<Long> axes = a.tuple("axes");
        return axes.isEmpty()
                ? IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList()
                : axes.stream().map(axis -> (int) (axis < 0 ? axis + rank : axis)).toList();
    }

    private static List<Integer> axes(Attributes a, int rank) {
        List<Long> axes = a.tuple("axis");
        return axes.isEmpty()
                ? IntStream.range(0, rank).boxed().toList()
                : axes.stream().map(axis -> (int) (axis < 0 ? axis + rank : axis)).toList();
    }

    private static @Nullable Operator pad(Attributes a) {
        if (!a.text("mode", "").equals("constant")) {
            return null;
        }
        List<Long> pairs = a.tuple("pad_width");
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            before.add(pairs.get(i));
            after.add(pairs.get(i + 1));
        }
        return new Operator.Pad(before, after, a.number("constant_value", 0));
    }

    private static Operator sliced(Attributes a, Shape in) {
        int axis = a.axis("axis", 0, in.dimension());
        long size = in.get(axis);
        long begin = a.whole("begin", 0);
        long end = a.has("end") ? a.whole("end", 0) : size;
        List<Long> before = new ArrayList<>(java.util.Collections.nCopies(in.dimension(), 0L));
        List<Long> after = new ArrayList<>(before);
        before.set(axis, begin < 0 ? begin + size : begin);
        after.set(axis, size - (end < 0 ? end + size : end));
        return new Operator.Crop(before, after);
    }
}
