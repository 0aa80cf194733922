package io.vitrail.format.keras.file;

import io.vitrail.format.keras.LayerConfig;
import io.vitrail.format.keras.LayerWeights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a file.
 *
 * @param config its configuration
 * @param weights its weights; of a model those of its layers, so ask those
 * @param calls its uses in order; none for an input
 * @param inner the model that this layer is, or null
 * @param wrapped the model that this layer wraps, or null
 */
public record StoredLayer(
        LayerConfig config,
        LayerWeights weights,
        List<Call> calls,
        @Nullable StoredModel inner,
        @Nullable StoredModel wrapped) {
    public StoredLayer {
        calls = List.copyOf(calls);
    }
}
