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

    /** Numbers of torch 2.7.1: interpolate, linear and trilinear, align_corners=False. */
    @Test
    void oneAndThreeAxesAreResizedAsTorchDoes() {
        Maps row = new Maps(new double[] {0, 4, 28}, new long[] {1, 3}, false);
        double[] squares = {0, 1, 4, 9, 16, 25, 36, 49};
        Maps cube = new Maps(squares, new long[] {1, 2, 2, 2}, false);

        assertThat(row.resized(Resizing.parse("linear"), new long[] {6}).data())
                .containsExactly(new double[] {0, 1, 3, 10, 22, 28}, within(1e-12));
        assertThat(row.resized(Resizing.parse("nearest"), new long[] {7}).data())
                .containsExactly(0, 0, 0, 4, 4, 28, 28);
        assertThat(cube.resized(Resizing.parse("trilinear"), new long[] {3, 2, 4}).data())
                .containsExactly(
                        new double[] {
                            0, 0.25, 0.75, 1, 4, 5.25, 7.75, 9, //
                            8, 9.25, 11.75, 13, 20, 22.25, 26.75, 29, //
                            16, 18.25, 22.75, 25, 36, 39.25, 45.75, 49
                        },
                        within(1e-12));
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
