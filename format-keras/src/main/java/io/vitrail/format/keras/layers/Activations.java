package io.vitrail.format.keras.layers;

import io.vitrail.api.NearestNames;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Pointwise.Function;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import io.vitrail.format.keras.LayerConfig;
import java.util.Map;
import java.util.TreeSet;

/** Activations by their names, as layers carry them. */
public final class Activations {
    private static final double SELU_ALPHA = 1.6732632423543772;
    private static final double SELU_SCALE = 1.0507009873554805;
    private static final Map<String, Operator> BY_NAME =
            Map.ofEntries(
                    Map.entry("relu", new Operator.Relu()),
                    Map.entry("relu6", new Operator.Clip(0, 6, false)),
                    Map.entry("leaky_relu", new Operator.LeakyRelu(0.2)),
                    Map.entry("elu", new Operator.Elu(1, 1, 1)),
                    Map.entry("celu", new Operator.Elu(1, 1, 1)),
                    Map.entry("selu", new Operator.Elu(SELU_ALPHA, SELU_SCALE, 1)),
                    Map.entry("gelu", new Operator.Gelu(false)),
                    Map.entry("silu", new Operator.Silu()),
                    Map.entry("swish", new Operator.Silu()),
                    Map.entry("mish", new Operator.Mish()),
                    Map.entry("softplus", new Operator.Softplus(1)),
                    Map.entry("softsign", new Operator.Pointwise(Function.SOFTSIGN)),
                    Map.entry("hard_silu", new Operator.HardSwish()),
                    Map.entry("hard_swish", new Operator.HardSwish()),
                    Map.entry("hard_tanh", new Operator.Clip(-1, 1, false)),
                    Map.entry("hard_shrink", new Operator.Shrink(0.5, false)),
                    Map.entry("soft_shrink", new Operator.Shrink(0.5, true)),
                    Map.entry("tanh_shrink", new Operator.Pointwise(Function.TANH_SHRINK)),
                    Map.entry("log_sigmoid", new Operator.Pointwise(Function.LOG_SIGMOID)),
                    Map.entry("squareplus", new Operator.Pointwise(Function.SQUARE_PLUS)),
                    Map.entry("sparse_plus", new Operator.Pointwise(Function.SPARSE_PLUS)),
                    Map.entry("sparse_sigmoid", new Operator.Pointwise(Function.SPARSE_SIGMOID)),
                    Map.entry("exponential", new Operator.Pointwise(Function.EXP)),
                    Map.entry("sigmoid", new Operator.Sigmoid()),
                    Map.entry("tanh", new Operator.Tanh()));

    private Activations() {}

    /**
     * Add an activation.
     *
     * @param activation a function by its name, or a layer by its class
     * @return the input itself for {@code linear}
     */
    public static Value add(LayerBuilder layer, LayerConfig activation, Value x) {
        String name = activation.className();
        if (ActivationLayers.NAMES.contains(name)) {
            return ActivationLayers.add(layer, activation, x);
        }
        return name.equals("linear") ? x : layer.add(named(layer, name, x), x);
    }

    /** Return whether there is an activation of this name. */
    static boolean has(String name) {
        return BY_NAME.containsKey(name)
                || name.equals("hard_sigmoid")
                || name.equals("softmax")
                || name.equals("log_softmax");
    }

    /** Return the operator of a name. */
    static Operator named(LayerBuilder layer, String name, Value x) {
        int last = layer.rank(x) - 1;
        return switch (name) {
            case "softmax" -> new Operator.Softmax(last);
            case "log_softmax" -> new Operator.LogSoftmax(last);
            case "hard_sigmoid" ->
                    new Operator.HardSigmoid(layer.config().kerasVersion() >= 3 ? 1.0 / 6 : 0.2);
            default -> {
                Operator operator = BY_NAME.get(name);
                if (operator == null) {
                    throw layer.refusal(
                            "has the activation '"
                                    + name
                                    + "', which is not read\n  nearest: "
                                    + String.join(
                                            ", ",
                                            NearestNames.of(name, new TreeSet<>(BY_NAME.keySet()))),
                            "put a KerasLayer for a layer of your own in its place");
                }
                yield operator;
            }
        };
    }
}
