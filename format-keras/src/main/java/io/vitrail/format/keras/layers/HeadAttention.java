package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Attention of several heads over one axis or more.
 *
 * <p>What is attended over becomes one axis of tokens; axes that are not attended over join the
 * batch meanwhile.
 */
final class HeadAttention implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("MultiHeadAttention");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        Value query = Projections.argument(layer, 0, "query");
        Value value = Projections.argument(layer, 1, "value");
        Value key = layer.argument(2, "key") instanceof Value given ? given : value;
        long heads = layer.config().integer("num_heads");
        long size = layer.config().integer("key_dim");
        long valueSize = layer.config().integer("value_dim", size);
        Attended q = attended(layer, query);
        Attended k = attended(layer, key);
        Attended v = attended(layer, value);
        Projections in = new Projections(layer);
        Value queries = in.project("query", q.tokens, heads, size, false);
        Value keys = in.project("key", k.tokens, heads, size, true);
        Value values = in.project("value", v.tokens, heads, valueSize, false);
        Value scaled = layer.add(new Operator.Scale(1 / Math.sqrt(size), 0), queries);
        Value scores = layer.add("scores", new Operator.MatMul(), java.util.Map.of(), scaled, keys);
        AttentionMask mask = AttentionMask.of(layer, query, value, key);
        Value weights = mask.softmax(scores, q.free() == 0);
        Value mixed = layer.add(new Operator.MatMul(), weights, values);
        if (layer.config().flag("use_gate", false)) {
            mixed = in.gated(mixed, q.tokens, heads, valueSize);
        }
        long[] out = outputSizes(layer, query);
        Value joined = in.join(mixed, heads, valueSize, out);
        Value output = q.restored(layer, joined, out);
        layer.mask(output, mask.query());
        return Boolean.TRUE.equals(layer.argument(Integer.MAX_VALUE, "return_attention_scores"))
                ? List.of(output, weights)
                : List.of(output);
    }

    private static long[] outputSizes(LayerBuilder layer, Value query) {
        List<Long> given = layer.config().integers("output_shape", List.of(layer.lastSize(query)));
        return given.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * An array with its tokens in a row.
     *
     * @param tokens (N times the free axes, tokens, features)
     * @param order how its axes were brought into order: batch, free, attended, features
     * @param sizes their sizes in that order
     */
    private record Attended(Value tokens, List<Integer> order, List<Long> sizes, int free) {

        /** Bring what was made of the tokens back into the order of the axes. */
        Value restored(LayerBuilder layer, Value x, long[] features) {
            List<Long> whole = new ArrayList<>(sizes.subList(0, sizes.size() - 1));
            whole.set(0, -1L);
            List<Integer> back = new ArrayList<>();
            for (int i = 0; i < sizes.size() - 1; i++) {
                back.add(order.indexOf(i));
            }
            for (long feature : features) {
                back.add(whole.size());
                whole.add(feature);
            }
            boolean flat = sizes.size() == 3 && features.length == 1;
            Value apart = flat ? x : layer.add(new Operator.Reshape(whole), x);
            return free == 0 ? apart : layer.add(new Operator.Permute(back), apart);
        }
    }

    private static Attended attended(LayerBuilder layer, Value x) {
        int rank = layer.rank(x);
        List<Long> all = IntStream.range(1, rank - 1).mapToObj(i -> (long) i).toList();
        List<Integer> axes = Axis.of(layer, layer.config().integers("attention_axes", all), rank);
        List<Integer> order = new ArrayList<>(List.of(0));
        IntStream.range(1, rank - 1).filter(i -> !axes.contains(i)).forEach(order::add);
        int free = order.size() - 1;
        order.addAll(axes);
        order.add(rank - 1);
        if (order.size() != rank) {
            throw layer.refusal(
                    "attends over the axes " + axes + " of " + layer.shape(x),
                    "neither the batch nor the features can be attended over");
        }
        List<Long> sizes = order.stream().map(layer.shape(x)::get).toList();
        Shape shape = Convolutions.shape(sizes);
        long tokens = shape.slice(1 + free, rank - 1).size();
        Value ordered = free == 0 ? x : layer.add(new Operator.Permute(order), x);
        Value row =
                rank == 3
                        ? ordered
                        : layer.add(
                                new Operator.Reshape(List.of(-1L, tokens, layer.lastSize(x))),
                                ordered);
        return new Attended(row, order, sizes, free);
    }
}
