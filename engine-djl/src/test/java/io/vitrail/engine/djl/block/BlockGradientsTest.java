package io.vitrail.engine.djl.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gradients of recorded blocks, against DJL's own autograd and against numbers worked out by hand.
 */
class BlockGradientsTest {
    private static final Target SUM = outputs -> perItem(outputs.head());

    private static NDArray perItem(NDArray output) {
        NDArray flat = output.reshape(output.getShape().get(0), -1);
        return flat.sum(new int[] {1});
    }

    @ParameterizedTest
    @MethodSource("io.vitrail.engine.djl.block.BlockOutputsTest#blocks")
    void theGradientIsThatOfDjlsOwnAutograd(Supplier<Block> made, Shape shape) {
        try (Net net = Net.of(made.get(), shape)) {
            NDList inputs = net.inputs(3, 1);
            float[] found;
            try (Pass pass = net.model().run(Probe.atInput(), inputs)) {
                found = pass.gradient(SUM).toFloatArray();
            }

            float[] own = autograd(net, inputs.head().duplicate());

            float largest = 0;
            for (float one : own) {
                largest = Math.max(largest, Math.abs(one));
            }
            assertThat(found).containsExactly(own, within(1e-5f * largest));
            assertThat(largest).isPositive();
        }
    }

    private static float[] autograd(Net net, NDArray input) {
        input.setRequiresGradient(true);
        try (GradientCollector tape = Engine.getEngine("PyTorch").newGradientCollector()) {
            tape.backward(net.plain(new NDList(input)).head().sum());
        }
        return input.getGradient().toFloatArray();
    }

    /** DJL's own autograd stops at another type, which is no other function. */
    @ParameterizedTest
    @ValueSource(strings = {"PyTorch", "MXNet"})
    void gradientsFlowThroughOtherTypes(String engine) {
        Block square =
                LambdaBlock.singleton(
                        x ->
                                x.toType(DataType.FLOAT64, false)
                                        .square()
                                        .toType(DataType.FLOAT32, false));
        try (Net net = Net.on(engine, square, new Shape(1, 3))) {
            NDArray input = net.manager().create(new float[] {1, -2, 3}, new Shape(1, 3));
            try (Pass pass = net.model().run(Probe.atInput(), new NDList(input))) {
                assertThat(pass.gradient(SUM).toFloatArray()).containsExactly(2, -4, 6);
            }
        }
    }

    /** {@code -relu(x) + 2 relu(-x)}: weights 1, -1, then -1, 2. */
    private static Net tiny(SequentialBlock between) {
        SequentialBlock block =
                new SequentialBlock().add(Linear.builder().setUnits(2).optBias(false).build());
        block.add(between).add(Linear.builder().setUnits(1).optBias(false).build());
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
        block.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
        block.getParameters().get(0).getValue().getArray().set(new float[] {1, -1});
        block.getParameters().get(1).getValue().getArray().set(new float[] {-1, 2});
        return Net.of(block, manager, new Shape(1, 1));
    }

    @Test
    void guidedBackpropagationIsTheMapWorkedOutByHand() {
        List<SequentialBlock> rectifiers =
                List.of(
                        new SequentialBlock().add(Activation.reluBlock()),
                        new SequentialBlock().addSingleton(x -> x.maximum(0)),
                        new SequentialBlock().addSingleton(x -> Activation.relu6(x.div(1))));
        for (SequentialBlock rectifier : rectifiers) {
            try (Net net = tiny(rectifier)) {
                // at 3 the first unit is open: its gradient is -1, and guided backpropagation
                // stops it; at -3 the second one is: 2 comes through, and leaves by the weight -1
                assertThat(gradients(net, 3)).containsExactly(-1f, 0f);
                assertThat(gradients(net, -3)).containsExactly(-2f, -2f);
            }
        }
    }

    private static List<Float> gradients(Net net, float at) {
        NDList input = new NDList(net.manager().create(new float[] {at}, new Shape(1, 1)));
        Probe probe =
                Probe.atInput()
                        .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                        .differentiateAtInput("guided");
        try (Pass pass = net.model().run(probe, input)) {
            return List.of(pass.gradient(SUM).getFloat(), pass.gradient(SUM, "guided").getFloat());
        }
    }

    @Test
    void layersHaveTheNamesOfTheBlocksChildren() {
        try (Net net = Net.of(BlockOutputsTest.sequential(), new Shape(1, 3, 8, 8))) {
            assertThat(net.model().layers(net.inputs(1, 1)).names())
                    .containsExactly(
                            "01Conv2d",
                            "02BatchNorm",
                            "03LambdaBlock",
                            "04LambdaBlock",
                            "05LambdaBlock",
                            "07LambdaBlock",
                            "08Linear",
                            "06Dropout");
        }
        try (Net net = Net.of(BlockOutputsTest.parallel(), new Shape(1, 3, 8, 8))) {
            assertThat(net.model().layers(net.inputs(1, 1)).names())
                    .containsExactly(
                            "01Conv2d",
                            "02SequentialBlock.01Conv2d",
                            "02SequentialBlock.02LambdaBlock",
                            "add",
                            "02SequentialBlock");
        }
    }

    @Test
    void everyReluOfAResNetIsALayer() {
        Block resNet =
                ResNetV1.builder()
                        .setImageShape(new Shape(3, 32, 32))
                        .setNumLayers(50)
                        .setOutSize(10)
                        .build();
        try (Net net = Net.of(resNet, new Shape(1, 3, 32, 32))) {
            Layers layers = net.model().layers(net.inputs(1, 1));

            // three in each of 3 + 4 + 6 + 3 units; the stem for small pictures has none
            assertThat(layers.matching(Layer::isRectifier)).hasSize(48);
            // as many, one in the stem, four shortcuts and the head
            assertThat(layers.matching(Layer::isLinear)).hasSize(54);
            assertThat(layers.get("02ParallelBlock").kind()).isEqualTo("relu");
        }
    }
}
