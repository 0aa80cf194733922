package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.VitrailException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir private Path folder;

    @BeforeEach
    void files() throws IOException {
        for (String name :
                List.of(
                        "b.png",
                        "a.JPG",
                        "sub/c.npy",
                        "notes.md",
                        ".hidden.png",
                        "old/vitrail.json",
                        "old/b.grad-cam.png")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
        }
    }

    @Test
    void aFolderGivesItsPicturesAndArraysButNoResultsOfOurs() {
        assertThat(find(folder.toString())).containsExactly("a.JPG", "b.png", "sub/c.npy");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkToAFolderIsFollowedAndOneInACircleComesItself() throws IOException {
        Path aside = Files.createDirectories(folder.resolve(".aside/more"));
        Files.writeString(aside.resolve("d.png"), "x");
        Files.createSymbolicLink(folder.resolve("linked"), aside);
        Files.createSymbolicLink(folder.resolve("sub/up"), folder);

        assertThat(find(folder.toString()))
                .containsExactly("a.JPG", "b.png", "linked/d.png", "sub/c.npy", "sub/up");
    }

    @Test
    void resultsOfARunThatWasKilledAreNoInputs() throws IOException {
        Path out = Files.createDirectory(folder.resolve("killed"));
        Files.writeString(out.resolve("b.grad-cam.png"), "x");
        Files.writeString(out.resolve(Journal.FILE), "");

        assertThat(find(folder.toString())).containsExactly("a.JPG", "b.png", "sub/c.npy");
    }

    @Test
    void aGlobGivesWhatFits() {
        assertThat(find(folder + "/*.png")).containsExactly("b.png");
        assertThat(find(folder + "/**/*.{npy,npz}")).containsExactly("sub/c.npy");
    }

    @Test
    void aListGivesItsNamesWhichMayStandBesideIt() throws IOException {
        Path list =
                Files.writeString(
                        folder.resolve("list.txt"),
                        "# mine\n\nb.png\n " + folder.resolve("a.JPG") + " \n");

        assertThat(find(list.toString())).containsExactly("b.png", "a.JPG");
    }

    @Test
    void aDashReadsNamesFromStandardInput() {
        assertThat(find(console(folder.resolve("b.png") + "\n"), "-")).containsExactly("b.png");
    }

    @Test
    void aFileNamedTwiceComesOnce() {
        assertThat(find(folder + "/b.png", folder + "/*.png")).containsExactly("b.png");
    }

    @Test
    void aMissingFileIsLeftToWhoReadsIt() {
        assertThat(find(folder + "/nope.png")).containsExactly("nope.png");
    }

    @Test
    void anOddNameIsNoGlobWhereTheFileExists() throws IOException {
        Files.writeString(folder.resolve("x[1].png"), "x");

        assertThat(find(folder + "/x[1].png")).containsExactly("x[1].png");
    }

    @Test
    void whatStandsForNothingIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Path list = Files.writeString(folder.resolve("empty.txt"), "\n");

        assertThatThrownBy(() -> find(folder + "/*.gif"))
                .hasMessage(folder + "/*.gif: no file fits this glob");
        assertThatThrownBy(() -> find(empty.toString()))
                .hasMessage(
                        empty
                                + ": no pictures or arrays in this folder\n  known: png, jpg, jpeg, gif, bmp, npy, npz, csv");
        assertThatThrownBy(() -> find(list.toString()))
                .hasMessage(list + ": an empty list\n  a list has one name a line")
                .extracting(e -> ((VitrailException) e).kind())
                .isEqualTo(VitrailException.Kind.INPUT);
        assertThatThrownBy(() -> find(console(""), "-")).hasMessage("no input: - names no file");
    }

    private List<String> find(String... words) {
        return find(console(""), words);
    }

    private List<String> find(Console console, String... words) {
        return new InputFiles(console)
                .find(List.of(words), EarlierResults.anywhere()).stream()
                        .map(file -> folder.relativize(file).toString())
                        .toList();
    }

    private static Console console(String in) {
        return new Console(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new ResultStream(System.out),
                System.err,
                Console.Watched.NOBODY);
    }
}
