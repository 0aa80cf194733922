package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import io.vitrail.format.keras.LayerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer in both directions; a backward layer of its own may be another one.
 *
 * <p>Sequences of the backward half are turned round again; a step that does not count is zeros in
 * them, whatever the layer says.
 */
final class BothDirections implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("Bidirectional");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value x = Recurrent.sequence(layer);
        Value mask = Masks.of(layer, x);
        List<Value> states = Recurrent.states(layer);
        int half = states.size() / 2;
        LayerConfig one = layer.config().child("layer");
        boolean given = layer.config().has("backward_layer");
        LayerConfig other = given ? layer.config().child("backward_layer") : one;
        LayerBuilder forward = half(layer, one, "forward");
        LayerBuilder backward = half(layer, other, "backward");
        boolean backwards = one.flag("go_backwards", false);
        List<Value> there =
                Recurrent.run(forward, x, mask, run(one, backwards, states.subList(0, half)));
        List<Value> back =
                Recurrent.run(
                        backward,
                        x,
                        mask,
                        run(other, !backwards, states.subList(half, states.size())));
        boolean sequences = one.flag("return_sequences", false);
        Value y = there.get(0);
        Value z = sequences ? Recurrent.flipped(layer, back.get(0)) : back.get(0);
        List<Value> outputs = new ArrayList<>(merged(layer, y, z));
        if (sequences) {
            outputs.forEach(output -> layer.mask(output, mask));
        }
        outputs.addAll(there.subList(1, there.size()));
        outputs.addAll(back.subList(1, back.size()));
        return outputs;
    }

    private static Recurrent.Run run(LayerConfig config, boolean backwards, List<Value> states) {
        boolean sequences = config.flag("return_sequences", false);
        return new Recurrent.Run(backwards, sequences, sequences, states);
    }

    /** Keras calls the halves after the layer, the backward layer of its own as it is called. */
    private static LayerBuilder half(LayerBuilder layer, LayerConfig config, String direction) {
        String attribute = direction + "_layer";
        String bare = config.name().replaceFirst("^(forward|backward)_", "");
        String name = direction + "_" + bare;
        if (!layer.hasPart(name, attribute)) {
            name = config.name();
        }
        return layer.inner(config, direction, name, attribute, List.of());
    }

    private static List<Value> merged(LayerBuilder layer, Value y, Value z) {
        @Nullable String mode =
                layer.config().has("merge_mode") ? layer.config().string("merge_mode") : null;
        if (mode == null) {
            return List.of(y, z);
        }
        return List.of(
                switch (mode) {
                    case "concat" -> layer.add(new Operator.Concat(layer.rank(y) - 1), y, z);
                    case "sum" -> layer.add(new Operator.Add(), y, z);
                    case "mul" -> layer.add(new Operator.Multiply(), y, z);
                    case "ave" ->
                            layer.add(
                                    new Operator.Scale(0.5, 0),
                                    layer.add(new Operator.Add(), y, z));
                    default ->
                            throw layer.refusal(
                                    "has the merge_mode '" + mode + "'",
                                    "concat, sum, mul, ave and none are known");
                });
    }
}
