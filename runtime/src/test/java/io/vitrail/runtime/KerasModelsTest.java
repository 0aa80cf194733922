package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Node;
import io.vitrail.testkit.Difference;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people ask of classifiers that Keras saved, through the front door. */
class KerasModelsTest {
    /** Rounding moves the path of a kink in deep networks: a wrong rule differs by 1. */
    private static final double FLIPPED_KINKS = 5e-2;

    @Test
    void reluOfThePreActivationsOfVgg19IsTheirActivationBitForBit() {
        ReferenceArrays coffee = SharedData.reference("keras/vgg19_notop/coffee.npz");
        Path file = SharedData.model("keras/vgg19_notop.h5");
        try (Vitrail vitrail = Vitrail.open();
                CountingModel model = new CountingModel(vitrail.load(file))) {
            Explained both =
                    vitrail.explain(model, coffee.get("input"))
                            .with("pre-activation")
                            .with("activation")
                            .layer("block2_conv2")
                            .layer("block5_conv4")
                            .runAll();

            assertThat(model.forward).containsExactly(1L);
            assertThat(model.backward).isEmpty();
            Attribution before = both.attributions().get("pre-activation");
            Attribution behind = both.attributions().get("activation");
            for (String layer : List.of("block2_conv2", "block5_conv4")) {
                float[] rectified = before.atLayer(layer).toFloats();
                int negative = 0;
                for (int i = 0; i < rectified.length; i++) {
                    negative += rectified[i] < 0 ? 1 : 0;
                    rectified[i] = Math.max(rectified[i], 0);
                }
                assertThat(negative).as("values that a ReLU changes").isPositive();
                assertThat(rectified).isEqualTo(behind.atLayer(layer).toFloats());
            }
            Values last = before.atLayer("block5_conv4");
            assertThat(Difference.max(last, coffee.get("pre/block5_conv4"))).isLessThan(1e-4);
        }
    }

    @Test
    void crossEntropyFlowsBackAsTheLossOfKeras() {
        ReferenceArrays dog = SharedData.reference("keras/seed_cnn/dog.npz");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(SharedData.model("keras/seed_cnn.h5"))) {
            Explained found =
                    vitrail.explain(model, dog.get("input"))
                            .with("gradient")
                            .with("guided-backprop")
                            .target("class:0")
                            .target("class:1")
                            .score(Score.CROSS_ENTROPY)
                            .runAll();

            // sparse_categorical_crossentropy of tf_keras, and the Euclidean norms of the quarters
            // top left, top right, bottom left and bottom right of its gradient in double
            Map<String, Values> maps = found.toNamedArrays();
            assertThat(found.scored().get(0).scores().get(0)).isEqualTo(7.4221, within(1e-3));
            assertThat(found.scored().get(1).scores().get(0)).isEqualTo(5.980e-4, within(1e-6));
            assertQuarters(maps.get("gradient@class:0"), 1.30428, 1.11395, 1.56981, 1.23668);
            assertQuarters(maps.get("guided-backprop@class:0"), 1.73304, 1.69855, .94781, 1.17322);
            assertQuarters(
                    maps.get("gradient@class:1"), 7.8029e-4, 6.6642e-4, 9.3913e-4, 7.3984e-4);
            // no unit in front of the softmax speaks against the class: there is nothing to keep
            assertThat(Quarters.norms(maps.get("guided-backprop@class:1")))
                    .containsExactly(0, 0, 0, 0);
            assertThat(found.warnings())
                    .singleElement()
                    .asString()
                    .contains("guided-backprop", "class:1");
        }
    }

    private static void assertQuarters(Values map, double... expected) {
        assertThat(Quarters.norms(map))
                .containsExactly(expected, within(FLIPPED_KINKS * expected[0]));
    }

    @Test
    void theSumOfALayerFlowsBackAsTapeGradientOfItsOutput() {
        ReferenceArrays dog = SharedData.reference("keras/resnet50/dog_layer_sum.npz");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(SharedData.model("keras/resnet50.keras"))) {
            Explained found =
                    vitrail.explain(model, dog.get("input"))
                            .with("gradient")
                            .with("guided-backprop")
                            .target("layer:conv5_block3_out")
                            .runAll();

            double sum = dog.get("score").get(0);
            assertThat(found.scored().get(0).scores().get(0)).isEqualTo(sum, within(1e-4 * sum));
            Map<String, Values> maps = found.toNamedArrays();
            assertThat(Difference.l2(maps.get("gradient"), dog.get("layer_sum_grad")))
                    .isLessThan(FLIPPED_KINKS);
            assertThat(Difference.l2(maps.get("guided-backprop"), dog.get("layer_sum_guided")))
                    .isLessThan(FLIPPED_KINKS);
            // 1 in front of the blocks, 3 in each of 16
            assertThat(found.attributions().get("guided-backprop").notes())
                    .containsEntry("rules", "49");
        }
    }

    /** Pairs written by one Keras, or by Keras 2 and Keras 3. */
    @ParameterizedTest
    @CsvSource({
        "tiny_darknet.h5, tiny_darknet.keras, tiny_darknet/dog.npz",
        "inception_small.h5, inception_small.keras, inception_small/giraffe.npz",
        "nested_k2.h5, nested.keras, nested/dog.npz",
    })
    void oneNetworkInTwoFilesIsOneGraphWithTheSameNumbers(
            String first, String second, String reference) {
        Values input = SharedData.reference("keras/" + reference).get("input");
        Seen one = see(first, input);
        Seen other = see(second, input);

        assertThat(other.nodes).isEqualTo(one.nodes);
        assertThat(other.arrays.keySet()).isEqualTo(one.arrays.keySet());
        one.arrays.forEach(
                (key, values) ->
                        assertThat(other.arrays.get(key).toFloats())
                                .as(key)
                                .isEqualTo(values.toFloats()));
    }

    private record Seen(List<List<Object>> nodes, Map<String, Values> arrays) {}

    private static Seen see(String file, Values input) {
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(SharedData.model("keras/" + file))) {
            Explained found =
                    vitrail.explain(model, input)
                            .with("gradient")
                            .with("guided-backprop")
                            .with("grad-cam")
                            .runAll();
            try (NDManager manager = model.newManager()) {
                NDList inputs =
                        new NDList(manager.create(input.toFloats(), new Shape(input.shape())));
                List<List<Object>> nodes =
                        model.layers(inputs).graph().nodes().stream()
                                .map(KerasModelsTest::withoutWeights)
                                .toList();
                return new Seen(nodes, found.toNamedArrays());
            }
        }
    }

    private static List<Object> withoutWeights(Node node) {
        return List.of(
                node.name(),
                node.operator(),
                node.inputs(),
                node.outputs(),
                List.copyOf(node.parameters().keySet()));
    }
}
