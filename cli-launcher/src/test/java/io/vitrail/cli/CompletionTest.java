package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash makes of the completion script. */
class CompletionTest {
    @TempDir private Path folder;
    private Path script = Path.of("");

    @BeforeEach
    void write() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: there is no bash here");
        script = Files.writeString(folder.resolve("vitrail"), Captured.run("completion").out());
    }

    @Test
    void bashFindsNothingWrongWithIt() throws Exception {
        assertThat(bash("bash -n " + script)).isEmpty();
    }

    @Test
    void commandsOptionsAndMethodsAreCompleted() throws Exception {
        assertThat(completed("pre")).containsExactly("predict");
        assertThat(completed("explain", "m.pt", "a.png", "--pre")).containsExactly("--preprocess");
        assertThat(completed("doctor", "--js")).containsExactly("--json");
        assertThat(completed("explain", "m.pt", "a.png", "-m", "guided-b"))
                .containsExactly("guided-backprop");
        assertThat(completed("explain", "m.pt", "a.png", "--score", "cross"))
                .containsExactly("cross-entropy");
    }

    @Test
    void theScriptIsAlsoInTheJson() {
        String json = Captured.run("completion", "--json").out();

        assertThat(JsonParser.parseString(json).getAsJsonObject().get("script").getAsString())
                .isEqualTo(Captured.run("completion").out());
    }

    private List<String> completed(String... words) throws Exception {
        String all = "vitrail " + String.join(" ", words);
        return bash("source "
                        + script
                        + "; COMP_WORDS=("
                        + all
                        + "); COMP_CWORD="
                        + words.length
                        + "; _complete_vitrail 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"")
                .lines()
                .map(String::strip)
                .toList();
    }

    private static String bash(String command) throws Exception {
        Process bash =
                new ProcessBuilder("/bin/bash", "-c", command).redirectErrorStream(true).start();
        String said = new String(bash.getInputStream().readAllBytes());
        assertThat(bash.waitFor()).as(said).isZero();
        return said;
    }
}
