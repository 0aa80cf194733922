package io.vitrail.engine.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.graph.Graph;
import io.vitrail.engine.djl.plan.SymbolicBatch;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two recordings at different batch sizes, and what follows for a third. */
class SymbolicBatchTest {
    private static final String RESHAPED =
            """
            n = torch.size(x, 0)
            y = torch.view(torch.mul(x, 2), [torch.mul(n, 2), 2])
            return torch.view(torch.relu(y), [n, 4])
            """;

    @TempDir Path folder;

    private GraphSource source(String body) {
        return new TorchScriptFormat().open(TestArchive.forward(body).write(folder));
    }

    private static Graph graph(GraphSource source, NDManager manager, int batch) {
        return source.graph(new NDList(manager.ones(new Shape(batch, 4))));
    }

    @Test
    void sizesThatAreMultiplesOfTheBatchFollowIt() {
        try (GraphSource source = source(RESHAPED);
                NDManager manager = NDManager.newBaseManager(null, "PyTorch")) {
            Graph two = graph(source, manager, 2);
            Graph three = graph(source, manager, 3);
            SymbolicBatch symbolic = SymbolicBatch.of(two, 2, three, 3).orElseThrow();
            assertThat(symbolic.at(7)).isEqualTo(graph(source, manager, 7));
            assertThat(symbolic.at(7)).isNotEqualTo(three);
        }
    }

    @Test
    void aGraphThatDependsOnTheBatchOtherwiseHasNoSymbolicForm() {
        String body = "n = torch.size(x, 0)\nreturn torch.add(x, torch.mul(n, n))\n";
        try (GraphSource source = source(body);
                NDManager manager = NDManager.newBaseManager(null, "PyTorch")) {
            assertThat(SymbolicBatch.of(graph(source, manager, 2), 2, graph(source, manager, 3), 3))
                    .isEmpty();
        }
    }

    @Test
    void aModelGivesEveryBatchSizeItsOwnResult() {
        try (Model model = new PyTorchEngine().load(source(RESHAPED), Engine.Settings.defaults());
                NDManager manager = model.newManager()) {
            for (int batch : new int[] {2, 3, 5, 1, 4}) {
                NDArray x = manager.arange(batch * 4f).reshape(batch, 4).sub(3);
                try (Pass pass = model.run(Probe.outputsOnly(), new NDList(x))) {
                    float[] in = x.toFloatArray();
                    float[] out = pass.outputs().head().toFloatArray();
                    for (int i = 0; i < in.length; i++) {
                        assertThat(out[i]).isEqualTo(Math.max(0, 2 * in[i]));
                    }
                    assertThat(pass.outputs().head().getShape()).isEqualTo(new Shape(batch, 4));
                    assertThat(pass.layers().get("relu").shape())
                            .isEqualTo(new Shape(2 * batch, 2));
                }
            }
        }
    }
}
