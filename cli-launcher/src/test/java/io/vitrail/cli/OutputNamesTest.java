package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
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
    void whatWouldMeetAnotherInputsFilesKeepsTheExtension() {
        // items of a.npz are a.0, a.1, ...; a map of a.png is a.grad-cam.png
        assertThat(stems("in/a.npz", "in/a.1.png", "in/b.png", "in/b.1.png"))
                .containsExactly("a", "a.1.png", "b", "b.1");
        assertThat(stems("in/a.png", "in/a.grad-cam.png", "in/a.gradient.old.png", "in/a.x.png"))
                .containsExactly("a", "a.grad-cam.png", "a.gradient.old.png", "a.x");
    }

    @Test
    void namesDoNotDependOnHowManyThereAre() {
        List<Path> many =
                IntStream.range(0, 20_000).mapToObj(i -> Path.of("in/" + i + ".png")).toList();

        OutputNames stems = new OutputNames(many, List.of("grad-cam"));

        assertThat(many.stream().map(stems::stem))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20_000).mapToObj(Integer::toString).toList());
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
        OutputNames stems = new OutputNames(inputs, List.of("grad-cam", "gradient"));
        return inputs.stream().map(stems::stem).toList();
    }
}
