package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.TestModels;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run one layer at a time on numbers worked out by hand, with the settings left to Keras. */
class WorkedLayersTest {
    private static final String KERAS_2 = "2.9.0";
    private static final String KERAS_3 = "3.3.3";
    private static final float[] SIXTEEN = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final Map<String, Object> NONE = Map.of();

    @TempDir private Path folder;

    private void check(
            String version,
            String layer,
            Map<String, ?> weights,
            float[] input,
            long[] shape,
            double... expected) {
        String sizes = new Shape(shape).slice(1).toString().replaceAll("[() ]", "");
        String head =
                "\"config\": {\"name\": \"it\", \"dtype\": \"float32\", \"batch_input_shape\": [null, "
                        + sizes
                        + "]";
        String config =
                "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"net\", \"layers\": ["
                        + layer.replace("{}", head + "}").replace("{,", head + ",")
                        + "]}}";
        Path file = WrittenFile.h5(folder.resolve("it.h5"), version, config, weights);
        try (Model model = TestModels.load(new KerasFormat().open(file));
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                Probe.outputsOnly(),
                                new NDList(manager.create(input, new Shape(shape))))) {
            float[] found = pass.outputs().head().toFloatArray();
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                assertThat((double) found[i])
                        .as("number " + i)
                        .isCloseTo(expected[i], within(1e-5));
            }
        }
    }

    private static long[] shape(long... sizes) {
        return sizes;
    }

    /** One row and column of zeros, behind: 4 is even and the step is 2. */
    @Test
    void whatSamePaddingHasOddStandsBehind() {
        float[][][][] ones = {{{{1}}, {{1}}, {{1}}}, {{{1}}, {{1}}, {{1}}}, {{{1}}, {{1}}, {{1}}}};
        check(
                KERAS_2,
                """
                {"class_name": "Conv2D", {, "filters": 1, "kernel_size": [3, 3],
                 "strides": [2, 2], "padding": "same", "use_bias": false}}
                """,
                Map.of("it/it/kernel:0", ones),
                SIXTEEN,
                shape(1, 4, 4, 1),
                45,
                39,
                66,
                50);
    }

    @Test
    void anAverageCountsNoPadding() {
        check(
                KERAS_2,
                """
                {"class_name": "AveragePooling2D", {, "pool_size": [3, 3], "strides": [2, 2],
                 "padding": "same"}}
                """,
                NONE,
                SIXTEEN,
                shape(1, 4, 4, 1),
                45 / 9.0,
                39 / 6.0,
                66 / 6.0,
                50 / 4.0);
    }

    @Test
    void aMaximumOfNegativeNumbersIsNotThePadding() {
        check(
                KERAS_3,
                """
                {"class_name": "MaxPooling2D", {, "pool_size": 3, "strides": 2,
                 "padding": "same"}}
                """,
                NONE,
                new float[] {-9, -8, -7, -6, -5, -4, -3, -2, -1, -9, -8, -7, -6, -5, -4, -3},
                shape(1, 4, 4, 1),
                -1,
                -2,
                -1,
                -3);
    }

    @Test
    void stepsOfAPoolAreItsSize() {
        check(
                KERAS_2,
                "{\"class_name\": \"MaxPooling1D\", {}}",
                NONE,
                new float[] {1, 4, 3, 2, 9},
                shape(1, 5, 1),
                4,
                3);
    }

    /** Whole: 1, 10, 100 + 2, 20, 200; `same` is 4 long, and what is odd is cut off behind. */
    @Test
    void aTransposedConvolutionIsCutBehind() {
        check(
                KERAS_2,
                """
                {"class_name": "Conv1DTranspose", {, "filters": 1, "kernel_size": [3],
                 "strides": [2], "padding": "same", "use_bias": false}}
                """,
                Map.of("it/it/kernel:0", new float[][][] {{{1}}, {{10}}, {{100}}}),
                new float[] {1, 2},
                shape(1, 2, 1),
                1,
                10,
                102,
                20);
    }

    /** Kernel 1, step 2: the gaps, and the place behind the last, hold the bias alone. */
    @Test
    void gapsOfATransposedConvolutionHoldTheBias() {
        check(
                KERAS_2,
                """
                {"class_name": "Conv1DTranspose", {, "filters": 1, "kernel_size": [1],
                 "strides": [2]}}
                """,
                Map.of("it/it/kernel:0", new float[][][] {{{10}}}, "it/it/bias:0", new float[] {5}),
                new float[] {1, 2},
                shape(1, 2, 1),
                15,
                5,
                25,
                5);
    }

    @Test
    void aCausalConvolutionLooksBackOnly() {
        check(
                KERAS_3,
                """
                {"class_name": "Conv1D", {, "filters": 1, "kernel_size": [2],
                 "padding": "causal", "use_bias": false}}
                """,
                Map.of("it/it/kernel", new float[][][] {{{1}}, {{10}}}),
                new float[] {1, 2, 3},
                shape(1, 3, 1),
                10,
                21,
                32);
    }

    @Test
    void aDepthwiseKernelHasItsMultiplierLast() {
        check(
                KERAS_3,
                """
                {"class_name": "DepthwiseConv2D", {, "kernel_size": [1, 1],
                 "depth_multiplier": 2, "use_bias": false}}
                """,
                Map.of("it/it/kernel", new float[][][][] {{{{1, 2}, {3, 4}}}}),
                new float[] {1, 10},
                shape(1, 1, 1, 2),
                1,
                2,
                30,
                40);
    }

    @Test
    void aDenseLayerWorksOnTheLastAxis() {
        check(
                KERAS_2,
                "{\"class_name\": \"Dense\", {, \"units\": 1, \"activation\": \"relu\"}}",
                Map.of(
                        "it/it/kernel:0",
                        new float[][] {{1}, {10}},
                        "it/it/bias:0",
                        new float[] {-25}),
                new float[] {1, 2, 3, 4},
                shape(1, 2, 2),
                0,
                18);
    }

    /** sqrt(3.999 + 0.001) is 2: (x - 3) / 2 * 2 + 1. */
    @Test
    void batchNormalisationAddsAThousandth() {
        check(
                KERAS_2,
                "{\"class_name\": \"BatchNormalization\", {}}",
                Map.of(
                        "it/it/gamma:0", new float[] {2},
                        "it/it/beta:0", new float[] {1},
                        "it/it/moving_mean:0", new float[] {3},
                        "it/it/moving_variance:0", new float[] {3.999f}),
                new float[] {3, 5},
                shape(2, 1),
                1,
                3);
    }

    @Test
    void layerNormalisationAddsAThousandth() {
        check(
                KERAS_3,
                """
                {"class_name": "LayerNormalization", {, "scale": false, "center": false}}
                """,
                NONE,
                new float[] {1, 3},
                shape(1, 2),
                -1 / Math.sqrt(1.001),
                1 / Math.sqrt(1.001));
    }

    @Test
    void leakyReluHasASlopeOfThreeTenths() {
        check(
                KERAS_2,
                "{\"class_name\": \"LeakyReLU\", {}}",
                NONE,
                new float[] {-1, 2},
                shape(1, 2),
                -0.3,
                2);
    }

    @Test
    void theHardSigmoidOfKeras2IsNotThatOfKeras3() {
        String layer = "{\"class_name\": \"Activation\", {, \"activation\": \"hard_sigmoid\"}}";
        check(KERAS_2, layer, NONE, new float[] {1}, shape(1, 1), 0.7);
        check(KERAS_3, layer, NONE, new float[] {1}, shape(1, 1), 2 / 3.0);
    }

    @Test
    void reluHasAMaximumASlopeAndAThreshold() {
        check(
                KERAS_3,
                """
                {"class_name": "ReLU", {, "max_value": 4, "negative_slope": 0.5,
                 "threshold": 1}}
                """,
                NONE,
                new float[] {-1, 0, 2, 5},
                shape(1, 4),
                -1,
                -0.5,
                2,
                4);
    }

    @Test
    void upSamplingWeighsByPixelCentres() {
        check(
                KERAS_2,
                """
                {"class_name": "UpSampling2D", {, "size": [1, 2],
                 "interpolation": "bilinear"}}
                """,
                NONE,
                new float[] {0, 4},
                shape(1, 1, 2, 1),
                0,
                1,
                3,
                4);
    }

    @Test
    void channelsThatComeFirstAreFlattenedLast() {
        check(
                KERAS_3,
                """
                {"class_name": "Flatten", {, "data_format": "channels_first"}}
                """,
                NONE,
                new float[] {1, 2, 3, 10, 20, 30},
                shape(1, 2, 1, 3),
                1,
                10,
                2,
                20,
                3,
                30);
    }

    @Test
    void aVarianceOfZeroDividesByTheLeastDeviation() {
        check(
                KERAS_3,
                """
                {"class_name": "Normalization", {, "axis": [1], "mean": [1, 2],
                 "variance": [0, 4]}}
                """,
                NONE,
                new float[] {1, 6},
                shape(1, 2),
                0,
                2);
    }
}
