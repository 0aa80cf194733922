package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Custom layers that models of {@code keras.applications} bring along. */
final class Applications implements KerasLayer {
    private static final int MOST_NAMELESS = 1000;

    @Override
    public Set<String> classNames() {
        return Set.of(
                "CustomScaleLayer", // Inception-ResNet: a + scale * b
                "Custom>CustomScaleLayer",
                "LayerScale", // ConvNeXt: one factor a channel
                "Custom>LayerScale",
                "Custom>StochasticDepth");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        String name = layer.config().className().replace("Custom>", "");
        return List.of(
                switch (name) {
                    case "CustomScaleLayer" -> {
                        List<Value> inputs = layer.inputs(2);
                        double scale = layer.config().number("scale");
                        yield layer.add(
                                new Operator.Add(),
                                inputs.get(0),
                                layer.add(new Operator.Scale(scale, 0), inputs.get(1)));
                    }
                    case "LayerScale" -> {
                        Value x = layer.input();
                        Shape length = new Shape(layer.config().integer("projection_dim"));
                        Parameter gamma = layer.weight(scaleName(layer), 0, length);
                        Value factor =
                                layer.add("gamma", new Operator.Constant(), Map.of("value", gamma));
                        yield layer.add(new Operator.Multiply(), x, factor);
                    }
                    default -> layer.add(new Operator.Identity(), layer.input());
                });
    }

    /** Keras 3 gives the weight no name, and then counts such weights over the whole model. */
    private static String scaleName(LayerBuilder layer) {
        return IntStream.range(1, MOST_NAMELESS)
                .mapToObj(i -> "variable_" + i)
                .filter(name -> !layer.hasWeight("gamma", 0) && !layer.hasWeight("variable", 0))
                .filter(name -> layer.hasWeight(name, 0))
                .findFirst()
                .orElse(layer.hasWeight("variable", 0) ? "variable" : "gamma");
    }
}
