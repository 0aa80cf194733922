package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Results that cannot be written. */
class UnwrittenTest {
    private final String picture = DemoModel.picture().toString();

    @TempDir private Path folder;

    @Test
    void aFileBelowWhichTheFolderWouldLieIsAWrongCall() throws IOException {
        Path file = Files.writeString(folder.resolve("afile"), "x");

        Captured below =
                Captured.run("explain", DemoModel.model(), picture, "-o", file + "/deep/er");
        Captured demo = Captured.run("demo", "-o", file.toString());

        assertThat(below.code()).isEqualTo(2);
        assertThat(below.err())
                .isEqualTo(
                        "vitrail: -o " + file + "/deep/er: " + file + " is a file, not a folder\n");
        assertThat(demo.code()).isEqualTo(2);
        assertThat(demo.err()).isEqualTo("vitrail: -o " + file + ": a file, not a folder\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderThatNobodyMayWriteIsAWrongCall() {
        // even for root
        Captured call = Captured.run("explain", DemoModel.model(), picture, "-o", "/proc/heat");

        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err())
                .startsWith("vitrail: -o /proc/heat: this folder cannot be written: ")
                .endsWith("\n  do:  name another, or check its permissions\n");
    }

    @Test
    void aResultThatCannotBeWrittenEndsTheRunWithARecordOfTheOthers() throws IOException {
        Path second = Files.copy(DemoModel.picture(), folder.resolve("b.png"));
        Path third = Files.copy(DemoModel.picture(), folder.resolve("c.png"));
        Path first = Files.copy(DemoModel.picture(), folder.resolve("a.png"));
        Path out = folder.resolve("out");
        Files.createDirectories(out.resolve("b.npz/in the way"));

        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        first.toString(),
                        second.toString(),
                        third.toString(),
                        "-o",
                        out.toString());

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err())
                .startsWith("vitrail: " + out.resolve("b.npz") + ": cannot be written: ")
                .endsWith("\n  do:  check the folder, its permissions and its space\n")
                .doesNotContain("Exception");
        JsonObject record =
                JsonParser.parseString(Files.readString(out.resolve("vitrail.json")))
                        .getAsJsonObject();
        // whether c was written when b failed is a matter of time; it is there and listed, or
        // neither
        List<String> listed =
                record.getAsJsonArray("inputs").asList().stream()
                        .map(input -> input.getAsJsonObject().get("arrays").getAsString())
                        .toList();
        assertThat(listed)
                .contains(out.resolve("a.npz").toString())
                .doesNotContain(out.resolve("b.npz").toString());
        assertThat(listed.contains(out.resolve("c.npz").toString()))
                .isEqualTo(Files.exists(out.resolve("c.npz")));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void standardOutputThatIsFullIsAFailure() throws Exception {
        Path err = folder.resolve("err");
        Process process =
                OwnProcess.of("methods")
                        .redirectOutput(new File("/dev/full"))
                        .redirectError(err.toFile())
                        .start();

        assertThat(process.waitFor()).isEqualTo(5);
        assertThat(Files.readString(err))
                .isEqualTo(
                        """
                        vitrail: standard output: cannot be written: no space left on device
                          do:  check where it goes, and the space there
                        """);
    }

    @Test
    void aReaderThatHasLeftIsToldNothing() {
        Captured call = Captured.printingTo(broken("Broken pipe"), "methods");
        Captured other = Captured.printingTo(broken("Input/output error"), "methods");

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err()).isEmpty();
        assertThat(other.err()).startsWith("vitrail: standard output: cannot be written: input");
    }

    private static OutputStream broken(String reason) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException(reason);
            }
        };
    }
}
