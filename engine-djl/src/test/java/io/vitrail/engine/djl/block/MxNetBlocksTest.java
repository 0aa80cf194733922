package io.vitrail.engine.djl.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.vitrail.api.Layer;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.SharedData;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same recorder on MXNet. */
class MxNetBlocksTest {
    @ParameterizedTest
    @MethodSource("io.vitrail.engine.djl.block.BlockOutputsTest#blocksOfBothEngines")
    void outputsAreTheBlocksOwnAndGradientsThoseOfPyTorch(Supplier<Block> made, Shape shape) {
        try (Net torch = Net.of(made.get(), shape);
                Net net = withTheWeightsOf(torch, made.get(), shape)) {
            NDList inputs = net.inputs(1, 1);
            float[] own = net.plain(inputs).head().toFloatArray();

            assertThat(net.run(inputs)).containsExactly(own, within(1e-5f * largest(own)));

            float[] wanted = gradient(torch, torch.inputs(1, 1));
            assertThat(gradient(net, inputs))
                    .containsExactly(wanted, within(1e-4f * largest(wanted)));
            assertThat(net.plain(inputs).head().toFloatArray()).containsExactly(own);
        }
    }

    @ParameterizedTest
    @MethodSource("io.vitrail.engine.djl.block.BlockOutputsTest#blocksOfBothEngines")
    void outputsAreTheBlocksOwnOnBatchesOfAnySize(Supplier<Block> made, Shape shape) {
        try (Net net = Net.on("MXNet", made.get(), shape)) {
            for (int batches : new int[] {1, 2, 4}) { // recorded, recorded, made from both
                NDList inputs = net.inputs(batches, batches);
                float[] own = net.plain(inputs).head().toFloatArray();

                assertThat(net.run(inputs)).containsExactly(own, within(1e-5f * largest(own)));
            }
        }
    }

    static Stream<Arguments> blocksOfItsOwn() {
        return Stream.concat(
                BlockOutputsTest.blocksOfTheirOwnOnEach(),
                Stream.of(
                        BlockOutputsTest.of(
                                "LSTM both ways",
                                () ->
                                        LSTM.builder()
                                                .setStateSize(4)
                                                .setNumLayers(1)
                                                .optBidirectional(true)
                                                .build(),
                                new Shape(2, 5, 3)),
                        BlockOutputsTest.of(
                                "GRU, time first",
                                () ->
                                        GRU.builder()
                                                .setStateSize(4)
                                                .setNumLayers(2)
                                                .optBatchFirst(false)
                                                .build(),
                                new Shape(5, 2, 3))));
    }

    @ParameterizedTest
    @MethodSource("blocksOfItsOwn")
    void gradientsAreThoseOfDjlsOwnAutograd(Supplier<Block> made, Shape shape) {
        try (Net net = Net.on("MXNet", made.get(), shape)) {
            NDList inputs = net.inputs(3, 1);
            float[] own = net.plain(inputs).head().toFloatArray();
            float[] wanted = autograd(net, inputs.head().duplicate());

            assertThat(net.run(inputs)).containsExactly(own, within(1e-5f * largest(own)));
            assertThat(gradient(net, inputs))
                    .containsExactly(wanted, within(1e-5f * largest(wanted)));
        }
    }

    private static float[] autograd(Net net, NDArray input) {
        input.setRequiresGradient(true);
        try (GradientCollector tape = Engine.getEngine("MXNet").newGradientCollector()) {
            ParameterStore store = new ParameterStore(net.manager(), false);
            tape.backward(net.block().forward(store, new NDList(input), true).head().sum());
        }
        return input.getGradient().toFloatArray();
    }

    private static Net withTheWeightsOf(Net torch, Block block, Shape shape) {
        NDManager manager = Engine.getEngine("MXNet").newBaseManager();
        block.initialize(manager, DataType.FLOAT32, shape);
        for (int i = 0; i < block.getParameters().size(); i++) {
            NDArray from = torch.block().getParameters().get(i).getValue().getArray();
            block.getParameters().get(i).getValue().getArray().set(from.toFloatArray());
        }
        return Net.of(block, manager, shape);
    }

    private static float largest(float[] numbers) {
        float largest = 0;
        for (float one : numbers) {
            largest = Math.max(largest, Math.abs(one));
        }
        assertThat(largest).isPositive();
        return largest;
    }

    private static float[] gradient(Net net, NDList inputs) {
        try (Pass pass = net.model().run(Probe.atInput(), inputs)) {
            return pass.gradient(
                            out -> {
                                long items = out.head().getShape().get(0);
                                return out.head().reshape(items, -1).sum(new int[] {1});
                            })
                    .toFloatArray();
        }
    }

    @Test
    void aSymbolThatDjlLoadedIsReadAsItsFile() throws Exception {
        Path symbol = SharedData.model("mxnet/cifar10_resnet20-symbol.json");
        try (ai.djl.Model model = ai.djl.Model.newInstance("cifar10_resnet20", "MXNet")) {
            model.load(symbol.getParent(), "cifar10_resnet20");
            Shape shape = new Shape(1, 3, 32, 32);
            try (Net net = Net.of(model.getBlock(), model.getNDManager(), shape)) {
                NDList inputs = net.inputs(1, 1);
                float[] own = net.plain(inputs).head().toFloatArray();

                assertThat(net.run(inputs)).containsExactly(own, within(1e-5f * largest(own)));
                assertThat(net.model().layers(inputs).matching(Layer::isRectifier)).hasSize(19);
            }
        }
    }
}
