package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Compare.Relation;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables of vectors, and the padding of sequences: what begins a mask. */
final class Embeddings implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("Embedding", "Masking");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.input();
        return List.of(
                layer.config().className().equals("Masking") ? masking(layer, x) : table(layer, x));
    }

    private static Value table(LayerBuilder layer, Value x) {
        Shape shape =
                new Shape(
                        layer.config().integer("input_dim"), layer.config().integer("output_dim"));
        Parameter table = layer.weight("embeddings", 0, shape);
        Value rows =
                layer.add(
                        LayerBuilder.ITSELF, new Operator.Embedding(), Map.of("weight", table), x);
        if (layer.config().flag("mask_zero", false)) {
            layer.mask(rows, layer.add(new Operator.Compare(Relation.NOT_EQUAL, 0), x));
        }
        return rows;
    }

    /** A step counts unless all of its features are the value that padding has. */
    private static Value masking(LayerBuilder layer, Value x) {
        double padding = layer.config().number("mask_value", 0);
        int last = layer.rank(x) - 1;
        Value differs = layer.add(new Operator.Compare(Relation.NOT_EQUAL, padding), x);
        Value steps = layer.add(new Operator.Max(List.of(last), true), differs);
        Value kept = Masks.filled(layer, x, steps, 0);
        List<Long> sizes = Shaping.sizes(layer, x).subList(0, last);
        layer.mask(kept, Masks.shaped(layer, steps, sizes.toArray(Long[]::new)));
        return kept;
    }
}
