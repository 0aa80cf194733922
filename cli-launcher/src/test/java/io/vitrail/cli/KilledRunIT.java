package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.demo.Scenes;
import io.vitrail.render.NpyArray;
import io.vitrail.render.ZarrStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is killed ten times at random moments, and resumed each time.
 *
 * <p>{@code -Dvitrail.kill.pictures=500} makes it longer, {@code -Dvitrail.kill.seed=N} takes other
 * moments.
 */
@EnabledOnOs(OS.LINUX)
class KilledRunIT {
    private static final int KILLS = 10;
    private static final int PICTURES = Integer.getInteger("vitrail.kill.pictures", 60);
    private static final long SEED = Long.getLong("vitrail.kill.seed", 9);
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(5);

    @TempDir private Path folder;

    @Test
    void inTheEndEveryItemIsThereOnceAndEqualToThatOfAnUninterruptedRun() throws Exception {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (int i = 0; i < PICTURES; i++) {
            ImageIO.write(Scenes.scene(i).image(), "png", photos.resolve(i + ".png").toFile());
        }
        Path killed = folder.resolve("killed");
        Random random = new Random(SEED);
        int share = Math.max(1, PICTURES / KILLS);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = start(photos, killed);
            waitFor(written(killed) + random.nextInt(share), killed, process);
            Thread.sleep(random.nextInt(50));
            process.destroyForcibly(); // SIGKILL
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        Path whole = folder.resolve("whole");

        assertThat(start(photos, killed).waitFor()).isZero();
        assertThat(start(photos, whole).waitFor()).isZero();

        assertThat(names(killed)).isEqualTo(names(whole)).hasSize(2 * PICTURES + 1);
        for (String name : names(whole)) {
            if (!name.endsWith(".json")) {
                assertThat(killed.resolve(name)).hasSameBinaryContentAs(whole.resolve(name));
            }
        }
        assertThat(inputs(killed)).isEqualTo(inputs(whole));
        assertThat(stored(killed)).isEqualTo(stored(whole)).hasSize(PICTURES);
        assertThat(scores(killed)).isEqualTo(scores(whole)).hasSize(PICTURES + 1);
    }

    /** Return the arrays of each item of the store. */
    private static Map<String, Map<String, NpyArray>> stored(Path out) {
        Map<String, Map<String, NpyArray>> items = new TreeMap<>();
        try (ZarrStore store = ZarrStore.open(out.resolve("vitrail.zarr"))) {
            for (int row = 0; row < store.rows(); row++) {
                Map<String, NpyArray> arrays = new TreeMap<>();
                for (String key : store.keys()) {
                    arrays.put(key, store.read(key, row).orElseThrow());
                }
                assertThat(items.put(store.text("name", row), arrays)).isNull();
            }
        }
        return items;
    }

    /** Return the lines of the table of scores, without the seconds. */
    private static List<String> scores(Path out) throws IOException {
        return Files.readAllLines(out.resolve("summary/scores.csv")).stream()
                .map(line -> line.replaceFirst(",[^,]*(,[^,]*,[^,]*)$", "$1"))
                .toList();
    }

    private Process start(Path photos, Path out) throws IOException {
        return OwnProcess.of(
                        "explain",
                        DemoModel.model(),
                        photos.toString(),
                        "-o",
                        out.toString(),
                        "--save",
                        "png,npz,zarr,json",
                        "--summary",
                        "--resume")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private void waitFor(int count, Path out, Process process) throws Exception {
        Instant end = Instant.now().plus(LONG_ENOUGH);
        while (written(out) < count && process.isAlive()) {
            assertThat(Instant.now()).as(Files.readString(folder.resolve("err"))).isBefore(end);
            Thread.sleep(5);
        }
    }

    private static int written(Path out) throws IOException {
        return Files.isDirectory(out)
                ? (int) names(out).stream().filter(name -> name.endsWith(".npz")).count()
                : 0;
    }

    private static List<String> names(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /** Return what the record says of each input, but how long it took and where its files lie. */
    private static List<String> inputs(Path out) throws IOException {
        JsonObject record =
                JsonParser.parseString(Files.readString(out.resolve("vitrail.json")))
                        .getAsJsonObject();
        JsonArray inputs = record.getAsJsonArray("inputs");
        List<String> said = new ArrayList<>();
        for (JsonElement input : inputs) {
            input.getAsJsonObject().remove("seconds");
            said.add(input.toString().replace(out.toString(), "OUT"));
        }
        assertThat(record.getAsJsonArray("failed")).isEmpty();
        assertThat(said).doesNotHaveDuplicates().hasSize(PICTURES);
        return said;
    }

    /** The demo's own pictures are all different, or equal results would show nothing. */
    @Test
    void thePicturesDiffer() {
        assertThat(Arrays.equals(Scenes.scene(1).input(), Scenes.scene(2).input())).isFalse();
    }
}
