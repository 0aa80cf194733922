package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the heads of an attention may look at.
 *
 * @param query which queries count (N, queries), handed on with the output
 * @param whole what each query may look at, broadcast to (N, heads, queries, keys); null for all
 */
record AttentionMask(LayerBuilder layer, @Nullable Value query, @Nullable Value whole) {
    private static final double FAR_BELOW = -1e9; // as Keras has it; 0 behind a softmax
    private static final int NOWHERE = Integer.MAX_VALUE;

    /** Put together the masks of what an attention is called with, and those it is given. */
    static AttentionMask of(LayerBuilder layer, Value query, Value value, Value key) {
        Value queries = Masks.given(layer, NOWHERE, "query_mask", layer.mask(query));
        Value values = Masks.given(layer, NOWHERE, "value_mask", layer.mask(value));
        Value keys =
                Masks.given(layer, NOWHERE, "key_mask", key.equals(value) ? null : layer.mask(key));
        Value whole = null;
        if (queries != null) {
            whole = Masks.shaped(layer, queries, -1L, 1L, layer.shape(queries).get(1), 1L);
        }
        for (Value mask : new @Nullable Value[] {values, keys}) {
            if (mask != null) {
                long count = layer.shape(mask).get(1);
                whole = Masks.and(layer, whole, Masks.shaped(layer, mask, -1L, 1L, 1L, count));
            }
        }
        if (Boolean.TRUE.equals(layer.argument(NOWHERE, "use_causal_mask"))) {
            int rows = (int) layer.shape(query).get(1);
            int columns = (int) layer.shape(value).get(1);
            whole = Masks.and(layer, whole, Masks.causal(layer, rows, columns));
        }
        Value given = Masks.given(layer, NOWHERE, "attention_mask", null);
        if (given != null) {
            whole = Masks.and(layer, whole, headed(layer, given));
        }
        return new AttentionMask(layer, queries, whole);
    }

    /** A mask that is given is (N, queries, keys), or has an axis for the heads. */
    private static Value headed(LayerBuilder layer, Value mask) {
        if (layer.rank(mask) == 4) {
            return mask;
        }
        if (layer.rank(mask) != 3) {
            throw layer.refusal(
                    "is given an attention_mask of " + layer.shape(mask),
                    "(batch, queries, keys) is known, or with an axis for the heads behind the"
                            + " batch");
        }
        return Masks.shaped(
                layer, mask, -1L, 1L, layer.shape(mask).get(1), layer.shape(mask).get(2));
    }

    /**
     * Return the weights of the scores (N, heads, queries, keys).
     *
     * @param plain whether the batch is the model's own
     */
    Value softmax(Value scores, boolean plain) {
        if (whole != null && !plain) {
            throw layer.refusal(
                    "attends under a mask over some axes of many",
                    "a mask is read where all axes between batch and features are attended over");
        }
        Value masked = Masks.filled(layer, scores, whole, FAR_BELOW);
        Value weights =
                layer.add(
                        "weights", new Operator.Softmax(layer.rank(scores) - 1), Map.of(), masked);
        boolean zeroed =
                layer.config().kerasVersion() >= 3 && layer.config().number("dropout", 0) > 0;
        return zeroed ? Masks.filled(layer, weights, whole, 0) : weights; // rows without any key
    }
}
