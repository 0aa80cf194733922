package io.vitrail.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Attribution;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.picture.Picture;
import io.vitrail.picture.Preprocessing;
import io.vitrail.picture.Resampling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverlayTest {
    private static final Axes ROWS_AND_COLUMNS = new Axes(List.of(1, 2), -1);
    private static final int GREY = 0x646464;

    @Test
    void theHeatStaysWhereItIsInTheMap() {
        Values heat = Values.of(new float[] {0, 0, 0, 9}, ROWS_AND_COLUMNS, 1, 2, 2);

        Picture picture = Overlay.of(heat, plain(40, 20)).alpha(1).picture();

        assertThat(picture.rgb(0, 0)).isEqualTo(GREY);
        assertThat(picture.rgb(39, 0)).isEqualTo(GREY);
        assertThat(picture.rgb(0, 19)).isEqualTo(GREY);
        assertThat(picture.rgb(39, 19)).isEqualTo(Colours.TURBO.rgb(1));
    }

    /**
     * Of 0.5, 1 and 2 the 99th percentile is 1.98: 1 has a strength of 0.50505, its ramp at 1.5
     * times that is 0.75758^2 (3 - 2 * 0.75758) = 0.85219, and 0.58 of that covers.
     */
    @Test
    void halfTheHeatCoversByItsRampWithinOneLevel() {
        Values heat = Values.of(new float[] {0.5f, 1, 2}, ROWS_AND_COLUMNS, 1, 1, 3);

        int found = Overlay.of(heat, plain(33, 1)).picture().rgb(16, 0); // the middle of the second

        int cover = Colours.TURBO.rgb(0.50505);
        for (int shift = 0; shift <= 16; shift += 8) {
            double expected = 100 + 0.58 * 0.85219 * ((cover >> shift & 255) - 100);
            assertThat((double) (found >> shift & 255))
                    .isCloseTo(expected, org.assertj.core.api.Assertions.within(1.0));
        }
    }

    @Test
    void channelsFirstAndLastAndNoneLookAlike() {
        float[] map = {0, 1, 2, 3, 4, 5};
        Picture picture = plain(12, 8);
        Picture none = Overlay.of(Values.of(map, ROWS_AND_COLUMNS, 1, 2, 3), picture).picture();

        assertThat(Overlay.of(Values.of(map, Axes.channelsFirst(4), 1, 1, 2, 3), picture).picture())
                .isEqualTo(none);
        assertThat(Overlay.of(Values.of(map, Axes.channelsLast(4), 1, 2, 3, 1), picture).picture())
                .isEqualTo(none);
    }

    @Test
    void bothSignsAreTold() {
        Values heat = Values.of(new float[] {-4, 0, 4}, ROWS_AND_COLUMNS, 1, 1, 3);

        Picture picture = Overlay.of(heat, plain(30, 2)).alpha(1).picture();

        assertThat(picture.rgb(0, 0)).isEqualTo(Colours.DIVERGING.rgb(-1));
        assertThat(picture.rgb(29, 0)).isEqualTo(Colours.DIVERGING.rgb(1));
    }

    @Test
    void chosenColoursAreUsedWhereTheySuitTheSigns() {
        Values positive = Values.of(new float[] {0, 4}, ROWS_AND_COLUMNS, 1, 1, 2);
        Values both = Values.of(new float[] {-4, 4}, ROWS_AND_COLUMNS, 1, 1, 2);

        Overlay grey = Overlay.of(positive, plain(30, 2)).alpha(1).colourMap(Colours.GREY);
        assertThat(grey.picture().rgb(29, 0)).isEqualTo(0xffffff);
        // grey has no colour for -4, which would look like 0
        Overlay signed = Overlay.of(both, plain(30, 2)).alpha(1).colourMap(Colours.GREY);
        assertThat(signed.picture().rgb(0, 0)).isEqualTo(Colours.DIVERGING.rgb(-1));
        // of a map for both signs the upper half serves alone
        Overlay half = Overlay.of(positive, plain(30, 2)).alpha(1).colourMap(Colours.DIVERGING);
        assertThat(half.picture().rgb(29, 0)).isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(half.colourMap(Colours.GREY).picture().rgb(29, 0)).isEqualTo(0xffffff);
    }

    @Test
    void aColourMapThatFailsIsNamed() {
        Values heat = Values.of(new float[] {4}, ROWS_AND_COLUMNS, 1, 1, 1);
        Overlay overlay = Overlay.of(heat, plain(3, 2)).colourMap(new Thrower());

        assertThatThrownBy(overlay::picture)
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("colour map 'thrower' failed");
    }

    private static final class Thrower implements ColourMap {
        @Override
        public String id() {
            return "thrower";
        }

        @Override
        public boolean isSigned() {
            return false;
        }

        @Override
        public int rgb(double value) {
            throw new IllegalStateException("no colour");
        }
    }

    @Test
    void afterACropTheHeatLiesOnWhatTheNetworkSaw() {
        Picture wide = plain(90, 32);
        // 28 of 32 rows are seen, and the 28 columns in the middle
        var prepared = Preprocessing.parse("none,size=28,crop").apply(wide, false);
        Values heat = Values.of(new float[] {5}, ROWS_AND_COLUMNS, 1, 1, 1);

        Picture picture = Overlay.of(heat, wide).placement(prepared.placement()).alpha(1).picture();

        assertThat(picture.rgb(45, 16)).isEqualTo(Colours.TURBO.rgb(1));
        assertThat(picture.rgb(32, 16)).isEqualTo(Colours.TURBO.rgb(1));
        assertThat(picture.rgb(29, 16)).isNotEqualTo(Colours.TURBO.rgb(1));
        assertThat(picture.rgb(45, 1)).isNotEqualTo(Colours.TURBO.rgb(1));
    }

    @Test
    void afterALetterboxTheBarsCarryNoHeat() {
        Picture wide = plain(64, 16);
        var prepared = Preprocessing.parse("none,size=64,letterbox").apply(wide, false);
        float[] bars = new float[64 * 64]; // hot on the grey bars only
        Arrays.fill(bars, 0, 64 * 20, 1);
        Arrays.fill(bars, 64 * 44, 64 * 64, 1);
        Values heat = Values.of(bars, ROWS_AND_COLUMNS, 1, 64, 64);

        assertThat(Overlay.of(heat, wide).placement(prepared.placement()).picture())
                .isEqualTo(wide);
    }

    /** 200x100 on 50x50: a quarter the size, 12 grey rows above. Columns 20-29 are 80-119 here. */
    @Test
    void aBoxSeenThroughALetterboxLiesWhereItWas() {
        Picture wide = plain(200, 100);
        var prepared = Preprocessing.parse("none,size=50,letterbox").apply(wide, false);

        Picture picture =
                Overlay.of(box(50, 20, 30, 17, 27), wide)
                        .placement(prepared.placement())
                        .alpha(1)
                        .picture();

        assertBox(picture, 80, 120, 20, 60, 4);
    }

    /** 112x64 to 56x32, then 28x28 of the centre: half the size, 14 columns and 2 rows cut off. */
    @Test
    void aBoxSeenThroughACropLiesWhereItWas() {
        Picture wide = plain(112, 64);
        var prepared = Preprocessing.parse("none,size=28,crop").apply(wide, false);

        Picture picture =
                Overlay.of(box(28, 10, 18, 4, 12), wide)
                        .placement(prepared.placement())
                        .alpha(1)
                        .picture();

        assertBox(picture, 48, 64, 12, 28, 2);
    }

    /** A square map with a box of ones; the borders count from 0, the far ones are excluded. */
    private static Values box(int side, int left, int right, int top, int bottom) {
        float[] map = new float[side * side];
        for (int y = top; y < bottom; y++) {
            Arrays.fill(map, y * side + left, y * side + right, 1);
        }
        return Values.of(map, ROWS_AND_COLUMNS, 1, side, side);
    }

    /**
     * Full heat inside, none outside, and between them, {@code blur} pixels wide, the same on all
     * sides.
     */
    private static void assertBox(
            Picture picture, int left, int right, int top, int bottom, int blur) {
        assertThat(picture.rgb(left + blur, top + blur)).isEqualTo(Colours.TURBO.rgb(1));
        assertThat(picture.rgb(right - 1 - blur, bottom - 1 - blur))
                .isEqualTo(Colours.TURBO.rgb(1));
        int row = (top + bottom) / 2;
        int column = (left + right) / 2;
        assertThat(picture.rgb(left - 1 - blur, row)).isEqualTo(GREY);
        assertThat(picture.rgb(right + blur, row)).isEqualTo(GREY);
        assertThat(picture.rgb(column, top - 1 - blur)).isEqualTo(GREY);
        assertThat(picture.rgb(column, bottom + blur)).isEqualTo(GREY);
        for (int k = -blur; k < blur; k++) {
            int there = picture.rgb(left + k, row);
            assertThat(picture.rgb(right - 1 - k, row)).isEqualTo(there);
            assertThat(picture.rgb(column, top + k)).isEqualTo(there);
            assertThat(picture.rgb(column, bottom - 1 - k)).isEqualTo(there);
        }
        assertThat(picture.rgb(left - 1, row)).isNotEqualTo(picture.rgb(left, row));
    }

    @Test
    void aMapOfZerosLeavesThePictureAndIsTold() {
        Values zeros = Values.of(new float[4], ROWS_AND_COLUMNS, 1, 2, 2);
        Picture picture = plain(200, 200);

        assertThat(Overlay.of(zeros, picture).isEmpty()).isTrue();
        assertThat(Overlay.of(zeros, picture).picture()).isEqualTo(picture);
        assertThat(MapView.of("grad-cam", zeros, picture).note()).isEqualTo("map of zeros");
        assertThat(Sheet.Cell.of(MapView.of("grad-cam", zeros, picture), "layer4").caption())
                .isEqualTo("layer4, map of zeros");
    }

    @Test
    void whatIsNotFiniteIsToldAndDrawnAsZero() {
        Values map =
                Values.of(
                        new float[] {Float.NaN, 1, Float.NEGATIVE_INFINITY, 1},
                        ROWS_AND_COLUMNS,
                        1,
                        2,
                        2);
        Picture picture = plain(200, 200);

        MapView view = MapView.of("grad-cam", map, picture);

        assertThat(view.note()).isEqualTo("2 values not finite");
        assertThat(Picture.of(view.image()).rgb(0, 0)).isEqualTo(GREY);
    }

    @Test
    void oneOutlierDoesNotDarkenTheRest() {
        float[] map = new float[1000];
        Arrays.fill(map, 1);
        map[500] = 1e6f;

        assertThat(Range.of(map).limit()).isEqualTo(1);
        // numpy.percentile([1, 2, 3, 4], 99) is 3.97; zeros and negatives do not count
        assertThat(Range.positive(new float[] {0, 4, -7, 2, 3, 0, 1}).limit())
                .isCloseTo(3.97, org.assertj.core.api.Assertions.within(1e-9));
    }

    @Test
    void anItemOfABatchIsChosen() {
        Values batch = Values.of(new float[] {0, 0, 7, 0}, ROWS_AND_COLUMNS, 2, 1, 2);
        Attribution found = Attribution.of("grad-cam", Map.of(Attribution.Part.layer("l"), batch));

        assertThat(Overlay.of(found, plain(4, 4)).isEmpty()).isTrue();
        assertThat(Overlay.of(found, plain(4, 4)).item(1).isEmpty()).isFalse();
    }

    @Test
    void aVectorIsNoMap() {
        Values vector = Values.of(new float[3], Axes.channelsFirst(2), 1, 3);

        assertThatThrownBy(() -> Overlay.of(vector, plain(4, 4)).picture())
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("[1, 3] is no map");
    }

    private static Picture plain(int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        Arrays.fill(pixels, (byte) 0x64);
        return Picture.of(width, height, pixels);
    }

    @Test
    void aFrameStandsAroundItsBoxWithItsNameAboveIt() {
        Picture wide = plain(300, 200);
        Values heat = Values.of(new float[1], ROWS_AND_COLUMNS, 1, 1, 1);
        Resampling.Box box = new Resampling.Box(60, 80, 180, 150);

        Picture picture =
                Overlay.of(heat, wide).frames(List.of(new Frames.Frame(box, "dog"))).picture();

        // the pen is 1.5 wide, and so far inside
        assertThat(picture.rgb(61, 120)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(178, 120)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(150, 81)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(120, 148)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(120, 120)).isEqualTo(GREY); // inside
        assertThat(picture.rgb(57, 120)).isEqualTo(GREY); // outside
        assertThat(picture.rgb(63, 79) & 255).isLessThan(0x50); // the plate of the name
        assertThat(picture.rgb(180, 70)).isEqualTo(GREY);
    }

    @Test
    void aFrameLiesInTheViewWhereTheNetworkSawIt() {
        // 200x100 on 50x50: a quarter the size, 12 grey rows above; the view is drawn four times as
        // large, so that 40..120 across is 10..30 in the view and 40..120 here
        var seen = Preprocessing.parse("none,size=50,letterbox").apply(plain(200, 100), false);
        var view = plain(200, 200).toBufferedImage();

        var drawn =
                Frames.overView(
                        view,
                        List.of(new Frames.Frame(new Resampling.Box(40, 20, 120, 80), "")),
                        seen.placement());

        Picture picture = Picture.of(drawn);
        assertThat(picture.rgb(41, 100)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(118, 100)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(80, 48 + 20 + 1)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(80, 48 + 80 - 2)).isGreaterThan(0xd0d0d0);
        assertThat(picture.rgb(80, 100)).isEqualTo(GREY);
    }
}
