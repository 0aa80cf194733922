package io.vitrail.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The expected shares are worked out by hand. */
class MassInsideTest {
    private static boolean[] topLeft() {
        boolean[] mask = new boolean[16];
        mask[0] = mask[1] = mask[4] = mask[5] = true;
        return mask;
    }

    @Test
    void anEvenMapHasTheMasksShareOfThePicture() {
        assertThat(MassInside.share(new float[] {3}, 1, 1, topLeft())).isEqualTo(0.25);
    }

    @Test
    void aMapIsResizedBilinearlyBetweenTheCentresOfItsCells() {
        // along each axis the corner's cell weighs 1, 3/4, 1/4, 0 at the four pixels: (7/4 / 2)^2
        assertThat(MassInside.share(new float[] {1, 0, 0, 0}, 2, 2, topLeft()))
                .isEqualTo(49.0 / 64);
    }

    @Test
    void whatSpeaksAgainstAScoreDoesNotCount() {
        assertThat(MassInside.share(new float[] {1, -9, -9, -9}, 2, 2, topLeft()))
                .isEqualTo(49.0 / 64);
    }

    @Test
    void heightAndWidthAreNotMixedUp() {
        boolean[] upper = new boolean[8];
        Arrays.fill(upper, 0, 4, true);
        assertThat(MassInside.share(new float[] {3, 1}, 2, 1, upper, 2, 4)).isEqualTo(0.75);
    }

    @Test
    void aMapWithoutPositiveValuesHasNothingInside() {
        assertThat(MassInside.share(new float[] {0, -1, 0, 0}, 2, 2, topLeft())).isZero();
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> MassInside.share(new float[5], 2, 2, topLeft()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a map of 5 entries is not 2 x 2");
        assertThatThrownBy(() -> MassInside.share(new float[4], 2, 2, new boolean[15]))
                .hasMessage("a mask of 15 entries is not 3 x 3");
    }
}
