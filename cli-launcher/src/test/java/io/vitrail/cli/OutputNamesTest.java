package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutputNamesTest {
    @Test
    void aSingleInputHasItsOwnName() {
        assertThat(stems("photos/2024/dog.jpg")).containsExactly("dog");
    }

    @Test
    void inputsKeepTheirPathBelowTheCommonFolder() {
        assertThat(stems("photos/a/dog.jpg", "photos/b/c/cat.png"))
                .containsExactly("a/dog", "b/c/cat");
    }

    @Test
    void aClashKeepsTheExtension() {
        assertThat(stems("in/dog.jpg", "in/dog.png", "in/cat.png"))
                .containsExactly("dog.jpg", "dog.png", "cat");
    }

    @Test
    void aClashThatTheExtensionDoesNotEndIsNumbered() {
        assertThat(stems("in/a b.png", "in/a+b.png")).containsExactly("a_b.png", "a_b.png-2");
    }

    @Test
    void charactersThatNeedQuotingBecomeUnderscores() {
        assertThat(stems("my dog (1) é.jpg")).containsExactly("my_dog__1___");
        assertThat(OutputNames.safe("layer1.0.relu#2")).isEqualTo("layer1.0.relu_2");
    }

    @Test
    void aNameOutsideTheWorkingFolderDoesNotLeadOutOfTheOutputFolder() {
        assertThat(stems("../../x/dog.jpg", "../../y/dog.jpg")).containsExactly("x/dog", "y/dog");
    }

    @Test
    void aHiddenFileKeepsItsName() {
        assertThat(stems(".png")).containsExactly(".png");
    }

    @Test
    void aTakenNameGetsTheFirstFreeNumber() {
        Set<String> taken = new HashSet<>(List.of("a", "a-2"));

        assertThat(OutputNames.free("a", taken)).isEqualTo("a-3");
        assertThat(taken).contains("a-3");
    }

    private static List<String> stems(String... names) {
        List<Path> inputs = List.of(names).stream().map(Path::of).toList();
        var stems = OutputNames.stems(inputs);
        return inputs.stream().map(stems::get).toList();
    }
}
