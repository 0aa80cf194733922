package io.vitrail.engine.djl.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
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
    static Stream<Arguments> blocks() {
        return Stream.concat(
                BlockOutputsTest.blocksOfBothEngines(),
                Stream.of(
                        BlockOutputsTest.of(
                                "lambdas", MxNetBlocksTest::lambdas, new Shape(2, 3, 8, 8))));
    }

    private static Block lambdas() {
        return new SequentialBlock()
                .addSingleton(x -> x.get("..., ::2").concat(x.get("..., 1::2"), 3))
                .addSingleton(x -> x.get(":, 1:").concat(x, 1))
                .addSingleton(x -> x.div(3).pow(2).sub(x.sum(new int[] {1}, true)))
                .addSingleton(x -> NDArrays.where(x.gt(0.1), x.neg(), x.square()));
    }

    @ParameterizedTest
    @MethodSource("blocks")
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
        long items = inputs.head().getShape().get(0);
        try (Pass pass = net.model().run(Probe.atInput(), inputs)) {
            return pass.gradient(out -> out.head().reshape(items, -1).sum(new int[] {1}))
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
