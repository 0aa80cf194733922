package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Attention whose heads share keys and values in groups of neighbours. */
final class GroupedAttention implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("GroupQueryAttention", "GroupedQueryAttention");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value query = Projections.argument(layer, 0, "query");
        Value value = Projections.argument(layer, 1, "value");
        Value key = layer.argument(2, "key") instanceof Value given ? given : value;
        long heads = layer.config().integer("num_query_heads");
        long groups = layer.config().integer("num_key_value_heads");
        long size = layer.config().integer("head_dim");
        if (groups < 1 || heads % groups != 0) {
            throw layer.refusal(
                    "has " + heads + " heads in " + groups + " groups", "groups are equal");
        }
        long tokens = layer.shape(query).get(1);
        long others = layer.shape(value).get(1);
        Projections in = new Projections(layer);
        Value queries = in.project("query", query, heads, size, false);
        Value keys = in.project("key", key, groups, size, true);
        Value values = in.project("value", value, groups, size, false);
        long rows = heads / groups * tokens; // of a group: its heads one behind the other
        Value grouped = reshape(layer, queries, groups, rows, size);
        Value scaled = layer.add(new Operator.Scale(1 / Math.sqrt(size), 0), grouped);
        Value scores = layer.add("scores", new Operator.MatMul(), Map.of(), scaled, keys);
        AttentionMask mask = AttentionMask.of(layer, query, value, key);
        Value weights = mask.softmax(reshape(layer, scores, heads, tokens, others), true);
        Value together = reshape(layer, weights, groups, rows, others);
        Value mixed = layer.add(new Operator.MatMul(), together, values);
        Value apart = reshape(layer, mixed, heads, tokens, size);
        if (layer.config().flag("use_gate", false)) {
            apart = in.gated(apart, query, heads, size);
        }
        Value output = in.join(apart, heads, size, layer.lastSize(query));
        layer.mask(output, mask.query());
        return Boolean.TRUE.equals(layer.argument(Integer.MAX_VALUE, "return_attention_scores"))
                ? List.of(output, weights)
                : List.of(output);
    }

    private static Value reshape(LayerBuilder layer, Value x, long a, long b, long c) {
        return layer.add(new Operator.Reshape(List.of(-1L, a, b, c)), x);
    }
}
