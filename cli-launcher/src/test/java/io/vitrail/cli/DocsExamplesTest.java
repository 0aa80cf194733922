package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocsExamplesTest {
    private static final Path DOCS = Path.of("../docs");

    @TempDir private Path folder;

    @Test
    void theExamplesAreWhatTheirSourcesWrite() throws IOException {
        DocsExamples.write(folder);

        List<Path> written = files(folder);
        assertThat(files(DOCS.resolve("examples"))).isEqualTo(written).hasSize(17);
        for (Path file : written) {
            Path kept = DOCS.resolve("examples").resolve(file);
            if (file.toString().endsWith(".png")) {
                assertThat(Picture.read(kept)).isEqualTo(Picture.read(folder.resolve(file)));
            } else if (file.toString().endsWith(".keras")) { // HDF5 says when it was written
                assertThat(WrittenKeras.content(kept))
                        .isEqualTo(WrittenKeras.content(folder.resolve(file)))
                        .containsKeys("config.json", "/layers/dense/vars/0");
            } else {
                assertThat(kept).hasSameBinaryContentAs(folder.resolve(file));
            }
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(root::relativize).sorted().toList();
        }
    }

    /** The pages' pictures came out of commands like those beside them. */
    @ParameterizedTest
    @CsvSource({
        "how-yolo.png, spots.pt, guided-backprop, box:1",
        "how-one-class.png, shapes.pt, guided-backprop, label:cross",
        "how-many-pictures-1.png, shapes.pt, grad-cam, predicted",
        "how-pre-activations.png, shapes.pt, pre-activation, ",
        "series.png, beats.keras, gradient, predicted",
        "tokens.png, review.keras, gradient, predicted",
        "volumes.png, ball.keras, grad-cam, predicted",
    })
    void thePicturesSayWhatMadeThem(String picture, String model, String method, String target)
            throws IOException {
        Map<String, String> texts = PngTexts.of(DOCS.resolve(picture));
        assertThat(texts.get("Software")).startsWith("Vitrail");
        assertThat(texts).containsEntry("Model", model).containsEntry("Method", method);
        assertThat(texts.get("Target")).isEqualTo(target);
    }

    /** What is drawn now is what the pages show, but for the last digit of a number. */
    @ParameterizedTest
    @CsvSource({
        "series.png, beats.keras, beats.csv, gradient",
        "tokens.png, review.keras, review.csv, gradient",
        "volumes.png, ball.keras, ball.npy, grad-cam",
    })
    void thePicturesOfThePagesAreDrawnAnew(
            String picture, String model, String input, String method) throws IOException {
        DocsExamples.copy(folder);

        Captured.run(
                "explain",
                folder.resolve(model).toString(),
                folder.resolve(input).toString(),
                "-m",
                method,
                "-o",
                folder.resolve("out").toString());

        String stem = input.substring(0, input.indexOf('.'));
        Picture drawn = Picture.read(folder.resolve("out/" + stem + "." + method + ".png"));
        Picture kept = Picture.read(DOCS.resolve(picture));
        assertThat(drawn.width()).isEqualTo(kept.width());
        assertThat(drawn.height()).isEqualTo(kept.height());
        int different = 0;
        for (int y = 0; y < kept.height(); y++) {
            for (int x = 0; x < kept.width(); x++) {
                different += differ(drawn.rgb(x, y), kept.rgb(x, y)) ? 1 : 0;
            }
        }
        assertThat(different).isLessThan(kept.width() * kept.height() / 1000);
    }

    private static boolean differ(int rgb, int other) {
        for (int shift = 0; shift <= 16; shift += 8) {
            if (Math.abs((rgb >> shift & 255) - (other >> shift & 255)) > 6) {
                return true;
            }
        }
        return false;
    }
}
