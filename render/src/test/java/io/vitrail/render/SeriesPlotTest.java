package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places by the layout: 860 pixels of steps from 76 on, a line from 24 to 144, its band below. */
class SeriesPlotTest {
    private static final int BAND = 155;

    @Test
    void theColourOfAStepIsBelowItsPieceOfTheLine() {
        BufferedImage page =
                SeriesPlot.of(steps(0, 0, 7, 0), steps(5, 5, 9, 9)).image(); // 215 pixels a step

        assertThat(colour(page, 76 + 2 * 215 + 107, BAND)).isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(colour(page, 76 + 2 * 215 + 1, BAND)).isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(colour(page, 76 + 2 * 215 - 1, BAND)).isEqualTo(Colours.DIVERGING.rgb(0));
        assertThat(colour(page, 76 + 3 * 215 + 1, BAND)).isEqualTo(Colours.DIVERGING.rgb(0));
        // the largest value 6 pixels below the upper border, the smallest 6 above the lower one
        assertThat(brightness(page, 76 + 640, 30)).isLessThan(120);
        assertThat(brightness(page, 76 + 200, 138)).isLessThan(120);
        assertThat(brightness(page, 76 + 200, 30)).isGreaterThan(200);
    }

    @Test
    void signsAreBlueAndRedAboutZero() {
        BufferedImage page = SeriesPlot.of(steps(-3, 0, 3, 0), steps(1, 2, 3, 4)).image();

        assertThat(colour(page, 76 + 107, BAND)).isEqualTo(Colours.DIVERGING.rgb(-1));
        assertThat(colour(page, 76 + 2 * 215 + 107, BAND)).isEqualTo(Colours.DIVERGING.rgb(1));
    }

    @Test
    void oneStepOfTenThousandIsSeen() {
        float[] heat = new float[10_000];
        heat[7777] = 1;

        BufferedImage page = SeriesPlot.of(steps(heat), steps(new float[10_000])).image();

        // column 668 holds steps 7767 to 7778
        assertThat(colour(page, 76 + 668, BAND)).isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(colour(page, 76 + 667, BAND)).isEqualTo(Colours.DIVERGING.rgb(0));
        assertThat(colour(page, 76 + 669, BAND)).isEqualTo(Colours.DIVERGING.rgb(0));
    }

    @Test
    void aMapOfFewerStepsIsResizedBetweenCentres() {
        BufferedImage page = SeriesPlot.of(steps(0, 1), steps(1, 2, 3, 4)).image();

        // torch.nn.functional.interpolate(linear): 0, .25, .75, 1
        assertThat(colour(page, 76 + 107, BAND)).isEqualTo(Colours.DIVERGING.rgb(0));
        assertThat(colour(page, 76 + 322, BAND)).isEqualTo(Colours.DIVERGING.rgb(0.25));
        assertThat(colour(page, 76 + 537, BAND)).isEqualTo(Colours.DIVERGING.rgb(0.75));
        assertThat(colour(page, 76 + 752, BAND)).isEqualTo(Colours.DIVERGING.rgb(1));
    }

    @Test
    void eachChannelHasItsOwnBandInEitherOrderOfAxes() {
        float[] numbers = {0, 9, 0, 0, 0, 0, 9, 0};
        Values first = Values.of(numbers, Axes.channelsFirst(3), 1, 2, 4);
        float[] byStep = {0, 0, 9, 0, 0, 9, 0, 0};
        Values last = Values.of(byStep, Axes.channelsLast(3), 1, 4, 2);

        BufferedImage page = SeriesPlot.of(first, last).image();

        // a title of 16 above each; the second panel begins 168 below the first
        for (int channel : new int[] {0, 1}) {
            int band = BAND + 16 + channel * 168;
            for (int step = 0; step < 4; step++) {
                boolean hot = step == channel + 1;
                assertThat(colour(page, 76 + step * 215 + 107, band))
                        .isEqualTo(Colours.DIVERGING.rgb(hot ? 1 : 0));
            }
        }
    }

    @Test
    void aMapWithoutChannelsHasOneBandForAll() {
        Values series = Values.of(new float[12], Axes.channelsLast(3), 1, 4, 3);

        BufferedImage one = SeriesPlot.of(steps(0, 1, 0, 0), series).image();
        BufferedImage each = SeriesPlot.of(series, series).image();

        assertThat(one.getHeight()).isLessThan(each.getHeight());
        // behind three panels of 16 + 120 and two gaps of 12, and 6 below the last
        int band = 24 + 3 * 136 + 2 * 12 + 6 + 9;
        assertThat(colour(one, 76 + 322, band)).isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(colour(one, 76 + 537, band)).isEqualTo(Colours.DIVERGING.rgb(0));
    }

    @Test
    void namesColoursAndTheNumberOfChannelsAreChosen(@TempDir Path folder) throws Exception {
        Values series = Values.of(new float[40], Axes.channelsLast(3), 1, 2, 20);
        SeriesPlot plot = SeriesPlot.of(steps(0, 1), series);

        assertThat(plot.atMost(3).image().getHeight()).isLessThan(plot.image().getHeight());
        assertThatThrownBy(() -> plot.channels(List.of("one")))
                .hasMessageContaining("1 names for 20 channels");
        BufferedImage grey =
                SeriesPlot.of(steps(0, 1), steps(0, 0)).colourMap(Colours.GREY).image();
        assertThat(colour(grey, 76 + 100, BAND)).isZero();
        assertThat(colour(grey, 76 + 700, BAND)).isEqualTo(0xffffff);
        Attribution found =
                Attribution.of("gradient", Map.of(Attribution.Part.input("x"), steps(0, 1)));
        Path file = folder.resolve("series.png");
        SeriesPlot.of(found, steps(0, 0)).save(file);
        assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(960);
    }

    @Test
    void whatIsNoRowOfStepsIsRefusedWithItsShape() {
        Values two = Values.of(new float[8], Axes.channelsLast(3), 2, 4, 1);
        Values picture = Values.of(new float[4], Axes.channelsLast(4), 1, 2, 2, 1);

        for (Values wrong : List.of(two, picture)) {
            assertThat(SeriesPlot.fits(steps(1, 2), wrong)).isFalse();
            assertThatThrownBy(() -> SeriesPlot.of(steps(1, 2), wrong))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("a series of shape")
                    .hasMessageContaining("is no row of steps");
        }
    }

    @Test
    void zerosAndWhatIsNotFiniteAreDrawn() {
        Values odd = steps(Float.NaN, Float.POSITIVE_INFINITY, 0);

        BufferedImage page = SeriesPlot.of(odd).image();

        assertThat(colour(page, 76 + 400, BAND)).isEqualTo(Colours.DIVERGING.rgb(0));
        assertThat(SeriesPlot.of(steps(1)).image().getWidth()).isEqualTo(960);
        // from the least to the largest float: the last step is 6 below the upper border
        float most = Float.MAX_VALUE;
        BufferedImage wide = SeriesPlot.of(steps(0, 0), steps(-most, most)).image();
        assertThat(brightness(wide, 76 + 645, 30)).isLessThan(200);
    }

    private static Values steps(float... numbers) {
        return Values.of(numbers, new Axes(List.of(1), -1), 1, numbers.length);
    }

    private static int colour(BufferedImage page, int x, int y) {
        return page.getRGB(x, y) & 0xffffff;
    }

    private static int brightness(BufferedImage page, int x, int y) {
        int rgb = colour(page, x, y);
        return ((rgb >> 16) + (rgb >> 8 & 255) + (rgb & 255)) / 3;
    }
}
