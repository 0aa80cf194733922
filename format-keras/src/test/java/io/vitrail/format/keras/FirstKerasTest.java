package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in the words of Keras 1.2, whose documentation names these settings. */
class FirstKerasTest {
    @TempDir Path folder;

    /**
     * 8x9 pixels, a 3x2 kernel with strides 2 and 1, then 2x2 windows: 3x8, then 1x4, 5 channels.
     */
    private static final String NETWORK =
            """
            {"class_name": "Sequential", "config": [
              {"class_name": "Convolution2D", "config": {"name": "conv", "trainable": true,
                "batch_input_shape": [null, 8, 9, 2], "input_dtype": "float32", "nb_filter": 5,
                "nb_row": 3, "nb_col": 2, "border_mode": "valid", "subsample": [2, 1],
                "dim_ordering": "ORDER", "bias": false, "activation": "relu", "init": "glorot_uniform"}},
              {"class_name": "MaxPooling2D", "config": {"name": "pool", "pool_size": [2, 2],
                "strides": [2, 2], "border_mode": "valid", "dim_ordering": "ORDER"}},
              {"class_name": "BatchNormalization", "config": {"name": "norm", "mode": MODE,
                "axis": -1, "epsilon": 0.001}},
              {"class_name": "Dropout", "config": {"name": "drop", "p": 0.5}},
              {"class_name": "Flatten", "config": {"name": "flat"}},
              {"class_name": "Dense", "config": {"name": "head", "output_dim": 3, "bias": true,
                "activation": "softmax"}}]}
            """;

    @Test
    void aConvolutionalNetworkOfKeras1IsRead() {
        try (GraphSource source = open("tf", "0")) {
            // opening makes a graph and asks for every weight by its shape: 20 values at the head
            assertThat(source.inputs().get(0).type().shape().getShape())
                    .containsExactly(-1, 8, 9, 2);
        }
    }

    @Test
    void whatKeras2WouldHaveToConvertIsRefused() {
        assertThatThrownBy(() -> open("th", "0"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("layer 'conv' has its kernels in the order of Theano")
                .hasMessageContaining("load it with Keras 2");
        assertThatThrownBy(() -> open("tf", "1"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("layer 'norm' normalises each sample");
    }

    private GraphSource open(String order, String mode) {
        float[] channels = new float[5];
        return new KerasFormat()
                .open(
                        WrittenFile.h5(
                                folder.resolve(order + mode + ".h5"),
                                "1.2.2",
                                NETWORK.replace("ORDER", order).replace("MODE", mode),
                                Map.of(
                                        "conv/conv_W:0", new float[3][2][2][5],
                                        "norm/norm_gamma:0", channels,
                                        "norm/norm_beta:0", channels,
                                        "norm/norm_running_mean:0", channels,
                                        "norm/norm_running_std:0", channels,
                                        "head/head_W:0", new float[20][3],
                                        "head/head_b:0", new float[3])));
    }
}
