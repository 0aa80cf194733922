package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Preprocessing by fixed numbers: {@code scale * x + offset}, and {@code (x - mean) / max(sqrt(
 * variance), 1e-7)} or its inverse.
 */
final class Rescalings implements KerasLayer {
    private static final double LEAST_DEVIATION = 1e-7;

    @Override
    public Set<String> classNames() {
        return Set.of("Rescaling", "Normalization");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.input();
        return List.of(
                layer.config().className().equals("Rescaling")
                        ? rescale(layer, x)
                        : normalise(layer, x));
    }

    private static Value rescale(LayerBuilder layer, Value x) {
        double[] scale = given(layer, "scale");
        double[] offset = layer.config().has("offset") ? given(layer, "offset") : new double[1];
        if (scale.length == 1 && offset.length == 1) {
            return layer.add(new Operator.Scale(scale[0], offset[0]), x);
        }
        Value factor = layer.constant("scale", new Shape(scale.length), scale);
        Value scaled = layer.add(new Operator.Multiply(), x, factor);
        Value shift = layer.constant("offset", new Shape(offset.length), offset);
        return layer.add(new Operator.Add(), scaled, shift);
    }

    private static double[] given(LayerBuilder layer, String key) {
        return layer.config().numbers(key).stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Statistics stand in the configuration, or else are weights of the kept axes' shape. */
    private static Value normalise(LayerBuilder layer, Value x) {
        List<Long> none = List.of();
        int rank = layer.rank(x);
        List<Integer> kept = Axis.of(layer, layer.config().integers("axis", none), rank);
        List<Long> sizes = new ArrayList<>(Collections.nCopies(rank, 1L));
        kept.forEach(axis -> sizes.set(axis, layer.shape(x).get(axis)));
        Shape shape = Convolutions.shape(sizes);
        Shape stored = Convolutions.shape(kept.stream().map(layer.shape(x)::get).toList());
        boolean inside = layer.config().has("mean");
        double[] mean = inside ? spread(layer, "mean", shape) : layer.numbers("mean", 0, stored);
        double[] deviation =
                inside ? spread(layer, "variance", shape) : layer.numbers("variance", 1, stored);
        for (int i = 0; i < deviation.length; i++) {
            deviation[i] = Math.max(Math.sqrt(deviation[i]), LEAST_DEVIATION);
        }
        Value centre = layer.constant("mean", shape, mean);
        Value spread = layer.constant("deviation", shape, deviation);
        if (layer.config().flag("invert", false)) {
            return layer.add(
                    new Operator.Add(), layer.add(new Operator.Multiply(), x, spread), centre);
        }
        return layer.add(
                new Operator.Divide(), layer.add(new Operator.Subtract(), x, centre), spread);
    }

    /** Return numbers of the configuration, one for all or one for each place. */
    private static double[] spread(LayerBuilder layer, String key, Shape shape) {
        double[] given = given(layer, key);
        if (given.length == shape.size()) {
            return given;
        }
        if (given.length != 1) {
            throw layer.refusal(
                    "has " + given.length + " numbers as " + key + " for " + shape,
                    "one for all, or one for each place, is known");
        }
        double[] all = new double[(int) shape.size()];
        Arrays.fill(all, given[0]);
        return all;
    }
}
