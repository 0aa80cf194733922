package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A layer or a model called with each step of a sequence: with all of them as one batch. */
final class EachStep implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("TimeDistributed");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = layer.inputs().get(0);
        if (layer.rank(x) < 2) {
            throw layer.refusal("reads " + layer.shape(x), "steps are the second axis");
        }
        long steps = layer.shape(x).get(1);
        List<Long> each = Shaping.sizes(layer, x);
        each.remove(1);
        Value all = layer.add("steps", new Operator.Reshape(each), Map.of(), x);
        Value made = Wrapped.read(layer, all);
        List<Long> sizes = new ArrayList<>(Shaping.sizes(layer, made));
        sizes.add(1, steps);
        Value sequence = layer.add(new Operator.Reshape(sizes), made);
        layer.mask(sequence, Masks.of(layer, x));
        return List.of(sequence);
    }
}
