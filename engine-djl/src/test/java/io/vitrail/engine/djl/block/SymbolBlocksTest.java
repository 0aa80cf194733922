package io.vitrail.engine.djl.block;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.vitrail.api.Layer;
import io.vitrail.engine.djl.TorchScriptWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code relu(x W + b)} with W = (2 0; 0 -1), b = (1, 1), as a TorchScript module that DJL loaded.
 */
class SymbolBlocksTest {
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = Engine.getEngine("PyTorch").newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Block module() throws IOException {
        TorchScriptWriter.Module linear =
                new TorchScriptWriter.Module(
                        "Linear",
                        Map.of(
                                "weight",
                                new TorchScriptWriter.Tensor(new float[] {2, 0, 0, -1}, 2, 2)),
                        Map.of("bias", new TorchScriptWriter.Tensor(new float[] {1, 1}, 2)),
                        Map.of(),
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          weight = self.weight
                          bias = self.bias
                          return torch.relu(torch.linear(x, weight, bias))
                        """);
        TorchScriptWriter.Module net =
                new TorchScriptWriter.Module(
                        "Net",
                        Map.of(),
                        Map.of(),
                        new LinkedHashMap<>(Map.of("fc", linear)),
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          fc = self.fc
                          return (fc).forward(x, )
                        """);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TorchScriptWriter.write(net, "net", bytes);
        return JniUtils.loadModule(
                (PtNDManager) manager, new ByteArrayInputStream(bytes.toByteArray()), true, false);
    }

    private NDList input() {
        return new NDList(manager.create(new float[] {3, 4, -1, -5}, new Shape(2, 2)));
    }

    @Test
    void aModuleThatDjlLoadedIsReadAsItsFile() throws IOException {
        try (Net net = Net.of(module(), manager, new Shape(2, 2))) {
            assertThat(net.run(input())).containsExactly(7, 0, 0, 6);
            assertThat(net.model().format()).isEqualTo("torchscript");
            assertThat(net.model().layers(input()).names()).containsExactly("fc.linear", "fc");
            assertThat(net.plain(input()).head().toFloatArray()).containsExactly(7, 0, 0, 6);
        }
    }

    @Test
    void aModuleAmongBlocksIsPartOfTheirGraph() throws IOException {
        Block block =
                new SequentialBlock()
                        .add(LambdaBlock.singleton(x -> x.mul(2)))
                        .add(module())
                        .add(LambdaBlock.singleton(x -> x.sub(1)));
        try (Net net = Net.of(block, manager, new Shape(2, 2))) {
            // (6, 8) and (-2, -10): (13, 0) and (0, 11)
            assertThat(net.run(input())).containsExactly(12, -1, -1, 10);
            assertThat(net.model().layers(input()).matching(Layer::isRectifier))
                    .extracting(Layer::name)
                    .containsExactly("02PtSymbolBlock.fc");
            assertThat(net.model().layers(input()).names())
                    .contains("01LambdaBlock", "02PtSymbolBlock.fc.linear", "03LambdaBlock");
        }
    }
}
