package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Pointwise.Function;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Normalisation with trained statistics, or with those of the item itself. */
final class Normalising implements KerasLayer {
    private static final double EPSILON = 1e-3;

    @Override
    public Set<String> classNames() {
        return Set.of(
                "BatchNormalization",
                "SyncBatchNormalization",
                "LayerNormalization",
                "GroupNormalization",
                "RMSNormalization",
                "UnitNormalization");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.inputs().get(0);
        return List.of(
                switch (layer.config().className()) {
                    case "LayerNormalization" -> layerNorm(layer, x);
                    case "GroupNormalization" -> groupNorm(layer, x);
                    case "RMSNormalization" -> rootMeanSquare(layer, x, "scale", 1e-6);
                    case "UnitNormalization" ->
                            layer.add(
                                    new Operator.UnitNorm(
                                            Axis.all(layer, layer.config(), "axis", x), 1e-12),
                                    x);
                    default -> batchNorm(layer, x);
                });
    }

    private static double epsilon(LayerBuilder layer, double otherwise) {
        double epsilon = layer.config().number("epsilon", otherwise);
        if (!(epsilon >= 0)) {
            throw layer.refusal("has the epsilon " + epsilon, "it is a number from 0");
        }
        return epsilon;
    }

    /** Weights come in the order gamma, beta, mean, variance, less what is switched off. */
    private static Value batchNorm(LayerBuilder layer, Value x) {
        int axis = Axis.one(layer, "axis", x);
        Shape length = new Shape(layer.shape(x).get(axis));
        Map<String, Parameter> weights = new LinkedHashMap<>();
        int index = addScale(layer, weights, length);
        weights.put("mean", layer.weight("moving_mean", index, length));
        weights.put("variance", layer.weight("moving_variance", index + 1, length));
        return layer.add(new Operator.BatchNorm(epsilon(layer, EPSILON), axis), weights, x);
    }

    /** Add gamma and beta where the layer has them; return the number of the next weight. */
    private static int addScale(LayerBuilder layer, Map<String, Parameter> weights, Shape shape) {
        int index = 0;
        if (layer.config().flag("scale", true)) {
            weights.put("weight", layer.weight("gamma", index++, shape));
        }
        if (layer.config().flag("center", true)) {
            weights.put("bias", layer.weight("beta", index++, shape));
        }
        return index;
    }

    private static Value layerNorm(LayerBuilder layer, Value x) {
        if (layer.config().flag("rms_scaling", false)) {
            return rootMeanSquare(layer, x, "gamma", EPSILON);
        }
        List<Integer> axes = Axis.all(layer, layer.config(), "axis", x);
        Map<String, Parameter> weights = new LinkedHashMap<>();
        addScale(layer, weights, sizes(layer, x, axes));
        return layer.add(new Operator.LayerNorm(axes, epsilon(layer, EPSILON)), weights, x);
    }

    private static Shape sizes(LayerBuilder layer, Value x, List<Integer> axes) {
        Shape shape = layer.shape(x);
        return new Shape(axes.stream().mapToLong(shape::get).toArray());
    }

    private static Value groupNorm(LayerBuilder layer, Value x) {
        int rank = layer.rank(x);
        int axis = Axis.one(layer, "axis", x);
        if (axis != rank - 1 && axis != 1) {
            throw layer.refusal("has the axis " + axis, "channels come first or last");
        }
        Layout layout = axis == rank - 1 ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
        long channels = layer.shape(x).get(axis);
        long groups = layer.config().integer("groups", 32);
        long number = groups == -1 ? channels : groups;
        if (number < 1 || channels % number != 0) {
            throw layer.refusal(
                    "has " + groups + " groups for " + channels + " channels",
                    "groups divide the channels");
        }
        Map<String, Parameter> weights = new LinkedHashMap<>();
        addScale(layer, weights, new Shape(channels));
        return layer.add(
                new Operator.GroupNorm(number, epsilon(layer, EPSILON), layout), weights, x);
    }

    /**
     * {@code x / sqrt(mean(x^2) + epsilon) * weight}; the {@code rms_scaling} of a layer
     * normalisation takes the variance for the mean of the squares.
     */
    private static Value rootMeanSquare(
            LayerBuilder layer, Value x, String weight, double otherwise) {
        List<Integer> axes = Axis.all(layer, layer.config(), "axis", x);
        Value distance =
                weight.equals("gamma")
                        ? layer.add(
                                new Operator.Subtract(),
                                x,
                                layer.add(new Operator.Mean(axes, true), x))
                        : x;
        Value squares = layer.add(new Operator.Pointwise(Function.SQUARE), distance);
        Value mean = layer.add(new Operator.Mean(axes, true), squares);
        Value shifted = layer.add(new Operator.Scale(1, epsilon(layer, otherwise)), mean);
        Value root = layer.add(new Operator.Pointwise(Function.SQUARE_ROOT), shifted);
        Value normal = layer.add(new Operator.Divide(), x, root);
        long[] broadcast = layer.shape(x).getShape().clone();
        for (int i = 0; i < broadcast.length; i++) {
            broadcast[i] = axes.contains(i) ? broadcast[i] : 1;
        }
        Shape stored = sizes(layer, x, axes);
        List<Integer> order = IntStream.range(0, stored.dimension()).boxed().toList();
        Parameter scale = layer.weight(weight, 0, stored, order, new Shape(broadcast));
        Value factor = layer.add(weight, new Operator.Constant(), Map.of("value", scale));
        return layer.add(new Operator.Multiply(), normal, factor);
    }
}
