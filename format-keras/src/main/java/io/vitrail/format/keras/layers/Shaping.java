package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Layers that arrange elements anew; the batch stays in front and free. */
final class Shaping implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("Flatten", "Reshape", "Permute", "RepeatVector");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.inputs().get(0);
        return List.of(
                switch (layer.config().className()) {
                    case "Flatten" -> flatten(layer, x);
                    case "Permute" -> permute(layer, x);
                    case "RepeatVector" -> repeat(layer, x);
                    default -> reshape(layer, x);
                });
    }

    /** Channels that come first are brought behind the others before. */
    private static Value flatten(LayerBuilder layer, Value x) {
        int rank = layer.rank(x);
        Value last = x;
        if (layer.layout() == Layout.CHANNELS_FIRST && rank > 2) {
            List<Integer> order = new ArrayList<>(List.of(0));
            IntStream.range(2, rank).forEach(order::add);
            order.add(1);
            last = layer.add(new Operator.Permute(order), x);
        }
        return rank < 2
                ? layer.add(new Operator.Reshape(List.of(-1L, 1L)), x)
                : layer.add(new Operator.Flatten(1, rank - 1), last);
    }

    private static Value permute(LayerBuilder layer, Value x) {
        List<Integer> order = new ArrayList<>(List.of(0));
        for (long axis : layer.config().integers("dims")) {
            order.add(Axis.one(layer, axis, layer.rank(x)));
        }
        return layer.add(new Operator.Permute(order), x);
    }

    private static Value repeat(LayerBuilder layer, Value x) {
        long times = layer.config().integer("n");
        Value row = layer.add(new Operator.Reshape(List.of(-1L, 1L, layer.lastSize(x))), x);
        return layer.add(new Operator.Tile(List.of(1L, times, 1L)), row);
    }

    private static Value reshape(LayerBuilder layer, Value x) {
        return to(layer, x, layer.config().integers("target_shape"));
    }

    /** Return the sizes of an array, its batch free. */
    static List<Long> sizes(LayerBuilder layer, Value x) {
        List<Long> sizes = new ArrayList<>(List.of(-1L));
        for (int i = 1; i < layer.rank(x); i++) {
            sizes.add(layer.shape(x).get(i));
        }
        return sizes;
    }

    /** Reshape each item; a size of -1 is what is left. */
    static Value to(LayerBuilder layer, Value x, List<Long> item) {
        long all = layer.shape(x).slice(1).size();
        long known = item.stream().filter(size -> size != -1).reduce(1L, Math::multiplyExact);
        List<Long> sizes = new ArrayList<>(List.of(-1L));
        item.forEach(size -> sizes.add(size == -1 && known > 0 ? all / known : size));
        return layer.add(new Operator.Reshape(sizes), x);
    }
}
