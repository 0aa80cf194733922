package io.vitrail.engine.djl.torchscript;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.ModelFormat;
import io.vitrail.engine.djl.TorchScriptWriter;
import io.vitrail.testkit.FormatContract;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class TorchScriptFormatContractTest extends FormatContract {
    @Override
    protected ModelFormat format() {
        return new TorchScriptFormat();
    }

    @Override
    protected Path write(Path folder) throws IOException {
        TorchScriptWriter.Module net =
                new TorchScriptWriter.Module(
                        "Net",
                        Map.of("weight", new TorchScriptWriter.Tensor(new float[] {1, 2, 3}, 1, 3)),
                        Map.of(),
                        Map.of(),
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          return torch.linear(torch.relu(x), self.weight)
                        """);
        Path file = folder.resolve("net.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            TorchScriptWriter.write(net, "net", out);
        }
        return file;
    }

    @Override
    protected NDList inputs(NDManager manager) {
        return new NDList(manager.ones(new Shape(2, 3)));
    }
}
