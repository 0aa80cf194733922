package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Pointwise.Function;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Functions that a model calls between its layers: operations of Keras 3, and those of TensorFlow
 * that Keras 2 wraps as {@code TFOpLambda}.
 *
 * <p>Settings stand in the configuration of the first, in the keywords of the call of the second.
 */
final class Operations implements KerasLayer {
    /** Operations of Keras 3 whose class is not the function's name in capitals. */
    private static final Map<String, String> CLASSES =
            Map.of(
                    "TrueDivide", "divide",
                    "Absolute", "abs",
                    "GetItem", "getitem",
                    "ExpandDims", "expand_dims",
                    "LeakyRelu", "leaky_relu",
                    "HardSigmoid", "hard_sigmoid",
                    "LogSigmoid", "log_sigmoid",
                    "HardSilu", "hard_silu",
                    "LogSoftmax", "log_softmax");

    /** Operations of Keras 3 on booleans, as masks are made with. */
    private static final List<String> TRUTHS =
            List.of(
                    "All",
                    "Any",
                    "Equal",
                    "Greater",
                    "GreaterEqual",
                    "Less",
                    "LessEqual",
                    "LogicalAnd",
                    "LogicalNot",
                    "LogicalOr",
                    "NotEqual",
                    "Where");

    private static final List<String> CAPITALS =
            List.of(
                    "Abs",
                    "Add",
                    "Cast",
                    "Clip",
                    "Concatenate",
                    "Divide",
                    "Elu",
                    "Exp",
                    "Flip",
                    "Gelu",
                    "Identity",
                    "Log",
                    "Matmul",
                    "Max",
                    "Maximum",
                    "Mean",
                    "Minimum",
                    "Multiply",
                    "Negative",
                    "Relu",
                    "Relu6",
                    "Reshape",
                    "Selu",
                    "Sigmoid",
                    "Silu",
                    "Softmax",
                    "Softplus",
                    "Softsign",
                    "Sqrt",
                    "Square",
                    "Squeeze",
                    "Subtract",
                    "Sum",
                    "Tanh",
                    "Transpose");

    private static final String OPERATION = "ops>";

    /** Functions of TensorFlow, less the module, where they are called otherwise. */
    private static final Map<String, String> FUNCTIONS =
            Map.of(
                    "truediv", "divide",
                    "neg", "negative",
                    "reduce_mean", "mean",
                    "reduce_max", "max",
                    "clip_by_value", "clip",
                    "concat", "concatenate",
                    "reduce_sum", "sum",
                    "reduce_any", "any",
                    "reduce_all", "all");

    @Override
    public Set<String> classNames() {
        return Stream.concat(
                        Stream.of(CLASSES.keySet(), CAPITALS, TRUTHS)
                                .flatMap(Collection::stream)
                                .map(OPERATION::concat),
                        Stream.of("TFOpLambda", "SlicingOpLambda"))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        String name = layer.config().className();
        if (name.startsWith(OPERATION)) {
            String operation = name.substring(OPERATION.length());
            String small = operation.toLowerCase(Locale.ROOT);
            return List.of(add(layer, CLASSES.getOrDefault(operation, small)));
        }
        String function = layer.config().string("function");
        String last = function.substring(function.lastIndexOf('.') + 1);
        return List.of(add(layer, FUNCTIONS.getOrDefault(last, last)));
    }

    private static Value add(LayerBuilder layer, String function) {
        return switch (function) {
            case "add" -> pair(layer, new Operator.Add());
            case "subtract", "sub" -> pair(layer, new Operator.Subtract());
            case "multiply", "mul" -> pair(layer, new Operator.Multiply());
            case "divide" -> pair(layer, new Operator.Divide());
            case "maximum" -> pair(layer, new Operator.Maximum());
            case "minimum" -> pair(layer, new Operator.Minimum());
            case "matmul" -> pair(layer, new Operator.MatMul());
            case "concatenate" -> concatenate(layer);
            case "getitem" -> Slicing.add(layer, layer.inputs().get(0));
            default ->
                    Truths.has(function)
                            ? Truths.add(layer, function)
                            : ofOne(layer, function, layer.input());
        };
    }

    private static Value pair(LayerBuilder layer, Operator operator) {
        boolean keras = layer.config().kerasVersion() >= 3;
        return Arithmetic.pair(layer, operator, keras ? "x1" : "x", keras ? "x2" : "y");
    }

    private static Value concatenate(LayerBuilder layer) {
        List<Value> inputs = layer.inputs();
        long axis = Settings.integer(layer, 0, "axis");
        int rank = layer.rank(inputs.get(0));
        return layer.add(
                new Operator.Concat(Axis.one(layer, axis, rank)), inputs.toArray(Value[]::new));
    }

    private static Value ofOne(LayerBuilder layer, String function, Value x) {
        return switch (function) {
            case "negative" -> layer.add(new Operator.Pointwise(Function.NEGATE), x);
            case "abs", "square", "exp", "log" ->
                    layer.add(
                            new Operator.Pointwise(
                                    Function.valueOf(function.toUpperCase(Locale.ROOT))),
                            x);
            case "sqrt" -> layer.add(new Operator.Pointwise(Function.SQUARE_ROOT), x);
            case "cast" -> Truths.cast(layer, x);
            case "identity" -> layer.add(new Operator.Identity(), x);
            case "flip" -> layer.add(new Operator.Flip(axes(layer, x)), x);
            case "sum" -> sum(layer, x);
            case "mean" -> layer.add(new Operator.Mean(axes(layer, x), keep(layer)), x);
            case "max" -> layer.add(new Operator.Max(axes(layer, x), keep(layer)), x);
            case "clip" -> layer.add(clip(layer), x);
            case "transpose", "reshape", "expand_dims", "squeeze" ->
                    ShapeOperations.add(layer, function, x);
            case "leaky_relu" ->
                    layer.add(
                            new Operator.LeakyRelu(
                                    Settings.number(layer, 0.2, "negative_slope", "alpha")),
                            x);
            case "elu" -> layer.add(new Operator.Elu(Settings.number(layer, 1, "alpha"), 1, 1), x);
            case "gelu" -> // the operation of Keras 3 approximates by default
                    layer.add(
                            new Operator.Gelu(
                                    Settings.flag(
                                            layer,
                                            layer.config().kerasVersion() >= 3,
                                            "approximate")),
                            x);
            case "softmax" -> layer.add(new Operator.Softmax(last(layer, x)), x);
            case "log_softmax" -> layer.add(new Operator.LogSoftmax(last(layer, x)), x);
            default -> {
                if (!Activations.has(function)) {
                    throw layer.refusal(
                            "calls '" + function + "', which is not read",
                            "replace it by a layer, or by a custom layer that a KerasLayer reads");
                }
                yield layer.add(Activations.named(layer, function, x), x);
            }
        };
    }

    private static Value sum(LayerBuilder layer, Value x) {
        long count = 1;
        for (int axis : axes(layer, x)) {
            count = Math.multiplyExact(count, layer.shape(x).get(axis));
        }
        Value mean = layer.add(new Operator.Mean(axes(layer, x), keep(layer)), x);
        return layer.add(new Operator.Scale(count, 0), mean);
    }

    static boolean keep(LayerBuilder layer) {
        return Settings.flag(layer, false, "keepdims");
    }

    private static int last(LayerBuilder layer, Value x) {
        return Axis.one(layer, Settings.integer(layer, -1, "axis"), layer.rank(x));
    }

    static List<Integer> axes(LayerBuilder layer, Value x) {
        return Axis.of(layer, Settings.integers(layer, "axis"), layer.rank(x));
    }

    private static Operator clip(LayerBuilder layer) {
        return new Operator.Clip(
                Settings.number(layer, Double.NEGATIVE_INFINITY, "x_min", "clip_value_min"),
                Settings.number(layer, Double.POSITIVE_INFINITY, "x_max", "clip_value_max"),
                true);
    }
}
