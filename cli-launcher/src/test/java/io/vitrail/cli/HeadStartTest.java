package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine starts beside a call that will need it, and beside no other. */
class HeadStartTest {
    @TempDir private Path folder;

    private String file(String name) throws IOException {
        return Files.createFile(folder.resolve(name)).toString();
    }

    @Test
    void aCallThatRunsANetworkIsWorthIt() throws IOException {
        String model = file("net.pt");

        assertThat(HeadStart.isWorthwhile("explain", "-m", "gradient", model, "dog.jpg")).isTrue();
        assertThat(HeadStart.isWorthwhile("predict", model, "dog.jpg")).isTrue();
        assertThat(HeadStart.isWorthwhile("layers", model)).isTrue();
        assertThat(HeadStart.isWorthwhile("demo")).isTrue();
    }

    @Test
    void aCallThatPrintsATextIsNot() throws IOException {
        assertThat(HeadStart.isWorthwhile()).isFalse();
        assertThat(HeadStart.isWorthwhile("methods")).isFalse();
        assertThat(HeadStart.isWorthwhile("plugins", "info", file("plugin.jar"))).isFalse();
        assertThat(HeadStart.isWorthwhile("explain", "--help")).isFalse();
        assertThat(HeadStart.isWorthwhile("demo", "-h")).isFalse();
        assertThat(HeadStart.isWorthwhile("explain", file("net.pt"), "--help")).isFalse();
    }

    @Test
    void aCallThatNamesNoFileWillFailBeforeItNeedsAnEngine() {
        assertThat(HeadStart.isWorthwhile("explain", "absent.pt", "dog.jpg")).isFalse();
        assertThat(HeadStart.isWorthwhile("explain", "no\0file", "dog.jpg")).isFalse();
    }

    @Test
    void aCallThatMayWantAnotherEngineIsNot() throws IOException {
        assertThat(HeadStart.isWorthwhile("explain", file("net-symbol.json"))).isFalse();
        assertThat(HeadStart.isWorthwhile("explain", file("net.pt"), "--engine", "mxnet"))
                .isFalse();
        assertThat(HeadStart.isWorthwhile("explain", file("other.pt"), "--engine=mxnet")).isFalse();
    }

    @Test
    void whatWasNotBegunHasAnEnd() {
        HeadStart.of("methods").end();
    }
}
