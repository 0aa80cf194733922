package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import io.vitrail.format.keras.LayerConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Layers that are an activation, also where another layer carries one of them as its own. */
final class ActivationLayers implements KerasLayer {
    static final Set<String> NAMES =
            Set.of("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax");

    @Override
    public Set<String> classNames() {
        return NAMES;
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        return List.of(add(layer, layer.config(), layer.inputs().get(0)));
    }

    static Value add(LayerBuilder layer, LayerConfig config, Value x) {
        return switch (config.className()) {
            case "Activation" -> Activations.add(layer, config.activation("activation"), x);
            case "ReLU" -> layer.add(relu(config), x);
            case "LeakyReLU" ->
                    layer.add(
                            new Operator.LeakyRelu(
                                    config.number("negative_slope", config.number("alpha", 0.3))),
                            x);
            case "ELU" -> layer.add(new Operator.Elu(config.number("alpha", 1), 1, 1), x);
            case "ThresholdedReLU" ->
                    layer.add(new Operator.Threshold(config.number("theta", 1), 0), x);
            case "PReLU" ->
                    layer.add(new Operator.Prelu(), Map.of("weight", slopes(layer, config, x)), x);
            default -> layer.add(new Operator.Softmax(Axis.all(layer, config, "axis", x)), x);
        };
    }

    private static Operator relu(LayerConfig config) {
        double max = config.number("max_value", Double.POSITIVE_INFINITY);
        double slope = config.number("negative_slope", 0);
        double threshold = config.number("threshold", 0);
        if (threshold == 0 && Double.isInfinite(max)) {
            return slope == 0 ? new Operator.Relu() : new Operator.LeakyRelu(slope);
        }
        return threshold == 0 && slope == 0 && max == 6
                ? new Operator.Clip(0, 6, false)
                : new Operator.GeneralRelu(max, slope, threshold);
    }

    /** The weight has an item's shape, of size 1 along the shared axes, which count from 1. */
    private static Parameter slopes(LayerBuilder layer, LayerConfig config, Value x) {
        long[] sizes = layer.shape(x).slice(1).getShape().clone();
        for (long axis : config.integers("shared_axes", List.of())) {
            if (axis < 1 || axis > sizes.length) {
                throw layer.refusal("shares axis " + axis, "axes count from 1 to " + sizes.length);
            }
            sizes[(int) axis - 1] = 1;
        }
        return layer.weight("alpha", 0, new Shape(sizes));
    }
}
