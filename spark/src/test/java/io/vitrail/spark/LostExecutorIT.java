package io.vitrail.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.runtime.Vitrail;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two executors, processes of their own, one of which is killed in the middle of a partition. */
class LostExecutorIT {
    private static final int PICTURES = 24;
    private static final int PARTITIONS = 4; // six pictures each, one a batch

    @TempDir private static Path folder;
    private static final Set<String> LOST = ConcurrentHashMap.newKeySet();
    private static SparkSession spark;
    private static Path model;
    private static List<Path> scenes;

    @BeforeAll
    static void start() throws IOException {
        String classPath = System.getProperty("java.class.path");
        linkJars(classPath);
        spark =
                LocalSpark.builder("local-cluster[2,1,512]")
                        .config("spark.executor.memory", "512m")
                        .config("spark.executor.extraClassPath", classPath)
                        .config(
                                "spark.executor.extraJavaOptions",
                                "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
                        .config("spark.executorEnv.OMP_NUM_THREADS", "1")
                        .config("spark.executorEnv.OPT_OUT_TRACKING", "true")
                        .getOrCreate();
        spark.sparkContext()
                .addSparkListener(
                        new SparkListener() {
                            @Override
                            public void onTaskEnd(SparkListenerTaskEnd end) {
                                if (end.reason() instanceof ExecutorLostFailure lost) {
                                    LOST.add(lost.execId());
                                }
                            }
                        });
        model = DemoPictures.model();
        scenes = DemoPictures.scenes(folder.resolve("scenes"), PICTURES);
    }

    /** A worker starts its executors from the jars of a Spark that is installed. */
    private static void linkJars(String classPath) throws IOException {
        Path jars = Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        for (String entry : classPath.split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (entry.endsWith(".jar")) {
                Path link = jars.resolve(jar.getFileName());
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, jar);
            }
        }
    }

    @AfterAll
    static void stop() {
        if (spark != null) {
            spark.stop();
        }
    }

    @Test
    @Timeout(300)
    void ofAnExecutorThatIsKilledNothingIsLostAndNothingDoubled() throws Exception {
        Path number = folder.resolve("killed");
        CompletableFuture<List<Row>> rows = CompletableFuture.supplyAsync(() -> explained(number));
        long executor = number(number, rows);
        assertThat(executor).isNotEqualTo(ProcessHandle.current().pid());

        ProcessHandle.of(executor).orElseThrow().destroyForcibly(); // SIGKILL

        isWhatOneProcessFinds(rows.get(200, TimeUnit.SECONDS));
    }

    private static List<Row> explained(Path number) {
        return SparkExplanation.of(model.toString())
                .ship(spark)
                .method("grad-cam")
                .method(Stalling.ID)
                .option("stalling.file", number.toString())
                .batch(1)
                .explain(LocalSpark.paths(spark, scenes, PARTITIONS))
                .collectAsList();
    }

    /** Wait for the number that the process to be killed leaves. */
    private static long number(Path file, CompletableFuture<?> job) throws Exception {
        while (!Files.exists(file) || !Files.readString(file).endsWith("\n")) {
            assertThat(job).isNotDone();
            Thread.sleep(20);
        }
        return Long.parseLong(Files.readString(file).strip());
    }

    private static void isWhatOneProcessFinds(List<Row> rows) {
        assertThat(LOST).as("executors that died with a task").isNotEmpty();
        assertThat(rows).hasSize(2 * PICTURES);
        Set<List<String>> seen = new HashSet<>();
        try (Vitrail vitrail = Vitrail.builder().threads(1).open();
                Model own = vitrail.load(model)) {
            for (Row row : rows) {
                String path = row.getAs("path");
                String method = row.getAs("method");
                assertThat(seen.add(List.of(path, method))).as("%s once", path).isTrue();
                String inOneProcess = method.equals(Stalling.ID) ? "gradient" : method;
                // both in one pass, as there: one way back to the layer rounds otherwise than one
                // that goes on to the input
                Values map =
                        vitrail.explain(own, Path.of(path))
                                .with("grad-cam")
                                .with("gradient")
                                .runAll()
                                .attributions()
                                .get(inOneProcess)
                                .values();
                List<Float> values = row.getList(row.fieldIndex("map"));
                assertThat(values).hasSize(map.size());
                for (int i = 0; i < map.size(); i++) {
                    assertThat(values.get(i)).isEqualTo((float) map.get(i));
                }
            }
        }
        assertThat(seen).hasSize(2 * PICTURES);
    }
}
