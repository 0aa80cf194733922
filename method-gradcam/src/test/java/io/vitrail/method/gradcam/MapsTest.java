package io.vitrail.method.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MapsTest {
    private static final Maps M1 =
            new Maps(new double[] {0, 4, 28, 32.5}, new long[] {1, 2, 2}, false);

    @Test
    void bilinearAlignsTheCentresOfPixels() {
        double[] resized = M1.resized(Resizing.BILINEAR, new long[] {4, 4}).data();

        // a new pixel's centre lies a quarter into or three quarters before the old ones'
        assertThat(resized)
                .containsExactly(
                        0, 1, 3, 4, //
                        7, 8.03125, 10.09375, 11.125, //
                        21, 22.09375, 24.28125, 25.375, //
                        28, 29.125, 31.375, 32.5);
    }

    @Test
    void bilinearTakesASmallerSizeByItsCentres() {
        Maps row = new Maps(new double[] {0, 10, 20, 30, 40, 50}, new long[] {1, 6}, false);

        assertThat(row.resized(Resizing.BILINEAR, new long[] {3}).data())
                .containsExactly(5, 25, 45);
        assertThat(row.resized(Resizing.BILINEAR, new long[] {2}).data()).containsExactly(10, 40);
    }

    @Test
    void nearestTakesTheFloor() {
        Maps row = new Maps(new double[] {1, 2, 3}, new long[] {1, 3}, false);

        assertThat(row.resized(Resizing.NEAREST, new long[] {5}).data())
                .containsExactly(1, 1, 2, 2, 3);
        assertThat(row.resized(Resizing.NEAREST, new long[] {2}).data()).containsExactly(1, 2);
    }

    @Test
    void eachItemIsStretchedByItself() {
        Maps two = new Maps(new double[] {2, 6, 0, 0.5}, new long[] {2, 2}, false);

        assertThat(two.stretched().data()).containsExactly(new double[] {0, 1, 0, 1}, within(3e-7));
    }

    @Test
    void stretchingADarkMapLeavesItDark() {
        Maps dark = new Maps(new double[4], new long[] {1, 2, 2}, false);

        assertThat(dark.stretched().data()).containsExactly(0, 0, 0, 0);
        assertThat(dark.dividedByMaximum().data()).containsExactly(0, 0, 0, 0);
    }

    @Test
    void valuesKnowTheirSpace() {
        assertThat(M1.values().axes().spatial()).containsExactly(1, 2);
        assertThat(M1.values().axes().channel()).isEqualTo(-1);
        assertThat(M1.values().isDouble()).isFalse();
    }
}
