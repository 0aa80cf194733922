package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.engine.djl.TorchScriptWriter;
import io.vitrail.engine.djl.torchscript.TorchScriptFormat;
import io.vitrail.testkit.TinyNetworks;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Memory that Java lends to libtorch outlives every tensor that reads it.
 *
 * <p>Each case collects garbage and writes over what was freed at the worst moment.
 */
class LifetimeTest {
    private static final int ROUNDS = 10;

    @TempDir Path folder;
    private final List<ByteBuffer> written = new ArrayList<>(); // kept, so that it stays written

    /** Free what nobody in Java can reach, and write other numbers where it was. */
    private void collect() {
        for (int i = 0; i < 2; i++) { // what was found the first time is freed by the second
            ReferenceQueue<Object> queue = new ReferenceQueue<>();
            PhantomReference<Object> gone = new PhantomReference<>(new Object(), queue);
            System.gc();
            try {
                assertThat(queue.remove(10_000)).isSameAs(gone);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        written.clear();
        for (int bytes : new int[] {4, 8, 12, 16}) {
            for (int i = 0; i < 250; i++) {
                ByteBuffer memory = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
                while (memory.hasRemaining()) {
                    memory.putFloat(-1e30f);
                }
                written.add(memory);
            }
        }
    }

    private static Model load(GraphSource source) {
        return TorchBackend.load(source, Device.cpu(), false, NativeCalls.DIRECT);
    }

    /** Three numbers, the score the sum of their squares: the gradient is twice the input. */
    private GraphSource squares() {
        TorchScriptWriter.Module net =
                TorchScriptWriter.Module.of(
                        "Net",
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          y = torch.relu(torch.mul(x, x))
                          return torch.sum(y, [1], True)
                        """);
        Path file = folder.resolve("squares.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            TorchScriptWriter.write(net, "net", out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new TorchScriptFormat().open(file);
    }

    private static NDList three(NDManager manager) {
        return new NDList(manager.create(new float[] {1, 2, 3}, new Shape(1, 3)));
    }

    private static final Target FIRST = outputs -> outputs.head().get(":, 0");

    /** What a target's function may do with arrays that it makes itself: -2 times a score. */
    private UnaryOperator<NDArray> doubledAndTurned(String way) {
        return switch (way) {
            case "numbers" -> score -> score.mul(-1).mul(2);
            case "closed arrays" ->
                    score -> {
                        try (NDArray factor = score.getManager().create(new float[] {-2})) {
                            return score.mul(factor);
                        }
                    };
            case "a manager of its own" ->
                    score -> {
                        try (NDManager own = score.getManager().newSubManager()) {
                            NDArray turned = score.mul(own.create(new float[] {-2}));
                            turned.attach(score.getManager());
                            return turned;
                        }
                    };
            case "a scope of its own" ->
                    score -> {
                        try (NDScope scope = new NDScope()) {
                            scope.suppressNotUsedWarning();
                            NDArray turned = score.mul(score.getManager().create(new float[] {-2}));
                            NDScope.unregister(turned);
                            return turned;
                        }
                    };
            default -> throw new AssertionError(way);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"numbers", "closed arrays", "a manager of its own", "a scope of its own"})
    void whatATargetMakesLivesUntilItIsDifferentiated(String way) {
        UnaryOperator<NDArray> made = doubledAndTurned(way);
        Target target =
                outputs -> {
                    NDArray score = made.apply(FIRST.score(outputs));
                    collect();
                    return score;
                };
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.create(new float[] {0, 100, 0}, new Shape(1, 3)));
            for (int round = 0; round < ROUNDS; round++) {
                try (Pass pass = model.run(Probe.atInput(), inputs)) {
                    // four rows of ones, all open
                    assertThat(pass.gradient(target).toFloatArray()).containsExactly(-8, -8, -8);
                    assertThat(pass.score(target).toFloatArray()).containsExactly(-784);
                }
            }
        }
    }

    @Test
    void aScoreMadeInJavaLivesAsLongAsThePass() {
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = three(manager);
            NDManager lent = model.newManager();
            Target constant = outputs -> lent.create(new float[] {7});
            try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
                NDArray score = pass.score(constant);
                lent.close();
                collect();
                assertThat(score.toFloatArray()).containsExactly(7);
            }
        }
    }

    @Test
    void aCallerMayCloseWhatWasFedOnceThePassIsOpen() {
        try (Model model = load(squares())) {
            for (int round = 0; round < ROUNDS; round++) {
                NDManager manager = model.newManager();
                try (Pass pass = model.run(Probe.atInput(), three(manager))) {
                    manager.close();
                    collect();
                    assertThat(pass.inputs().head().toFloatArray()).containsExactly(1, 2, 3);
                    assertThat(pass.gradient(FIRST).toFloatArray()).containsExactly(2, 4, 6);
                }
            }
        }
    }

    @Test
    void aCallerMayWriteToWhatWasFedOnceThePassIsOpen() {
        try (Model model = load(squares());
                NDManager manager = model.newManager()) {
            NDList inputs = three(manager);
            try (Pass pass = model.run(Probe.atInput(), inputs)) {
                inputs.head().muli(100);
                assertThat(pass.gradient(FIRST).toFloatArray()).containsExactly(2, 4, 6);
            }
        }
    }

    @Test
    void aReplacementLivesAsLongAsThePass() {
        try (Model model = load(squares());
                NDManager manager = model.newManager()) {
            NDList inputs = three(manager);
            Layer product = model.layers(inputs).get("mul");
            for (int round = 0; round < ROUNDS; round++) {
                NDManager lent = model.newManager();
                Probe probe =
                        Probe.keeping(List.of(product)).replace(product, x -> three(lent).head());
                try (Pass pass = model.run(probe, inputs)) {
                    lent.close();
                    collect();
                    assertThat(pass.output(product).toFloatArray()).containsExactly(1, 2, 3);
                }
            }
        }
    }

    @Test
    void aGradientThatARuleMakesLivesAsLongAsThePass() {
        BackwardRule constant = step -> three(step.gradient().getManager()).head();
        try (Model model = load(squares());
                NDManager manager = model.newManager()) {
            NDList inputs = three(manager);
            Layer product = model.layers(inputs).get("mul");
            Probe probe =
                    Probe.outputsOnly()
                            .rule("r", Layer::isRectifier, constant)
                            .differentiateAt("r", List.of(product));
            for (int round = 0; round < ROUNDS; round++) {
                try (Pass pass = model.run(probe, inputs)) {
                    NDArray gradient = pass.gradient(FIRST, product, "r");
                    collect();
                    assertThat(gradient.toFloatArray()).containsExactly(1, 2, 3);
                }
            }
        }
    }

    @Test
    void weightsOutliveTheScopeThatAnExplanationRunsIn() {
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.create(new float[] {0, 100, 0}, new Shape(1, 3)));
            for (int round = 0; round < 2; round++) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    try (Pass pass = model.run(Probe.atInput(), inputs)) {
                        assertThat(pass.gradient(FIRST).toFloatArray()).containsExactly(4, 4, 4);
                    }
                }
            }
        }
    }

    @Test
    void aScopeAroundAnExplanationStillClosesWhatATargetMakes() {
        List<NDArray> made = new ArrayList<>();
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.create(new float[] {0, 100, 0}, new Shape(1, 3)));
            Target target =
                    outputs -> {
                        made.add(manager.create(new float[] {3}));
                        return FIRST.score(outputs).mul(made.get(0));
                    };
            try (Pass pass = model.run(Probe.atInput(), inputs)) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    pass.score(target);
                    assertThat(((PtNDArray) made.get(0)).isReleased()).isFalse();
                }
                assertThat(((PtNDArray) made.get(0)).isReleased()).isTrue();
            }
        }
    }
}
