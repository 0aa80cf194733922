package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs and one folder. */
class OutputLockTest {
    @TempDir private Path folder;

    @Test
    void theSecondRunIsRefusedAndTheFirstUnharmed() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        String[] call = {
            "explain", DemoModel.model(), DemoModel.picture().toString(), "-o", out.toString()
        };

        Captured second;
        try (OutputLock first = OutputLock.of(out)) {
            second = Captured.run(call);
            assertThat(names(out)).containsExactly(".vitrail.lock");
            assertThat(first).isNotNull();
        }
        Captured later = Captured.run(call);

        assertThat(second.code()).isEqualTo(2);
        assertThat(second.err())
                .isEqualTo(
                        "vitrail: -o "
                                + out
                                + ": another run writes there: process "
                                + ProcessHandle.current().pid()
                                + "\n  do:  wait for its end, or name another folder\n");
        assertThat(later.code()).as(later.err()).isZero();
        assertThat(names(out)).containsExactly("scene.grad-cam.png", "scene.npz", "vitrail.json");
    }

    @Test
    void aLockWhoseOwnerIsGoneIsTakenOver() throws IOException {
        Files.writeString(folder.resolve(".vitrail.lock"), "1 1");

        OutputLock.of(folder).close();

        assertThat(names(folder)).isEmpty();
    }

    private static Stream<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }
}
