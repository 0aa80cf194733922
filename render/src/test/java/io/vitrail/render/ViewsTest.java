package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.picture.Picture;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {
    @Test
    void greyShowsTheLargestMagnitudeAmongTheChannels() {
        // two pixels; magnitudes 4 and 2; the 99th percentile of (2, 4) is 3.98
        Values gradient =
                Values.of(new float[] {1, 0, -4, 2, 3, -1}, Axes.channelsFirst(4), 1, 3, 1, 2);

        Picture picture = GradientView.GREY.draw(gradient);

        assertThat(picture.rgb(0, 0)).isEqualTo(0xffffff);
        assertThat(picture.rgb(1, 0)).isEqualTo(0x808080); // 255 * 2 / 3.98 = 128.1
    }

    @Test
    void colourIsInUnitsOfTheStandardDeviation() {
        // mean 1, deviation 1: 0.5 +- 0.1
        Values gradient =
                Values.of(new float[] {0, 2, 2, 0, 0, 2}, Axes.channelsLast(4), 1, 1, 2, 3);

        Picture picture = GradientView.COLOUR.draw(gradient);

        assertThat(picture.rgb(0, 0)).isEqualTo(0x669999); // 255 * 0.4 = 102, 255 * 0.6 = 153
        assertThat(picture.rgb(1, 0)).isEqualTo(0x666699);
    }

    @Test
    void signedIsSymmetricAroundZero() {
        Values gradient = Values.of(new float[] {-5, 0, 5}, Axes.channelsFirst(4), 1, 1, 1, 3);

        Picture picture = GradientView.SIGNED.draw(gradient);

        assertThat(picture.rgb(0, 0)).isEqualTo(Colours.DIVERGING.rgb(-1));
        assertThat(picture.rgb(1, 0)).isEqualTo(Colours.DIVERGING.rgb(0));
        assertThat(picture.rgb(2, 0)).isEqualTo(Colours.DIVERGING.rgb(1));
    }

    @Test
    void aSmallGradientIsEnlargedPixelByPixel() {
        Picture shown = Picture.of(32, 32, new byte[3 * 32 * 32]);
        Values gradient = ones(Axes.channelsFirst(4), 1, 3, 32, 32);

        BufferedImage image = MapView.of("gradient", gradient, shown).image();

        assertThat(image.getWidth()).isEqualTo(256);
    }

    @Test
    void manyChannelsBecomeAGridAndAVectorBars() {
        Picture shown = Picture.of(32, 32, new byte[3 * 32 * 32]);

        BufferedImage grid =
                MapView.of("activation", ones(Axes.channelsFirst(4), 1, 20, 8, 8), shown).image();
        BufferedImage bars =
                MapView.of("activation", ones(Axes.channelsFirst(2), 1, 10), shown).image();

        // 6 columns of 96 with gaps of 10, margins of 22
        assertThat(grid.getWidth()).isEqualTo(2 * 22 + 6 * 96 + 5 * 10);
        assertThat(bars.getWidth()).isEqualTo(720);
    }

    @Test
    void aGridSaysWhatItLeavesOut() {
        FeatureGrid grid = FeatureGrid.of(ones(Axes.channelsLast(4), 1, 8, 8, 100));

        assertThat(grid.atMost(16).image().getHeight())
                .isGreaterThan(
                        FeatureGrid.of(ones(Axes.channelsLast(4), 1, 8, 8, 16))
                                .image()
                                .getHeight());
        assertThatThrownBy(() -> grid.labels(List.of("one")))
                .hasMessageContaining("1 labels for 100 channels");
        assertThat(grid.labels(Collections.nCopies(100, "x")).jointly().image()).isNotNull();
    }

    @Test
    void oneNegativeValueGivesAllChannelsTheColoursOfSigns() {
        Values mixed = Values.of(new float[] {1, -1}, Axes.channelsLast(4), 1, 1, 1, 2);
        Values positive = Values.of(new float[] {1, 2}, Axes.channelsLast(4), 1, 1, 1, 2);

        // the middle of the first of two cells of 96, behind a margin of 22
        assertThat(FeatureGrid.of(mixed).image().getRGB(70, 70) & 0xffffff)
                .isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(FeatureGrid.of(positive).image().getRGB(70, 70) & 0xffffff)
                .isEqualTo(Colours.VIRIDIS.rgb(1));
    }

    @Test
    void volumesAreDrawnAsSlicesAndTheirFeaturesAsAGridOfOne() {
        Values volume = ones(Axes.channelsFirst(5), 1, 2, 3, 4, 5);
        Values features = ones(Axes.channelsLast(5), 1, 3, 4, 5, 6);

        assertThat(MapView.canDraw(volume)).isTrue();
        assertThat(MapView.plain("gradient", volume).image().getWidth())
                .isEqualTo(OrthogonalSlices.of(volume).image().getWidth());
        MapView grid = MapView.plain("activation", features);
        assertThat(grid.note()).isEqualTo("depth 0 of 3");
        assertThat(grid.image().getWidth())
                .isEqualTo(
                        FeatureGrid.of(ones(Axes.channelsLast(4), 1, 4, 5, 6)).image().getWidth());
    }

    @Test
    void fourAxesOfSpaceAreNotDrawn() {
        Values beyond = ones(Axes.channelsFirst(6), 1, 2, 3, 3, 3, 3);

        assertThat(MapView.canDraw(beyond)).isFalse();
        assertThatThrownBy(() -> MapView.plain("activation", beyond))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("--save npz");
    }

    @Test
    void theChannelsOfASeriesAreStripsFromItsFirstToItsLastStep() {
        float[] numbers = new float[6 * 1000];
        for (int i = 0; i < 500; i++) {
            numbers[i] = 1; // the first half of the first channel
        }
        Values item = Values.of(numbers, Axes.channelsFirst(3), 1, 6, 1000);

        BufferedImage page = MapView.plain("activation", item).image();

        // 720 pixels of steps behind a margin of 22 and labels of 64; a strip of 12 every 16
        assertThat(page.getHeight()).isEqualTo(2 * 22 + 6 * 16);
        assertThat(page.getRGB(86 + 300, 22 + 6) & 0xffffff).isEqualTo(Colours.VIRIDIS.rgb(1));
        assertThat(page.getRGB(86 + 420, 22 + 6) & 0xffffff).isEqualTo(Colours.VIRIDIS.rgb(0));
        assertThat(page.getRGB(86 + 300, 22 + 22) & 0xffffff).isEqualTo(Colours.VIRIDIS.rgb(0));
        assertThat(
                        MapView.plain("gradient", ones(Axes.channelsLast(3), 1, 50, 2))
                                .image()
                                .getWidth())
                .isEqualTo(960); // few channels are lines
    }

    private static Values ones(Axes axes, long... shape) {
        int size = 1;
        for (long n : shape) {
            size *= (int) n;
        }
        float[] data = new float[size];
        java.util.Arrays.fill(data, 1);
        return Values.of(data, axes, shape);
    }
}
