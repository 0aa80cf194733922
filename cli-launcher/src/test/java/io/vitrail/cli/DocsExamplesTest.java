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
    })
    void thePicturesSayWhatMadeThem(String picture, String model, String method, String target)
            throws IOException {
        Map<String, String> texts = PngTexts.of(DOCS.resolve(picture));
        assertThat(texts.get("Software")).startsWith("Vitrail");
        assertThat(texts).containsEntry("Model", model).containsEntry("Method", method);
        assertThat(texts.get("Target")).isEqualTo(target);
    }
}
