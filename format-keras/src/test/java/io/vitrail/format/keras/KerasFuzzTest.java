package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import io.vitrail.testkit.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage real files in thousands of ways: each is read with all of its weights, or refused by a
 * {@link VitrailException}, soon, and nothing else.
 *
 * <p>{@code -Dvitrail.fuzz=N} sets how many, {@code -Dvitrail.fuzz.seed=S} where to begin. A
 * failure names its seed and keeps the file as {@code target/fuzz-SEED}.
 */
class KerasFuzzTest {
    private static final int DEADLINE = 30; // seconds for one file, on a busy machine
    private static final int MAX_FAILURES = 20; // enough to see what is wrong
    private static final long MOST_INPUT = 1 << 20; // elements; a damaged shape may ask for more
    private static final List<String> SPECIMENS =
            List.of(
                    "nested.h5",
                    "nested.keras",
                    "nested_k2.h5",
                    "nested_k2.keras",
                    "nested_k2_gzip.h5",
                    "nested_k2_latest.h5",
                    "nested_k2_latest_gzip.h5",
                    "nested_deflated.keras",
                    "shared_layer.h5",
                    "shared_layer_dict.keras",
                    "layer_zoo_1d_k2.h5",
                    "layer_zoo_pool.keras",
                    "layer_zoo_merge.h5");

    private final ExecutorService thread = Executors.newCachedThreadPool();

    @TempDir Path folder;

    @AfterEach
    void stop() {
        thread.shutdownNow();
    }

    @Test
    void everyDamagedFileIsReadOrRefused() throws Exception {
        int count = Integer.getInteger("vitrail.fuzz", 3000);
        long first = Long.getLong("vitrail.fuzz.seed", 1);
        List<byte[]> specimens = new ArrayList<>();
        for (String name : SPECIMENS) {
            specimens.add(Files.readAllBytes(SharedData.model("keras/" + name)));
        }
        Map<String, Integer> outcomes = new TreeMap<>();
        List<AssertionError> failures = new ArrayList<>();
        for (long seed = first; seed < first + count; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            int specimen = random.nextInt(specimens.size());
            byte[] damaged = Mutation.of(specimens.get(specimen), random);
            Path file = Files.write(folder.resolve("damaged.h5"), damaged);
            Files.write(Path.of("target", "fuzz-running"), damaged); // stays after a crash
            String outcome;
            try {
                outcome = within(() -> read(file));
            } catch (Throwable e) {
                Files.write(Path.of("target", "fuzz-" + seed), damaged);
                failures.add(
                        new AssertionError(
                                "seed " + seed + ", " + SPECIMENS.get(specimen) + ": " + e, e));
                outcome = e instanceof TimeoutException ? "hung" : "failed";
            }
            Files.delete(file); // the next one is another file; this one may still be mapped
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
        assertThat(outcomes).as("what became of them").containsKeys("read", "refused");
    }

    private interface Work {
        String run() throws Exception;
    }

    private String within(Work work) throws Throwable {
        Future<String> result = thread.submit(work::run);
        try {
            return result.get(DEADLINE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static String read(Path file) {
        try (GraphSource source = new KerasFormat().open(file);
                NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            NDList inputs = new NDList();
            for (Graph.Port port : source.inputs()) {
                long[] sizes = port.type().shape().getShape().clone();
                double elements = 1;
                for (int i = 0; i < sizes.length; i++) {
                    sizes[i] = sizes[i] < 0 ? 2 : sizes[i];
                    elements *= sizes[i];
                }
                if (elements > MOST_INPUT) {
                    return "large";
                }
                inputs.add(manager.ones(new Shape(sizes), port.type().type()));
            }
            Graph graph = source.graph(inputs);
            graph.nodes()
                    .forEach(
                            node ->
                                    node.parameters()
                                            .values()
                                            .forEach(p -> assertThat(p.bytes()).isNotNull()));
            return "read";
        } catch (VitrailException e) {
            assertThat(e).hasMessageContaining("damaged.h5");
            assertThat(e.kind()).isIn(VitrailException.Kind.MODEL, VitrailException.Kind.INPUT);
            return "refused";
        }
    }
}
