package io.vitrail.engine.djl.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a recorded block computes is what the block computes, on any batch. */
class BlockOutputsTest {

    private static final Shape THREE = new Shape(3, 3);
    private static final Shape ONE = new Shape(1, 1);

    static Stream<Arguments> blocks() {
        return Stream.concat(blocksOfBothEngines(), blocksOfTheirOwnOnEach());
    }

    /**
     * What DJL computes in another way on each engine: whether padding counts, and in which order
     * the weights of several layers are read.
     */
    static Stream<Arguments> blocksOfTheirOwnOnEach() {
        return Stream.of(
                of(
                        "pool with padding",
                        () ->
                                LambdaBlock.singleton(
                                        x ->
                                                Pool.avgPool2d(x, THREE, ONE, ONE, false, false)
                                                        .square()),
                        new Shape(2, 3, 8, 8)),
                of(
                        "LSTM of two layers",
                        () ->
                                LSTM.builder()
                                        .setStateSize(4)
                                        .setNumLayers(2)
                                        .optReturnState(false)
                                        .build(),
                        new Shape(2, 5, 3)));
    }

    static Stream<Arguments> blocksOfBothEngines() {
        return Stream.of(
                of("sequential", BlockOutputsTest::sequential, new Shape(2, 3, 8, 8)),
                of("parallel", BlockOutputsTest::parallel, new Shape(2, 3, 8, 8)),
                of("lambdas", BlockOutputsTest::lambdas, new Shape(2, 3, 8, 8)),
                of("arrangements", BlockOutputsTest::arrangements, new Shape(2, 3, 8, 8)),
                of("positions", BlockOutputsTest::positions, new Shape(2, 3, 8, 8)),
                of(
                        "ResNetV1",
                        () ->
                                ResNetV1.builder()
                                        .setImageShape(new Shape(3, 32, 32))
                                        .setNumLayers(18)
                                        .setOutSize(10)
                                        .build(),
                        new Shape(2, 3, 32, 32)),
                of(
                        "MobileNetV2",
                        () -> MobileNetV2.builder().setOutSize(10).build(),
                        new Shape(2, 3, 32, 32)),
                of(
                        "TransformerEncoder",
                        () -> new TransformerEncoderBlock(8, 2, 16, 0.1f, Activation::gelu),
                        new Shape(2, 5, 8)),
                of(
                        "LSTM",
                        () -> LSTM.builder().setStateSize(4).setNumLayers(1).build(),
                        new Shape(2, 5, 3)),
                of(
                        "GRU",
                        () ->
                                GRU.builder()
                                        .setStateSize(4)
                                        .setNumLayers(1)
                                        .optReturnState(true)
                                        .build(),
                        new Shape(2, 5, 3)),
                of("RNN of tanh", () -> rnn(RNN.Activation.TANH), new Shape(2, 5, 3)),
                of("RNN of relu", () -> rnn(RNN.Activation.RELU), new Shape(2, 5, 3)),
                of("last step", BlockOutputsTest::lastStep, new Shape(2, 5, 3)));
    }

    private static Block rnn(RNN.Activation activation) {
        return RNN.builder().setStateSize(4).setNumLayers(1).setActivation(activation).build();
    }

    /** A classifier of sequences, as people build it. */
    private static Block lastStep() {
        return new SequentialBlock()
                .add(LSTM.builder().setStateSize(4).setNumLayers(1).build())
                .addSingleton(x -> x.get(":, -1, :"))
                .add(Linear.builder().setUnits(3).build());
    }

    static Arguments of(String name, Supplier<Block> block, Shape shape) {
        return Arguments.of(Named.of(name, block), shape);
    }

    static Block sequential() {
        return new SequentialBlock()
                .add(Conv2d.builder().setFilters(4).setKernelShape(new Shape(3, 3)).build())
                .add(BatchNorm.builder().build())
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                .add(
                        Pool.avgPool2dBlock(
                                new Shape(2, 2), new Shape(1, 1), new Shape(1, 1), false, true))
                .add(Dropout.builder().optRate(0.5f).build())
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(5).build());
    }

    static Block parallel() {
        return new ParallelBlock(
                branches ->
                        new NDList(NDArrays.add(branches.get(0).head(), branches.get(1).head())),
                List.of(
                        Conv2d.builder().setFilters(2).setKernelShape(new Shape(1, 1)).build(),
                        new SequentialBlock()
                                .add(
                                        Conv2d.builder()
                                                .setFilters(2)
                                                .setKernelShape(new Shape(3, 3))
                                                .optPadding(new Shape(1, 1))
                                                .build())
                                .add(Activation::relu)));
    }

    /** A little of everything that people write into lambdas. */
    static Block lambdas() {
        return new SequentialBlock()
                .addSingleton(x -> x.mul(2).addi(1).sub(x.max(new int[] {1}, true)))
                .addSingleton(x -> x.get(":, 1:").concat(x.get("..., ::2").repeat(3, 2), 1))
                .addSingleton(x -> Activation.relu6(x.mul(5)))
                .addSingleton(
                        x -> {
                            try (NDArray closed = x.getNDArrayInternal().swish(1)) {
                                return closed.add(x.getManager().ones(x.getShape()));
                            }
                        })
                .addSingleton(x -> NDArrays.where(x.gt(2), x.neg(), x.square()))
                .addSingleton(x -> x.expandDims(2).squeeze(2).transpose(0, 2, 3, 1).swapAxes(1, 2))
                .addSingleton(x -> x.getNDArrayInternal().rsub(3).div(1.5).softmax(-1).log())
                .addSingleton(x -> NDArrays.stack(new NDList(x, x.tanh()), 1).sum(new int[] {1}))
                .addSingleton(x -> x.split(2, 1).get(1).neg().maximum(0).reshape(-1, 4 * 8))
                .addSingleton(x -> x.matMul(x.transpose(1, 0)).mean(new int[] {1}, true));
    }

    /** What moves elements about, and functions of one number. */
    static Block arrangements() {
        return new SequentialBlock()
                .addSingleton(x -> x.flip(3, 1).cumSum(3).tile(new long[] {1, 1, 2, 1}))
                .addSingleton(x -> x.get(":, :, 0:1").broadcast(x.getShape()).add(x))
                .addSingleton(x -> x.tanh().asin().add(x.sinh().atan()).sub(x.cos()))
                .addSingleton(x -> x.mul(x.floor()).add(x.ceil()).sub(x.trunc().mul(0.1)))
                .addSingleton(x -> x.reshape(-1, 16, 8))
                .addSingleton(x -> x.matMul(x.swapAxes(1, 2)));
    }

    /** Single positions and other types. */
    static Block positions() {
        return new SequentialBlock()
                .addSingleton(x -> x.get(":, 1").expandDims(1).concat(x, 1))
                .addSingleton(x -> x.mul(x.gt(0.2).toType(x.getDataType(), false)))
                .addSingleton(x -> x.add(x.get(":, :, 2:3, -1").expandDims(3)))
                .addSingleton(x -> x.repeat(1, 2).sub(x.square().get(":, 0:1")))
                .addSingleton(x -> x.split(new long[] {1, 4}, 1).get(1));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void theModelComputesWhatTheBlockComputesOnBatchesOfAnySize(Supplier<Block> made, Shape shape) {
        try (Net net = Net.of(made.get(), shape)) {
            for (int batches : new int[] {1, 2, 4}) { // recorded, recorded, made from both
                NDList inputs = net.inputs(batches, batches);
                float[] own = net.plain(inputs).head().toFloatArray();

                float[] found = net.run(inputs);

                float largest = 0;
                for (float one : own) {
                    largest = Math.max(largest, Math.abs(one));
                }
                // the same operations in the same order; matrix products round by where in memory
                // their operands happen to stand
                assertThat(found).containsExactly(own, within(2e-6f * largest));
                assertThat(largest).isPositive();
            }
        }
    }

    @Test
    void convolutionsPoolsAndRectifiersComputeToTheLastBit() {
        try (Net net = Net.of(sequential(), new Shape(2, 3, 8, 8))) {
            NDList inputs = net.inputs(1, 1);

            assertThat(net.run(inputs)).containsExactly(net.plain(inputs).head().toFloatArray());
        }
    }

    @Test
    void blocksWithSeveralInputsAndOutputsKeepTheirOrder() {
        Block block =
                new LambdaBlock(
                        in -> new NDList(in.get(0).sub(in.get(1)), in.get(1).mul(in.get(0))));
        try (Net net = Net.of(block, new Shape(2, 3), new Shape(2, 3))) {
            NDList inputs = net.inputs(1, 1);
            float[] a = inputs.get(0).toFloatArray();
            float[] b = inputs.get(1).toFloatArray();
            try (Pass pass = net.model().run(Probe.outputsOnly(), inputs)) {
                for (int i = 0; i < a.length; i++) {
                    assertThat(pass.outputs().get(0).toFloatArray()[i]).isEqualTo(a[i] - b[i]);
                    assertThat(pass.outputs().get(1).toFloatArray()[i]).isEqualTo(b[i] * a[i]);
                }
            }
        }
    }

    @Test
    void aBlockThatBranchesOnNumbersIsRecordedForEachInput() {
        Block block = LambdaBlock.singleton(x -> x.sum().getFloat() > 0 ? x.mul(2) : x.mul(3));
        try (Net net = Net.of(block, new Shape(1, 2))) {
            NDManager manager = net.manager();

            assertThat(net.run(new NDList(manager.create(new float[] {1, 2}, new Shape(1, 2)))))
                    .containsExactly(2, 4);
            assertThat(net.run(new NDList(manager.create(new float[] {-1, -2}, new Shape(1, 2)))))
                    .containsExactly(-3, -6);
        }
    }
}
