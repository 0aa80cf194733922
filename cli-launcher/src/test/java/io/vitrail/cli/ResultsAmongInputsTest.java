package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.demo.Scenes;
import io.vitrail.render.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Results that go where the inputs are. */
class ResultsAmongInputsTest {
    @TempDir private Path photos;

    @BeforeEach
    void pictures() throws IOException {
        for (String name : List.of("a.png", "b.png", "more/c.png")) {
            Path file = photos.resolve(name);
            Files.createDirectories(file.getParent());
            ImageIO.write(Scenes.scene(name.charAt(0)).image(), "png", file.toFile());
        }
    }

    private Captured explain(Path out, String... more) {
        return explain(List.of(photos.toString()), out, more);
    }

    private static Captured explain(List<String> inputs, Path out, String... more) {
        return Captured.run(
                Stream.of(
                                List.of("explain", DemoModel.model()),
                                inputs,
                                List.of("-o", out.toString()),
                                Arrays.asList(more))
                        .flatMap(List::stream)
                        .toArray(String[]::new));
    }

    private List<String> inputs(Path out) throws IOException {
        JsonObject record =
                JsonParser.parseString(Files.readString(out.resolve("vitrail.json")))
                        .getAsJsonObject();
        assertThat(record.getAsJsonArray("failed")).isEmpty();
        return StreamSupport.stream(record.getAsJsonArray("inputs").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(one -> Path.of(one.get("input").getAsString()))
                .map(input -> photos.relativize(input).toString().replace('\\', '/'))
                .toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(photos)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> photos.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aSecondRunIntoTheFolderOfTheInputsTakesThemAlone() throws IOException {
        Captured first = explain(photos, "--summary");
        List<String> names = names();
        long files = names.stream().filter(name -> name.matches(".*\\.(png|npz|csv)")).count();
        Captured second = explain(photos, "--summary");
        Captured resumed = explain(photos, "--summary", "--resume");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.err())
                .isEqualTo(
                        "vitrail: "
                                + (files - 3)
                                + " results of earlier runs in "
                                + photos
                                + " and elsewhere are left out\n");
        assertThat(resumed.err())
                .startsWith(second.err())
                .endsWith("vitrail: 3 of 3 inputs were done before and are left as they are\n");
        assertThat(names()).isEqualTo(names);
        assertThat(inputs(photos)).containsExactly("a.png", "b.png", "more/c.png");
    }

    @Test
    void otherMethodsAndRunsThatKeptNoRecordLeaveResultsToo() throws IOException {
        explain(photos, "--save", "png,npz");
        explain(photos, "-m", "gradient", "--save", "png,json");

        Captured third = explain(photos);

        assertThat(third.code()).as(third.err()).isZero();
        assertThat(third.err()) // of each a map of either method, and arrays
                .isEqualTo("vitrail: 9 results of earlier runs in " + photos + " are left out\n");
        assertThat(inputs(photos)).containsExactly("a.png", "b.png", "more/c.png");
    }

    @Test
    void aFolderOfResultsBelowTheInputsIsPassedByWithOrWithoutARecord() throws IOException {
        Path out = photos.resolve("out");
        assertThat(explain(out, "--save", "png,npz").err()).isEmpty();

        Captured second = explain(out);
        Captured elsewhere = explain(photos.resolve("other"), "--resume");

        String said = "vitrail: 6 results of earlier runs in " + out + " are left out\n";
        assertThat(second.err()).isEqualTo(said);
        assertThat(elsewhere.err()).isEqualTo(said);
        assertThat(inputs(out)).containsExactly("a.png", "b.png", "more/c.png");
        assertThat(explain(out, "--quiet").err()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkToTheFolderAndAGlobAreTheSame() throws IOException {
        Path link = Files.createSymbolicLink(photos.resolve(".link"), photos);
        explain(photos);

        Captured linked = explain(link);
        Captured glob = explain(List.of(photos + "/*.png"), photos);

        assertThat(linked.err()).contains("vitrail: 6 results of earlier runs in ");
        assertThat(glob.err()).contains("vitrail: 2 results of earlier runs");
        assertThat(inputs(photos)).containsExactly("a.png", "b.png");
    }

    @Test
    void whatAShellMakesOfAGlobIsLeftOutAndAResultNamedAloneIsExplained() throws IOException {
        explain(photos);
        String own = photos.resolve("a.png").toString();
        String result = photos.resolve("a.grad-cam.png").toString();

        Captured several = explain(List.of(own, result), photos);
        Captured alone = explain(List.of(result), photos.resolve("again"));

        assertThat(several.err())
                .isEqualTo("vitrail: 1 result of an earlier run in " + photos + " is left out\n");
        assertThat(inputs(photos)).containsExactly("a.png");
        assertThat(alone.err()).isEmpty();
        assertThat(inputs(photos.resolve("again"))).containsExactly("a.grad-cam.png");
    }

    @Test
    void predictPassesThemByAsWell() {
        explain(photos);

        Captured call = Captured.run("predict", DemoModel.model(), photos.toString(), "--top", "1");

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(call.err())
                .isEqualTo("vitrail: 6 results of earlier runs in " + photos + " are left out\n");
        assertThat(call.out()).contains("a.png").doesNotContain("grad-cam");
    }

    @Test
    void nothingButResultsIsNoInput() throws IOException {
        Path out = photos.resolve("out");
        explain(out);

        Captured call = explain(List.of(out.toString()), photos.resolve("again"));

        assertThat(call.code()).isEqualTo(4);
        assertThat(call.err())
                .isEqualTo(
                        "vitrail: "
                                + out
                                + ": no pictures or arrays in this folder\n  6 results of earlier runs in "
                                + out
                                + " are left out\n  known: png, jpg, jpeg, gif, bmp, npy, npz, csv\n");
    }

    @Test
    void arraysOfOnesOwnAreNoResultsAndAreNeverWrittenOver() throws IOException {
        Path arrays = photos.resolve("x.npz");
        Npz.write(
                arrays,
                Map.of("input", Values.of(new float[3 * 128 * 128], Axes.NONE, 1, 3, 128, 128)));
        byte[] before = Files.readAllBytes(arrays);
        Path drawn = photos.resolve("a.gradient.png");
        Files.copy(photos.resolve("b.png"), drawn);

        Captured npz = explain(photos);
        Captured png = explain(photos, "-m", "gradient", "--save", "png,json");
        Captured fitting = explain(photos, "--save", "png,json");

        assertThat(npz.code()).isEqualTo(2);
        assertThat(npz.err())
                .isEqualTo(
                        "vitrail: -o "
                                + photos
                                + ": a result would take the place of the input "
                                + arrays
                                + "\n  do:  name another folder\n");
        assertThat(png.code()).isEqualTo(2);
        assertThat(png.err()).contains("the place of the input " + drawn + "\n");
        assertThat(arrays).hasBinaryContent(before);
        assertThat(drawn).hasSameBinaryContentAs(photos.resolve("b.png"));
        assertThat(fitting.code()).as(fitting.err()).isZero();
        assertThat(inputs(photos)).hasSize(5);
    }
}
