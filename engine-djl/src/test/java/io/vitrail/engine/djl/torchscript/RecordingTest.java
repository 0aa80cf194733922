package io.vitrail.engine.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a model's code computes, by hand, on the input {@code 1, -2, 3, 4} of shape {@code (1, 4)}.
 */
class RecordingTest {
    private static final Target SUM = outputs -> outputs.head().sum(new int[] {1});

    @TempDir Path folder;

    private void run(String body, BiConsumer<Model, NDList> check) {
        Path file = TestArchive.forward(body).write(folder);
        try (Model model =
                        new PyTorchEngine()
                                .load(
                                        new TorchScriptFormat().open(file),
                                        Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            NDArray x = manager.create(new float[] {1, -2, 3, 4}, new Shape(1, 4));
            check.accept(model, new NDList(x));
        }
    }

    private void outputAndGradient(String body, float[] output, float[] gradient) {
        run(
                body,
                (model, inputs) -> {
                    try (Pass pass = model.run(Probe.atInput(), inputs)) {
                        assertThat(pass.outputs().head().toFloatArray()).containsExactly(output);
                        assertThat(pass.gradient(SUM).toFloatArray()).containsExactly(gradient);
                    }
                });
    }

    private static float[] of(float... values) {
        return values;
    }

    @Test
    void aWriteThroughASliceReachesItsBase() {
        outputAndGradient(
                """
                y = torch.add(x, x)
                v = torch.slice(y, 1, 0, 2)
                _0 = torch.mul_(v, 10)
                return y
                """,
                of(20, -40, 6, 8),
                of(20, 20, 2, 2));
    }

    @Test
    void aViewSeesWhatIsWrittenToItsBaseLater() {
        outputAndGradient(
                """
                y = torch.mul(x, 2)
                v = torch.view(y, [2, 2])
                _0 = torch.relu_(y)
                return torch.add(v, 1)
                """,
                of(3, 1, 7, 9),
                of(2, 0, 2, 2));
    }

    @Test
    void whoeverSharesATensorSeesTheRectifiedOne() {
        outputAndGradient(
                """
                y = torch.mul(x, 3)
                z = torch.relu_(y)
                return torch.add(y, z)
                """,
                of(6, 0, 18, 24),
                of(6, 0, 6, 6));
    }

    @Test
    void aLoopOverTheShapeIsWrittenOut() {
        outputAndGradient(
                """
                y = x
                for i in range(torch.size(x, 1)):
                  y = torch.mul(y, 2)
                return y
                """,
                of(16, -32, 48, 64),
                of(16, 16, 16, 16));
    }

    @Test
    void aBranchOnValuesIsTakenAnewForEachInput() {
        run(
                """
                if bool(torch.gt(torch.sum(x), 0)):
                  y = torch.mul(x, 2)
                else:
                  y = torch.mul(x, 5)
                return y
                """,
                (model, inputs) -> {
                    NDList negative = new NDList(inputs.head().neg());
                    try (Pass up = model.run(Probe.outputsOnly(), inputs);
                            Pass down = model.run(Probe.outputsOnly(), negative)) {
                        assertThat(up.outputs().head().toFloatArray()).containsExactly(2, -4, 6, 8);
                        assertThat(down.outputs().head().toFloatArray())
                                .containsExactly(-5, 10, -15, -20);
                        assertThat(up.layers().graph().readsValues()).isTrue();
                    }
                });
    }

    @Test
    void evaluationModeRunsWhateverTheFileSays() {
        outputAndGradient(
                """
                if self.training:
                  y = torch.mul(x, 100)
                else:
                  y = torch.dropout(x, 0.5, True)
                return torch.mul(y, 2)
                """,
                of(2, -4, 6, 8),
                of(2, 2, 2, 2));
    }

    @Test
    void everyUseOfAFunctionIsALayerOfItsOwn() {
        run(
                """
                y = torch.relu(x)
                z = torch.relu_(torch.neg(y))
                w = torch.clamp(z, 0)
                return torch.hardtanh(w, 0., 6.)
                """,
                (model, inputs) ->
                        assertThat(model.layers(inputs))
                                .extracting(Layer::name)
                                .containsExactly("relu", "neg", "relu#2", "clamp", "relu6"));
    }

    @Test
    void severalTensorsOfOneOperatorAreOneNode() {
        outputAndGradient(
                """
                a, b, = torch.chunk(x, 2, 1)
                return torch.sub(a, b)
                """,
                of(-2, -6),
                of(1, 1, -1, -1));
    }

    @Test
    void randomNumbersAreRefusedWithTheirPlace() {
        run(
                "return torch.add(x, torch.rand([1, 4]))",
                (model, inputs) ->
                        assertThatThrownBy(() -> model.layers(inputs))
                                .isInstanceOf(VitrailException.class)
                                .hasMessageContaining("net.pt")
                                .hasMessageContaining("code/__torch__.py, line 7")
                                .hasMessageContaining("random"));
    }

    @Test
    void anInputThatTheNetworkCannotTakeIsTheInputsFault() {
        run(
                "return torch.matmul(x, torch.view(x, [2, 2]))",
                (model, inputs) ->
                        assertThatThrownBy(() -> model.layers(inputs))
                                .isInstanceOf(VitrailException.class)
                                .hasMessageContaining("does not run on inputs of (1, 4) float32")
                                .hasMessageContaining("cannot be multiplied"));
    }

    @Test
    void dictionariesAndTuplesComeOutInOrder() {
        run(
                "return {\"b\": x, \"a\": (torch.neg(x), torch.add(x, 1))}",
                (model, inputs) ->
                        assertThat(model.layers(inputs).graph().outputs())
                                .extracting(output -> output.name())
                                .isEqualTo(List.of("b", "a.0", "a.1")));
    }
}
