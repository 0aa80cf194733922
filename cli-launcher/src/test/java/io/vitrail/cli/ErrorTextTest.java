package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import io.vitrail.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every error as its user reads it, word for word: {@code src/test/resources/.../errors/NAME.txt}.
 *
 * <p>{@code -Dvitrail.golden=write} writes the files anew; read the difference before it is
 * committed.
 */
class ErrorTextTest {
    private static final Path GOLDEN = Path.of("src/test/resources/io/vitrail/cli/errors");

    @TempDir private Path folder;

    /**
     * A call that goes wrong.
     *
     * @param name the golden file's
     * @param call its words; MODEL and PICTURE are the demo's, DIR a folder of prepared files,
     *     {@code SHARED:} a model among the reference data
     */
    record Wrong(String name, String call) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Wrong> calls() {
        return ErrorCalls.ALL
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(
                        line -> {
                            int colon = line.indexOf(": ");
                            return new Wrong(
                                    line.substring(0, colon), line.substring(colon + 2).strip());
                        });
    }

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        Files.createDirectory(folder.resolve("classifier"));
        Files.write(folder.resolve("classifier/saved_model.pb"), new byte[] {8, 1});
        Files.createDirectory(folder.resolve("plugged"));
        Files.writeString(folder.resolve("broken.png"), "no picture");
        Files.writeString(folder.resolve("broken.pt"), "no archive");
        Files.writeString(folder.resolve("broken.npz"), "no arrays");
        Files.writeString(folder.resolve("none.txt"), "\n");
        Files.writeString(folder.resolve("three.txt"), "one\ntwo\nthree\n");
        Files.writeString(folder.resolve("empty.txt"), "# nothing\n");
        Files.writeString(folder.resolve("model.caffemodel"), "layers");
        Files.copy(Path.of(DemoModel.model()), folder.resolve("bare.pt"));
        Files.copy(Path.of(DemoModel.model()), folder.resolve("sidecar.pt"));
        Files.writeString(folder.resolve("sidecar.pt.vitrail.json"), "{\"preproces\": \"unit\"}");
        Files.copy(Path.of(DemoModel.model()), folder.resolve("nojson.pt"));
        Files.writeString(folder.resolve("nojson.pt.vitrail.json"), "{\"preprocess\": ");
        float[] floats = new float[12];
        Arrays.fill(floats, 1);
        Npz.write(folder.resolve("image.npz"), Map.of("image", values(floats, 1, 12)));
        Npy.write(folder.resolve("rank.npy"), NpyArray.of(values(floats, 1, 12)));
        Npy.write(folder.resolve("channels.npy"), NpyArray.of(values(floats, 1, 2, 2, 3)));
        Npy.write(
                folder.resolve("nan.npy"),
                NpyArray.of(values(new float[] {1, Float.NaN, 1}, 1, 3, 1, 1)));
        Files.writeString(folder.resolve("list.json"), "[\"the\", \"film\"]");
        Files.writeString(folder.resolve("cell.csv"), "heart,breath\n1,2\n3,n/a\n");
        Files.writeString(folder.resolve("row.csv"), "1,2\n3\n");
        Files.writeString(folder.resolve("sound.csv"), "1,2\n3,4\n");
        Npy.write(folder.resolve("tokens.npy"), NpyArray.of(new long[12], 1, 12));
        Npy.write(
                folder.resolve("zeros.npy"),
                NpyArray.of(values(new float[3 * 32 * 32], 1, 3, 32, 32)));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void theTextIsTheOneThatWasReviewed(Wrong wrong) throws IOException {
        String[] words =
                Arrays.stream(wrong.call.split(" +")).map(this::word).toArray(String[]::new);

        Captured call = Captured.run(words);

        assertThat(call.out()).isEmpty();
        String said = "exit " + call.code() + "\n" + named(call.err());
        Path golden = GOLDEN.resolve(wrong.name + ".txt");
        if (System.getProperty("vitrail.golden", "").equals("write")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, said);
        }
        assertThat(golden).exists();
        assertThat(said).isEqualTo(Files.readString(golden));
    }

    @Test
    void everyReviewedTextHasItsCall() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            List<String> reviewed = files.map(file -> file.getFileName().toString()).toList();
            List<String> called = calls().map(call -> call.name + ".txt").toList();

            assertThat(reviewed).containsExactlyInAnyOrderElementsOf(called);
        }
    }

    private String word(String word) {
        return word.startsWith("SHARED:")
                ? SharedData.model(word.substring(word.indexOf(':') + 1)).toString()
                : word.replace("MODEL", DemoModel.model())
                        .replace("PICTURE", DemoModel.picture().toString())
                        .replace("DIR", folder.toString());
    }

    /** Folders change from run to run. */
    private String named(String text) {
        return text.replaceAll("this machine has \\d+ GB", "this machine has N GB")
                .replace(folder.toString(), "DIR")
                .replace(Path.of(DemoModel.model()).getParent().toString(), "DEMO")
                .replace(Path.of("").toAbsolutePath().toString(), "HERE");
    }

    private static Values values(float[] numbers, long... shape) {
        return Values.of(numbers, Axes.channelsFirst(shape.length), shape);
    }
}
