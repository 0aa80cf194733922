package io.vitrail.engine.djl.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.util.Pair;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.TestModels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The block is its owner's: untouched, and refused where its graph would be another one. */
class OwnersBlockTest {

    private static List<Object> state(Block block) {
        List<Object> state = new ArrayList<>();
        for (Pair<String, Parameter> parameter : block.getParameters()) {
            NDArray array = parameter.getValue().getArray();
            state.add(array.isReleased());
            state.add(array.hasGradient());
            state.add(List.of(array.toArray()));
            state.add(array.hasGradient() ? List.of(array.getGradient().toArray()) : List.of());
        }
        return state;
    }

    @Test
    void weightsFlagsAndGradientsStayAsTheyAre() {
        try (Net net = Net.of(BlockOutputsTest.sequential(), new Shape(2, 3, 8, 8))) {
            NDList inputs = net.inputs(1, 1);
            List<Object> before = state(net.block());
            int arrays = net.manager().getManagedArrays().size();
            float[] plain = net.plain(inputs).head().toFloatArray();
            try (Pass pass = net.model().run(Probe.atInput(), inputs)) {
                pass.gradient(outputs -> outputs.head().sum(new int[] {1})).toFloatArray();

                assertThat(net.plain(inputs).head().toFloatArray()).containsExactly(plain);
            }
            assertThat(state(net.block())).isEqualTo(before);
            net.model().close();
            assertThat(net.plain(inputs).head().toFloatArray()).containsExactly(plain);
            assertThat(state(net.block())).isEqualTo(before);
            // the three plain runs leave what they computed, gradients that were looked at too
            assertThat(net.manager().getManagedArrays().size() - arrays).isLessThan(80);
        }
    }

    @Test
    void aWeightThatIsTrainedOnIsSeenWithoutLoadingAgain() {
        try (Net net = Net.of(new SequentialBlock().add(linear()), new Shape(1, 1))) {
            NDArray weight = net.block().getParameters().get(0).getValue().getArray();
            NDList one = new NDList(net.manager().ones(new Shape(1, 1)));
            float before = weight.getFloat(0, 0);
            assertThat(net.run(one)).containsExactly(before);

            try (NDArray step = weight.stopGradient()) {
                step.muli(3);
            }

            assertThat(net.run(one)).containsExactly(3 * before);
        }
    }

    @Test
    void aKernelThatIsTrainedOnIsSeenWithoutLoadingAgain() {
        Block convolution =
                Conv2d.builder()
                        .setFilters(1)
                        .setKernelShape(new Shape(1, 1))
                        .optBias(false)
                        .build();
        Shape pixel = new Shape(1, 1, 1, 1);
        try (Net net = Net.of(new SequentialBlock().add(convolution), pixel)) {
            NDArray weight = net.block().getParameters().get(0).getValue().getArray();
            NDList one = new NDList(net.manager().ones(pixel));
            float before = weight.getFloat(0, 0, 0, 0);
            assertThat(net.run(one)).containsExactly(before);

            try (NDArray step = weight.stopGradient()) {
                step.muli(3);
            }

            assertThat(net.run(one)).containsExactly(3 * before);
        }
    }

    private static Block linear() {
        return Linear.builder().setUnits(1).optBias(false).build();
    }

    @Test
    void theBlockMayBeClosedBeforeTheModel() {
        try (Net net = Net.of(new SequentialBlock().add(linear()), new Shape(1, 1));
                NDManager own = Engine.getEngine("PyTorch").newBaseManager()) {
            // memory that Java lends: only the array that is closed holds it
            NDArray weight = net.block().getParameters().get(0).getValue().getArray();
            weight.set(new float[] {5});
            try (Model model =
                    TestModels.load(new DjlBlocks().open(net.block(), "lent", List.of(), ""))) {
                net.manager().close();
                System.gc();
                NDList input = new NDList(own.ones(new Shape(1, 1)));
                try (Pass pass = model.run(Probe.outputsOnly(), input)) {
                    assertThat(pass.outputs().head().toFloatArray()).containsExactly(5);
                }
            }
        }
    }

    @Test
    void recordingLeavesNothingBehind() {
        NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
        try (Net net = Net.of(BlockOutputsTest.parallel(), new Shape(2, 3, 8, 8))) {
            NDList inputs = net.inputs(1, 1);
            int users = net.manager().getManagedArrays().size();
            GraphSource source =
                    new BlockSource(net.block(), "net", net.shapes(), new TorchDialect(), manager);
            source.graph(inputs);
            int after = manager.getManagedArrays().size();

            for (int i = 0; i < 5; i++) {
                source.graph(inputs);
            }

            assertThat(manager.getManagedArrays()).hasSize(after);
            assertThat(net.manager().getManagedArrays()).hasSize(users);
            source.close();
            assertThat(manager.isOpen()).isFalse();
        }
    }

    private static void refused(Block block, String... said) {
        try (Net net = Net.of(block, new Shape(2, 3))) {
            assertThatThrownBy(() -> net.run(net.inputs(1, 1)))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageStartingWith("net: the block cannot be explained: ")
                    .hasMessageContainingAll(said)
                    .extracting(e -> ((VitrailException) e).kind())
                    .isEqualTo(VitrailException.Kind.MODEL);
        }
    }

    @Test
    void anOperationOnAnArrayOfTheBlocksOwnIsNoticed() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            NDArray raw = manager.create(new float[] {1, 2, 3});
            refused(
                    LambdaBlock.singleton(x -> raw.mul(x)),
                    "the operation is lost",
                    "OwnersBlockTest.java",
                    "input.mul(weight)");
            refused(
                    LambdaBlock.singleton(x -> raw.broadcast(2, 3).concat(x, 1)),
                    "the operation is lost");
        }
    }

    @Test
    void anArrayOfTheBlocksOwnAsAnArgumentIsAConstant() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            NDArray raw = manager.create(new float[] {1, 2, 3});
            try (Net net = Net.of(LambdaBlock.singleton(x -> x.mul(raw)), new Shape(1, 3))) {
                NDList ones = new NDList(net.manager().ones(new Shape(1, 3)));
                assertThat(net.run(ones)).containsExactly(1, 2, 3);
            }
        }
    }

    @Test
    void writingThroughAViewIsNoticed() {
        refused(
                LambdaBlock.singleton(
                        x -> {
                            NDArray copy = x.duplicate();
                            copy.get(":, 0").addi(5);
                            return copy;
                        }),
                "differs by 5.00",
                "write to no view");
    }

    @Test
    void randomNumbersAreRefused() {
        refused(
                LambdaBlock.singleton(x -> x.add(x.getManager().randomNormal(x.getShape()))),
                "draws random numbers");
        float[] count = {0};
        refused(LambdaBlock.singleton(x -> x.add(count[0]++)), "something else each time");
    }

    @Test
    void whatHasNoFormInAGraphIsRefusedByName() {
        refused(
                LambdaBlock.singleton(
                        x -> {
                            x.set(new ai.djl.ndarray.index.NDIndex(0), 1);
                            return x;
                        }),
                "writes into a part",
                "concat");
        refused(LambdaBlock.singleton(NDArray::nonzero), "calls nonzero");
    }

    @Test
    void aBlockThatIsNotInitialisedIsRefused() {
        Block block = new SequentialBlock().add(linear());

        assertThatThrownBy(() -> new DjlBlocks().open(block, "fresh", List.of(), ""))
                .isInstanceOf(VitrailException.class)
                .hasMessageContainingAll("fresh", "01Linear.weight", "block.initialize");
    }
}
