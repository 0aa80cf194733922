package io.vitrail.engine.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.engine.djl.TorchScriptWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage archives in thousands of ways: each is read and recorded, or refused by a {@link
 * VitrailException}, soon, and nothing else.
 *
 * <p>{@code -Dvitrail.fuzz=N} sets how many, {@code -Dvitrail.fuzz.seed=S} where to begin. A
 * failure names its seed and keeps the file as {@code target/fuzz-SEED.pt}.
 */
class ArchiveFuzzTest {
    private static final int DEADLINE = 30; // seconds for one file, on a busy machine
    private static final int MAX_FAILURES = 20; // enough to see what is wrong
    private static final long LARGE = 300_000; // a real file beyond that is read too slowly

    private final TorchScriptFormat format = new TorchScriptFormat();
    private final ExecutorService thread = Executors.newCachedThreadPool();

    @TempDir Path folder;

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    /** An archive, and inputs that it takes. */
    private record Specimen(String name, byte[] archive, List<Shape> inputs, DataType type) {}

    @Test
    void everyDamagedArchiveIsReadOrRefused() throws Exception {
        int count = Integer.getInteger("vitrail.fuzz", 3000);
        long first = Long.getLong("vitrail.fuzz.seed", 1);
        List<Specimen> specimens = specimens();
        Path file = folder.resolve("damaged.pt");
        Map<String, Integer> outcomes = new TreeMap<>();
        List<AssertionError> failures = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            Specimen specimen = specimens.get(random.nextInt(specimens.size()));
            byte[] damaged = Mutation.of(specimen.archive(), random);
            Files.write(file, damaged);
            Files.write(Path.of("target", "fuzz-running.pt"), damaged); // stays after a crash
            String outcome;
            try {
                outcome = within(() -> read(file, specimen));
            } catch (Throwable e) {
                Files.write(Path.of("target", "fuzz-" + seed + ".pt"), damaged);
                failures.add(
                        new AssertionError("seed " + seed + ", " + specimen.name() + ": " + e, e));
                outcome = e instanceof TimeoutException ? "hung" : "failed";
            }
            if (failures.size() == MAX_FAILURES || outcome.equals("hung")) {
                break;
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
        if (!failures.isEmpty()) {
            AssertionError failure = failures.get(0);
            failures.subList(1, failures.size()).forEach(failure::addSuppressed);
            throw failure;
        }
        assertThat(outcomes).as("what became of them").containsKeys("recorded", "refused", "MODEL");
        assertThat(Path.of("PWNED")).doesNotExist();
    }

    private interface Work {
        String run() throws Exception;
    }

    private String within(Work work) throws Throwable {
        Future<String> result = thread.submit(work::run);
        try {
            return result.get(DEADLINE, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause();
        }
    }

    private String read(Path file, Specimen specimen) {
        GraphSource source;
        try {
            source = format.open(file);
        } catch (VitrailException e) {
            assertThat(e).hasMessageContaining("damaged.pt");
            return "refused";
        }
        try (source;
                NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            source.inputs().forEach(port -> assertThat(port.name()).isNotNull());
            NDList inputs = new NDList();
            for (Shape shape : specimen.inputs()) {
                inputs.add(manager.ones(shape, specimen.type()));
            }
            Graph graph = source.graph(inputs);
            assertThat(graph.outputs()).isNotEmpty();
            return "recorded";
        } catch (VitrailException e) {
            assertThat(e).hasMessageContaining("damaged.pt");
            return e.kind().toString();
        }
    }

    private List<Specimen> specimens() throws IOException {
        List<Specimen> all = new ArrayList<>();
        List<Shape> row = List.of(new Shape(1, 4));
        for (String body :
                List.of(
                        """
                        y = torch.mul(x, 2)
                        v = torch.view(y, [2, 2])
                        _0 = torch.relu_(v)
                        return torch.slice(y, 1, 0, 3)
                        """,
                        """
                        s = torch.size(x, 1)
                        z = annotate(List[Tensor], [])
                        for i in range(s):
                          _0 = torch.append(z, torch.add(x, i))
                        w = torch.stack(torch.mul(z, 2), 0)
                        return torch.sum(w, [0, 1])
                        """,
                        """
                        n = 0
                        y = x
                        while torch.lt(n, 3):
                          n = torch.add(n, 1)
                          y = torch.constant_pad_nd(y, [1, 1], 0.5)
                        a, b, = torch.chunk(y, 2, 1)
                        if bool(torch.gt(torch.sum(a), 0)):
                          y = torch.cat([a, torch.zeros([1, 2])], 1)
                        else:
                          y = torch.expand(torch.sum(b), [4, 4])
                        return {"a": y, "b": (torch.flatten(y, 0, -1), torch.format("{}", n)),
                            "c": torch.arange(0, 8, 2, dtype=6)}
                        """,
                        """
                        e = torch.reshape(x, [1, 1, 2, 2])
                        u = torch.upsample_nearest2d(e, [4, 4], None)
                        p = torch.max_pool2d(u, [2, 2], [2, 2], [0, 0], [1, 1], False)
                        q = torch.avg_pool2d(u, [2, 2], [2, 2], [0, 0], False, True, None)
                        g = torch.gelu(torch.add(p, q), approximate="tanh")
                        r = torch.repeat(g, [1, 2, 1, 1])
                        t = torch.permute(r, [0, 2, 3, 1])
                        return torch.softmax(torch.layer_norm(t, [2]), -1)
                        """)) {
            all.add(
                    new Specimen(
                            "code " + all.size(),
                            TestArchive.forward(body).zip(),
                            row,
                            DataType.FLOAT32));
        }
        all.add(
                new Specimen(
                        "network", network(), List.of(new Shape(1, 2, 6, 6)), DataType.FLOAT32));
        addShared(all);
        return all;
    }

    /** Modules, weights, batch norm, two kinds of convolution, an embedding. */
    private static byte[] network() throws IOException {
        float[] w = new float[3 * 2 * 3 * 3];
        for (int i = 0; i < w.length; i++) {
            w[i] = i % 5 - 2;
        }
        Map<String, TorchScriptWriter.Tensor> norm = new LinkedHashMap<>();
        for (String name : List.of("mean", "variance", "scale", "shift")) {
            norm.put(name, new TorchScriptWriter.Tensor(new float[] {1, 2, 3}, 3));
        }
        TorchScriptWriter.Module block =
                new TorchScriptWriter.Module(
                        "Block",
                        Map.of("weight", new TorchScriptWriter.Tensor(w, 3, 2, 3, 3)),
                        norm,
                        Map.of(),
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          c = torch._convolution(x, self.weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, False, False, True, True)
                          b = torch.batch_norm(c, self.scale, self.shift, self.mean, self.variance, False, 0.1, 1.0e-05, True)
                          return torch.relu_(b)
                        """);
        TorchScriptWriter.Module net =
                new TorchScriptWriter.Module(
                        "Net",
                        Map.of(
                                "up", new TorchScriptWriter.Tensor(w, 3, 2, 3, 3),
                                "table",
                                        new TorchScriptWriter.Tensor(
                                                new float[] {1, 2, 3, 4}, 2, 2)),
                        Map.of(),
                        Map.of("0", block),
                        """
                        def forward(self: SELF, x: Tensor) -> Tensor:
                          y = (getattr(self, "0")).forward(x)
                          z = torch.conv_transpose2d(y, self.up, None, [2, 2], [1, 1], [0, 0], 1, [1, 1])
                          i = torch.to(torch.gt(z, 0.), 4)
                          e = torch.embedding(self.table, i)
                          m = torch.matmul(torch.adaptive_avg_pool2d(z, [2, 2]), self.table)
                          return torch.linear(torch.flatten(m, 2), torch.ones([3, 4]))
                        """);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TorchScriptWriter.write(net, "net", out);
        return out.toByteArray();
    }

    /** Small real files, where the reference data are there. */
    private static void addShared(List<Specimen> all) throws IOException {
        Path models =
                Path.of(
                        System.getProperty("vitrail.shared", "absent"),
                        "data",
                        "models",
                        "torchscript");
        Map<String, List<Shape>> inputs = new LinkedHashMap<>();
        List<Shape> picture = List.of(new Shape(2, 3, 16, 16));
        for (String name :
                List.of(
                        "functional_relu_scripted",
                        "control_flow_scripted",
                        "inplace_alias_traced",
                        "dict_output_scripted",
                        "known_m1_frozen",
                        "reused_relu_traced",
                        "half_scripted")) {
            inputs.put("odd/" + name + ".pt", picture);
        }
        for (Map.Entry<String, List<Shape>> each : inputs.entrySet()) {
            Path file = models.resolve(each.getKey());
            if (Files.exists(file) && Files.size(file) < LARGE) {
                DataType type =
                        each.getKey().contains("half") ? DataType.FLOAT16 : DataType.FLOAT32;
                List<Shape> shapes =
                        each.getKey().contains("m1")
                                ? List.of(new Shape(1, 1, 4, 4))
                                : each.getValue();
                all.add(new Specimen(each.getKey(), Files.readAllBytes(file), shapes, type));
            }
        }
    }
}
