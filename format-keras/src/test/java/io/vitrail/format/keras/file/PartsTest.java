package io.vitrail.format.keras.file;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.vitrail.format.keras.LayerWeights;
import io.vitrail.testkit.SharedData;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Find the weights of layers that are made of others: the same model, saved in both formats by
 * Keras 3 and as {@code .h5} by Keras 2, holds the same numbers under three kinds of paths.
 */
class PartsTest {
    private static LayerWeights weights(String file, String className) {
        return KerasFile.open(SharedData.model("keras/" + file)).layers().stream()
                .filter(layer -> layer.config().className().equals(className))
                .findFirst()
                .orElseThrow()
                .weights();
    }

    private static ByteBuffer bytes(LayerWeights weights, String name, int index, Shape shape) {
        return weights.get(name, index, shape).bytes().get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"query", "key", "value"})
    void attentionHasItsPartsInFolders(String part) {
        LayerWeights archive =
                weights("layer_zoo_attention.keras", "MultiHeadAttention")
                        .child(part, part + "_dense");
        Shape kernel = ((NumberedWeights) archive).arrays().get("vars/0").shape();

        for (String file : new String[] {"layer_zoo_attention.h5", "layer_zoo_attention_k2.h5"}) {
            LayerWeights named = weights(file, "MultiHeadAttention").child(part, part + "_dense");
            assertThat(bytes(named, "kernel", 0, kernel))
                    .as(file)
                    .isEqualTo(bytes(archive, "kernel", 0, kernel));
        }
    }

    @Test
    void aRecurrentLayerHasACell() {
        LayerWeights archive = weights("layer_zoo_rnn.keras", "LSTM").child("lstm_cell", "cell");
        Shape kernel = ((NumberedWeights) archive).arrays().get("vars/1").shape();

        for (String file : new String[] {"layer_zoo_rnn.h5", "layer_zoo_rnn_k2.h5"}) {
            LayerWeights named = weights(file, "LSTM").child("lstm_cell", "cell");
            assertThat(bytes(named, "recurrent_kernel", 1, kernel))
                    .as(file)
                    .isEqualTo(bytes(archive, "recurrent_kernel", 1, kernel));
        }
    }

    @Test
    void bothHalvesOfABidirectionalAreToldApart() {
        LayerWeights archive = weights("layer_zoo_rnn.keras", "Bidirectional");
        LayerWeights forward = archive.child("forward_lstm", "forward_layer").child("", "cell");
        LayerWeights backward = archive.child("backward_lstm", "backward_layer").child("", "cell");
        Shape kernel = ((NumberedWeights) forward).arrays().get("vars/0").shape();

        assertThat(bytes(forward, "kernel", 0, kernel))
                .isNotEqualTo(bytes(backward, "kernel", 0, kernel));
    }
}
