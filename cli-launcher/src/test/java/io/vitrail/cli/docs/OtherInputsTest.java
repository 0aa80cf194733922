package io.vitrail.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.cli.DocsExamples;
import io.vitrail.render.Npy;
import io.vitrail.runtime.Vitrail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages about series, tokens and volumes do in Java, on networks written by hand. */
class OtherInputsTest {
    @TempDir private Path folder;

    @BeforeEach
    void copyTheExamples() throws IOException {
        DocsExamples.copy(folder);
    }

    @Test
    void theGradientOfASeriesIsAtTheTwoBeats() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("beats.csv"));
        float[] numbers = new float[2 * (lines.size() - 1)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(lines.get(1 + i / 2).split(",")[i % 2]);
        }
        Path file = folder.resolve("series.png");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(folder.resolve("beats.keras"))) {
            Attribution found = OtherInputs.series(vitrail, model, numbers, 1000, file);

            assertThat(found.values().get(2 * 660)).isEqualTo(2, within(1e-5));
            assertThat(found.values().get(2 * 700)).isZero();
        }
        assertThat(file).isNotEmptyFile();
    }

    @Test
    void theGradientOfATextIsKnownByHand() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("review.csv"));
        List<String[]> rows = lines.stream().skip(1).map(line -> line.split(",")).toList();
        long[] numbers = rows.stream().mapToLong(row -> Long.parseLong(row[0])).toArray();
        List<String> words = rows.stream().map(row -> row[1]).toList();
        Path png = folder.resolve("text.png");
        Path html = folder.resolve("text.html");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(folder.resolve("review.keras"));
                NDManager manager = model.newManager()) {
            float[] values = OtherInputs.tokens(vitrail, model, manager, numbers, words, png, html);

            for (int i = 0; i < values.length; i++) {
                float wanted =
                        switch (words.get(i)) {
                            case "not" -> -2;
                            case "good" -> -1;
                            case "wonderful", "smile" -> 1;
                            default -> 0;
                        };
                assertThat(values[i]).as(words.get(i)).isEqualTo(wanted, within(1e-6f));
            }
        }
        assertThat(png).isNotEmptyFile();
        assertThat(html).content().contains("not</span>", "why it is a good review");
    }

    @Test
    void theSlicesOfAVolumeGoThroughTheBall() throws IOException {
        float[] voxels = Npy.read(folder.resolve("ball.npy")).values().toFloats();
        Path file = folder.resolve("volume.png");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(folder.resolve("ball.keras"))) {
            int[] place = OtherInputs.volume(vitrail, model, voxels, file);

            assertThat(place[0]).isCloseTo(9, within(2));
            assertThat(place[1]).isCloseTo(15, within(2));
            assertThat(place[2]).isCloseTo(7, within(2));
        }
        assertThat(file).isNotEmptyFile();
    }
}
