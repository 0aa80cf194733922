package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, sent to a process. */
@EnabledOnOs(OS.LINUX)
class InterruptionTest {
    private static final int PICTURES = 4000;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void whatIsDoneIsRecordedAndNothingElseIsThere() throws Exception {
        assumeFalse(interruptsAreIgnored(), "this build ignores Ctrl-C, and so would its children");
        Path picture = Files.copy(DemoModel.picture(), folder.resolve("scene.png"));
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < PICTURES; i++) {
            Path link = folder.resolve("p" + i + ".png");
            Files.createLink(link, picture);
            names.append(link).append('\n');
        }
        Path list = Files.writeString(folder.resolve("all.txt"), names);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");

        Process process =
                OwnProcess.of(
                                "explain",
                                DemoModel.model(),
                                list.toString(),
                                "-o",
                                out.toString(),
                                "--batch",
                                "4")
                        .redirectError(err.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        waitForFiles(out, process);
        OwnProcess.interrupt(process);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(130);
        JsonObject record =
                JsonParser.parseString(Files.readString(out.resolve("vitrail.json")))
                        .getAsJsonObject();
        List<String> recorded =
                StreamSupport.stream(record.getAsJsonArray("inputs").spliterator(), false)
                        .map(JsonElement::getAsJsonObject)
                        .map(input -> input.get("arrays").getAsString())
                        .toList();
        assertThat(record.get("interrupted").getAsBoolean()).isTrue();
        assertThat(recorded).isNotEmpty().hasSizeLessThan(PICTURES);
        assertThat(files(out, ".npz")).containsExactlyInAnyOrderElementsOf(recorded);
        assertThat(files(out, ".png")).hasSameSizeAs(recorded);
        assertThat(files(out, ".part")).isEmpty();
        assertThat(Files.readString(err))
                .isEqualTo(
                        "vitrail: interrupted: "
                                + recorded.size()
                                + " of 4000 inputs are done, "
                                + out.resolve("vitrail.json")
                                + " lists them\n");
    }

    private static void waitForFiles(Path out, Process process) throws Exception {
        Instant end = Instant.now().plus(LONG_ENOUGH);
        while (!Files.isDirectory(out) || files(out, ".npz").size() < 8) {
            assertThat(process.isAlive()).isTrue();
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(20);
        }
    }

    private static List<String> files(Path out, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(Path::toString).filter(name -> name.endsWith(suffix)).toList();
        }
    }

    /** A shell's background job ignores them. */
    private static boolean interruptsAreIgnored() throws IOException {
        String ignored =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("0");
        return (Long.parseUnsignedLong(ignored, 16) & 2) != 0;
    }
}
