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

/** Volumes of 4 x 5 x 6 voxels: 48 pixels each, the first slice from (24, 46) on. */
class OrthogonalSlicesTest {
    @Test
    void theSlicesGoThroughTheLargestMagnitude() {
        float[] heat = new float[120];
        heat[1 * 30 + 2 * 6 + 3] = -3;
        heat[3 * 30 + 4 * 6 + 5] = 2;

        assertThat(OrthogonalSlices.of(volume(heat)).position()).containsExactly(1, 2, 3);
    }

    @Test
    void channelsInFrontOrBehindAreSummed() {
        float[] behind = new float[240];
        behind[2 * (3 * 30 + 4 * 6 + 5)] = 2;
        behind[2 * (3 * 30 + 4 * 6 + 5) + 1] = 2;
        behind[0] = 3;
        float[] inFront = new float[240];
        inFront[3 * 30 + 4 * 6 + 5] = 2;
        inFront[120 + 3 * 30 + 4 * 6 + 5] = 2;
        inFront[0] = 3;

        Values last = Values.of(behind, Axes.channelsLast(5), 1, 4, 5, 6, 2);
        Values first = Values.of(inFront, Axes.channelsFirst(5), 1, 2, 4, 5, 6);

        assertThat(OrthogonalSlices.of(last).position()).containsExactly(3, 4, 5);
        assertThat(OrthogonalSlices.of(first).position()).containsExactly(3, 4, 5);
    }

    @Test
    void heatOfAnotherSizeIsResizedAlongEachAxis() {
        // 0, 4 at four places, as torch's interpolate does: 0, 1, 3, 4
        Values heat = Values.of(new float[] {0, 4}, new Axes(List.of(1, 2, 3), -1), 1, 2, 1, 1);
        Values under = Values.of(new float[4], new Axes(List.of(1, 2, 3), -1), 1, 4, 1, 1);

        OrthogonalSlices slices = OrthogonalSlices.of(heat, under);

        assertThat(slices.position()).containsExactly(3, 0, 0);
        assertThat(Interpolation.linear(new float[] {0, 4}, new int[] {2, 1}, new int[] {4, 2}))
                .containsExactly(0, 0, 1, 1, 3, 3, 4, 4);
    }

    @Test
    void eachSliceShowsItsPlane() {
        float[] heat = new float[120];
        heat[1 * 30 + 2 * 6 + 3] = 5;

        BufferedImage page = OrthogonalSlices.of(volume(heat)).image();

        int hot = Colours.VIRIDIS.rgb(1);
        int cold = Colours.VIRIDIS.rgb(0);
        // depth 1: row 2, column 3; height 2, 20 behind it: row 1, column 3; width 3: row 1, column
        // 2
        assertThat(colour(page, 24 + 3.5 * 48, 46 + 2.5 * 48)).isEqualTo(hot);
        assertThat(colour(page, 24 + 288 + 20 + 3.5 * 48, 46 + 1.5 * 48)).isEqualTo(hot);
        assertThat(colour(page, 24 + 2 * 308 + 2.5 * 48, 46 + 1.5 * 48)).isEqualTo(hot);
        assertThat(colour(page, 24 + 0.2 * 48, 46 + 0.2 * 48)).isEqualTo(cold);
        assertThat(page.getWidth()).isEqualTo(24 + 2 * 308 + 240 + 24);
        BufferedImage elsewhere = OrthogonalSlices.of(volume(heat)).at(0, 2, 3).image();
        assertThat(colour(elsewhere, 24 + 3.5 * 48, 46 + 2.5 * 48)).isEqualTo(cold);
    }

    @Test
    void theVolumeShowsThroughWhereThereIsNoHeat(@TempDir Path folder) throws Exception {
        float[] heat = new float[120];
        heat[0] = 1;
        float[] under = new float[120];
        under[119] = 8;
        under[118] = -8;
        Attribution found =
                Attribution.of("grad-cam", Map.of(Attribution.Part.layer("c"), volume(heat)));
        OrthogonalSlices slices = OrthogonalSlices.of(found, volume(under)).at(3, 4, 2);

        BufferedImage page = slices.image();
        slices.save(folder.resolve("volume.png"));

        assertThat(colour(page, 24 + 5.8 * 48, 46 + 4.8 * 48)).isEqualTo(0xffffff);
        assertThat(colour(page, 24 + 4.8 * 48, 46 + 4.8 * 48)).isZero();
        assertThat(colour(page, 24 + 4.8 * 48, 46 + 3.2 * 48)).isEqualTo(0x808080);
        assertThat(ImageIO.read(folder.resolve("volume.png").toFile())).isNotNull();
    }

    @Test
    void whatIsNoVolumeAndPlacesOutsideAreRefused() {
        Values two = Values.of(new float[16], Axes.channelsLast(5), 2, 2, 2, 2, 1);
        Values map = Values.of(new float[4], Axes.channelsLast(4), 1, 2, 2, 1);
        for (Values wrong : List.of(two, map)) {
            assertThat(OrthogonalSlices.fits(volume(new float[120]), wrong)).isFalse();
            assertThatThrownBy(() -> OrthogonalSlices.of(wrong))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("is no volume");
        }
        assertThatThrownBy(() -> OrthogonalSlices.of(volume(new float[120])).at(0, 5, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[0, 5, 0]");
    }

    private static Values volume(float... numbers) {
        return Values.of(numbers, new Axes(List.of(1, 2, 3), -1), 1, 4, 5, 6);
    }

    private static int colour(BufferedImage page, double x, double y) {
        return page.getRGB((int) x, (int) y) & 0xffffff;
    }
}
