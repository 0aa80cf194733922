package io.vitrail.engine.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.vitrail.api.Engine;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.engine.djl.TorchScriptWriter.Module;
import io.vitrail.engine.djl.TorchScriptWriter.Tensor;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import io.vitrail.engine.djl.torchscript.TorchScriptFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An archive of {@code relu(x W + b)} with W = (2 0; 0 -1), b = (1, 1): of (3, 4) that is (7, 0).
 */
class TorchScriptWriterTest {
    @TempDir Path folder;

    private static Module network() {
        Module linear =
                new Module(
                        "Linear",
                        Map.of("weight", new Tensor(new float[] {2, 0, 0, -1}, 2, 2)),
                        Map.of("bias", new Tensor(new float[] {1, 1}, 2)),
                        Map.of(),
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          weight = self.weight
                          bias = self.bias
                          return torch.linear(x, weight, bias)
                        """);
        Module relu =
                Module.of(
                        "ReLU",
                        "def forward(self: SELF, x: Tensor) -> Tensor:\n  return torch.relu(x)");
        return new Module(
                "Net",
                Map.of(),
                Map.of(),
                new java.util.LinkedHashMap<>(Map.of("0", linear, "act", relu)),
                """
                def forward(self: SELF, x: Tensor) -> Tensor:
                  _0 = getattr(self, "0")
                  act = self.act
                  return (act).forward((_0).forward(x, ), )
                """);
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TorchScriptWriter.write(network(), "net", bytes);
        return bytes.toByteArray();
    }

    @Test
    void libtorchLoadsAndRunsTheArchive() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(null, "PyTorch");
                PtSymbolBlock block =
                        JniUtils.loadModule(
                                (PtNDManager) manager,
                                new ByteArrayInputStream(archive()),
                                true,
                                false)) {
            NDArray x = manager.create(new float[] {3, 4}, new Shape(1, 2));
            assertThat(IValueUtils.forward(block, new NDList(x), false).head().toFloatArray())
                    .containsExactly(7, 0);
        }
    }

    @Test
    void vitrailReadsItWithTheNamesThatItsUserTypes() throws IOException {
        Path file = Files.write(folder.resolve("net.pt"), archive());
        try (Model model =
                        new PyTorchEngine()
                                .load(
                                        new TorchScriptFormat().open(file),
                                        Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            NDList x = new NDList(manager.create(new float[] {3, 4}, new Shape(1, 2)));
            assertThat(model.layers(x)).extracting(Layer::name).containsExactly("0", "act");
            try (Pass pass = model.run(Probe.outputsOnly(), x)) {
                assertThat(pass.outputs().head().toFloatArray()).containsExactly(7, 0);
            }
        }
    }

    @Test
    void equalModulesGiveEqualBytes() throws IOException {
        assertThat(archive()).isEqualTo(archive());
    }
}
