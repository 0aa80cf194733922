package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.render.Npz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Results that the system does not take any more: no file may grow beyond a limit, which the system
 * tells a process as it tells that a disk is full.
 */
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
    /** Blocks of 512 bytes in a shell. A gradient of the demo's network packs to 90 KB. */
    private static final int LIMIT = 120;

    @TempDir private Path folder;

    @Test
    void itSaysSoLeavesNoHalfFileAndGoesOnWhenThereIsRoom() throws Exception {
        Path out = folder.resolve("out");
        List<String> call =
                List.of(
                        "explain",
                        DemoModel.model(),
                        DemoModel.picture().toString(),
                        "-m",
                        "gradient",
                        "-o",
                        out.toString(),
                        "--resume");

        String full = run(call, 5, "ulimit -f " + LIMIT + "; ");

        assertThat(full)
                .contains(": cannot be written: file too large")
                .contains("do:  check the folder, its permissions and its space")
                .doesNotContain("\tat ");
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                assertThat(name).doesNotEndWith(".part").doesNotContain(".lock");
                if (name.endsWith(".npz")) {
                    assertThat(Npz.read(file)).isNotEmpty();
                } else if (name.endsWith(".png")) {
                    assertThat(ImageIO.read(file.toFile())).isNotNull();
                }
            }
        }
        assertThat(inputs(out)).isEmpty();

        run(call, 0, "");
        assertThat(inputs(out)).hasSize(1);
    }

    private static List<JsonElement> inputs(Path out) throws Exception {
        JsonObject record =
                JsonParser.parseString(Files.readString(out.resolve("vitrail.json")))
                        .getAsJsonObject();
        return record.getAsJsonArray("inputs").asList();
    }

    private String run(List<String> call, int code, String limit) throws Exception {
        List<String> command = new ArrayList<>();
        String words =
                OwnProcess.of(call.toArray(String[]::new)).command().stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
        command.addAll(List.of("sh", "-c", limit + "exec " + words));
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(command)
                        .redirectError(err.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor()).as(Files.readString(err)).isEqualTo(code);
        return Files.readString(err);
    }
}
