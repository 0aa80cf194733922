package io.vitrail.picture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {
    /** Checksums of Pillow's {@code Image.resize}, printed by make.py. */
    @ParameterizedTest
    @CsvSource({
        "BILINEAR, 10, 7, 2975024751",
        "BICUBIC, 10, 7, 2536461823",
        "BILINEAR, 24, 50, 485109545",
        "BICUBIC, 24, 50, 3968489362",
        "BILINEAR, 100, 20, 1588724359",
        "BICUBIC, 100, 20, 602646357",
        "BILINEAR, 1, 1, 268151194",
        "BICUBIC, 1, 1, 2288235861",
        "BILINEAR, 33, 5, 3363544461",
        "BICUBIC, 33, 5, 3313570442",
    })
    void aPictureIsResizedAsPillowDoes(Resampling how, int width, int height, long crc) {
        assertThat(Patterns.crc(how.resize(Patterns.rgb(), width, height))).isEqualTo(crc);
    }

    /** facts: [0, 4 / 28, 32.5] to 4x4 with half-pixel centres has the first row 0, 1, 3, 4. */
    @Test
    void aMapIsEnlargedWithHalfPixelCentres() {
        float[] map = {0, 4, 28, 32.5f};

        float[] large = Resampling.BILINEAR.resize(map, 2, 2, 4, 4);

        assertThat(large).startsWith(0, 1, 3, 4).endsWith(28, 29.125f, 31.375f, 32.5f);
    }

    @Test
    void partOfAMapIsTheSamePartOfTheWhole() {
        float[] map = {0, 4, 28, 32.5f, 7, 1, 0, 3, 9};
        float[] whole = Resampling.BILINEAR.resize(map, 3, 3, 12, 12);

        float[] part =
                Resampling.BILINEAR.resize(map, 3, 3, new Resampling.Box(0.5, 1, 2, 2.5), 6, 6);

        for (int i = 0; i < 36; i++) {
            assertThat(part[i]).isEqualTo(whole[(4 + i / 6) * 12 + 2 + i % 6]);
        }
    }

    @Test
    void beyondTheBorderTheBordersValuesHold() {
        float[] row = {3, 5};

        float[] wide = Resampling.BILINEAR.resize(row, 2, 1, new Resampling.Box(-2, 0, 4, 1), 6, 1);

        assertThat(wide).containsExactly(3, 3, 3, 5, 5, 5);
    }

    @Test
    void aMapThatShrinksIsAveraged() {
        float[] stripes = {0, 1, 0, 1, 0, 1, 0, 1};

        assertThat(Resampling.BILINEAR.resize(stripes, 8, 1, 1, 1)).containsExactly(0.5f);
    }

    @Test
    void nearestRepeatsValues() {
        assertThat(Resampling.nearest(new float[] {1, 2, 3, 4}, 2, 2, 4, 2))
                .containsExactly(1, 1, 2, 2, 3, 3, 4, 4);
    }
}
