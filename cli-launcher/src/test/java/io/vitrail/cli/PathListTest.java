package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

    @Test
    void whatIsAddedLaterIsSortedByItself() {
        PathList paths = new PathList();
        List<Path> expected = new ArrayList<>();
        Random random = new Random(9);
        for (int i = 0; i < 2000; i++) {
            expected.add(Path.of("z" + i)); // stay in front
        }
        List<Path> sorted = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            String letters = List.of("a", "\u00e9", "\u65e5", "/", ".", "_").get(random.nextInt(6));
            sorted.add(Path.of("a" + random.nextInt(100) + letters + i));
        }
        sorted.add(Path.of("a1" + "x".repeat(70_000)));
        paths.addAll(expected);
        paths.addAll(sorted);

        paths.sortFrom(expected.size());

        sorted.sort(null);
        expected.addAll(sorted);
        assertThat(paths).isEqualTo(expected);
        assertThat(paths.add(expected.get(6000))).isFalse();
        assertThat(paths.add(Path.of("new"))).isTrue();
    }
}
