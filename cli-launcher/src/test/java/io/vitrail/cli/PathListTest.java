package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathListTest {
    @Test
    void pathsComeBackInTheirOrderEachOnce() {
        PathList paths = new PathList();
        List<Path> expected = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            Path path = Path.of("photos/" + "deep/".repeat(i % 5) + i + ".png");
            assertThat(paths.add(path)).isTrue();
            expected.add(path);
        }
        assertThat(paths.add(Path.of("photos/0.png"))).isFalse();
        assertThat(paths.add(Path.of("photos/deep/deep/29997.png"))).isFalse();

        assertThat(paths.complete()).isEqualTo(expected);
        assertThat(paths.subList(29_999, 30_000)).containsExactly(expected.get(29_999));
    }

    @Test
    void namesOfAnyLengthFit() {
        PathList paths = new PathList();
        List<Path> expected = new ArrayList<>();
        for (int length : new int[] {0, 1, 65_534, 65_535, 65_536, 100_000, 3}) {
            expected.add(Path.of("x".repeat(length)));
        }

        paths.addAll(expected);

        assertThat(paths).isEqualTo(expected);
    }
}
