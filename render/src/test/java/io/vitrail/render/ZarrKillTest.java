package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that puts items into a store is killed again and again. */
class ZarrKillTest {
    private static final int SIZE = 3000; // 12 KB: a file has 349 rows
    private static final int SAVED = 3;

    @TempDir Path folder;

    /** Puts item after item, says the number of those that are committed, and never ends. */
    public static void main(String[] arguments) {
        try (ZarrStore store = ZarrStore.open(Path.of(arguments[0]))) {
            for (int n = store.rows(); ; n++) {
                store.put("item " + n, Map.of("map", map(n)), Map.of("label", "label " + n));
                if (n % SAVED == 0) {
                    store.commit();
                    System.out.println(n + 1);
                }
            }
        }
    }

    private static NpyArray map(int n) {
        float[] values = new float[SIZE];
        Arrays.fill(values, n);
        return NpyArray.of(Values.of(values, Axes.NONE, 1, SIZE));
    }

    @Test
    void whatWasCommittedOutlivesAnyKill() throws Exception {
        Path root = folder.resolve("store");
        Random random = new Random(9);
        int before = 0;
        for (int kill = 0; kill < 4; kill++) {
            Path said = folder.resolve("said-" + kill);
            Process process = start(root, said);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (Files.size(said) == 0 && System.nanoTime() < deadline) {
                Thread.sleep(5);
            }
            Thread.sleep(random.nextInt(200));
            process.destroyForcibly().waitFor();

            try (ZarrStore store = ZarrStore.open(root)) {
                List<String> lines = Files.readAllLines(said);
                int committed = Integer.parseInt(lines.get(lines.size() - 1));
                // it may be killed between its commit and its word
                assertThat(store.rows()).isBetween(committed, committed + SAVED);
                assertThat(store.rows()).isGreaterThan(before);
                before = store.rows();
                for (int row = 0; row < before; row++) {
                    assertThat(store.text("name", row)).isEqualTo("item " + row);
                    assertThat(store.text("label", row)).isEqualTo("label " + row);
                    assertThat(store.read("map", row)).contains(map(row).withAxes(CHANNELS));
                }
            }
        }
    }

    private static final Axes CHANNELS = Axes.channelsFirst(2); // as arrays are read

    private static Process start(Path root, Path said) throws Exception {
        String classPath =
                String.join(
                        File.pathSeparator,
                        Stream.of("jdk.module.path", "java.class.path")
                                .map(key -> System.getProperty(key, ""))
                                .filter(path -> !path.isEmpty())
                                .toList());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        classPath,
                        ZarrKillTest.class.getName(),
                        root.toString())
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
