package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.picture.Picture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks whose arrays end in the channels, from a picture to what was found. */
class ChannelsLastTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 6;

    /** Red, green and blue of each pixel are 10 y + x, 100 + 10 y + x, 200 + 10 y + x. */
    private static Picture picture() {
        byte[] pixels = new byte[3 * ROWS * COLUMNS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) level(i / 3 / COLUMNS, i / 3 % COLUMNS, i % 3);
        }
        return Picture.of(COLUMNS, ROWS, pixels);
    }

    private static int level(int y, int x, int colour) {
        return 100 * colour + 10 * y + x;
    }

    private static <T> T on(int channels, Function<Explanation, T> work) {
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(new ChannelsLastSource(channels))) {
            return work.apply(vitrail.explain(model, picture()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "none, 0, 1, 0",
        "unit, 0, 0.00392156863, 0",
        "tf, 0, 0.00784313725, -1",
        "caffe, 2, 1, -103.939", // blue, green, red
    })
    void pixelsOfAPictureAreFedWithTheirChannelsLast(
            String preset, int colour, double factor, double shift) {
        Values fed =
                on(3, it -> it.preprocess(preset).with("activation").layer("conv").run().values());

        assertThat(fed.shape()).containsExactly(1, ROWS, COLUMNS, 3);
        assertThat(fed.axes()).isEqualTo(Axes.channelsLast(4));
        for (int y = 0; y < ROWS; y++) {
            for (int x = 0; x < COLUMNS; x++) {
                assertThat(fed.get((y * COLUMNS + x) * 3))
                        .isEqualTo(level(y, x, colour) * factor + shift, within(1e-4));
            }
        }
    }

    @Test
    void oneChannelTakesGreyPicturesAndSaysSo() {
        // Pillow's luma of 0, 100, 200, as Image.convert("L") gives it: 81.5 is rounded to 82
        Values fed =
                on(
                        1,
                        it ->
                                it.preprocess("tf,grey")
                                        .with("activation")
                                        .layer("conv")
                                        .run()
                                        .values());

        assertThat(fed.shape()).containsExactly(1, ROWS, COLUMNS, 1);
        assertThat(fed.get(0)).isEqualTo((82 / 255.0 - .5) * 2, within(1e-6));
        assertThatThrownBy(() -> on(1, it -> it.preprocess("tf").run()))
                .hasMessageContaining("takes 1 channel, 'tf,size=6x4,stretch' gives 3")
                .hasMessageContaining("do: add grey");
    }

    @Test
    void mapsComeInTheLayoutOfTheModelsOwnFile() {
        Explained all =
                on(
                        3,
                        it ->
                                it.preprocess("none")
                                        .with("guided-backprop")
                                        .with("grad-cam")
                                        .option("relu", "false")
                                        .target("class:0")
                                        .runAll());

        Attribution guided = all.attributions().get("guided-backprop");
        assertThat(guided.values().shape()).containsExactly(1, ROWS, COLUMNS, 3);
        assertThat(guided.values().axes()).isEqualTo(Axes.channelsLast(4));
        // 1, -2, 3 by 24 pixels, the negative one stopped at the ReLU; a pixel of 0 does not pass
        for (int pixel = 1; pixel < ROWS * COLUMNS; pixel++) {
            assertThat(guided.values().get(3 * pixel)).isEqualTo(1 / 24.0, within(1e-7));
            assertThat(guided.values().get(3 * pixel + 1)).isZero();
            assertThat(guided.values().get(3 * pixel + 2)).isEqualTo(3 / 24.0, within(1e-7));
        }
        assertThat(guided.values().get(0)).isZero();
        Values cam = all.attributions().get("grad-cam").atLayer("relu");
        assertThat(cam.shape()).containsExactly(1, ROWS, COLUMNS);
        for (int y = 0; y < ROWS; y++) {
            for (int x = 0; x < COLUMNS; x++) {
                double sum = level(y, x, 0) - 2 * level(y, x, 1) + 3 * level(y, x, 2);
                assertThat(cam.get(y * COLUMNS + x)).isEqualTo(sum / 24, within(1e-4));
            }
        }
    }

    @Test
    void numbersAreFedAsTheyAre() {
        float[] numbers = new float[2 * ROWS * COLUMNS * 3];
        numbers[numbers.length - 1] = 48; // the last channel of the last pixel of item 1
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(new ChannelsLastSource(3))) {
            Explained seen =
                    vitrail.explain(model, numbers, 2, ROWS, COLUMNS, 3)
                            .target("class:0")
                            .predict();
            assertThat(seen.scored().get(0).scores().toDoubles()).containsExactly(0, 6);
            assertThatThrownBy(
                            () -> vitrail.explain(model, new float[72], 1, ROWS, 3 * COLUMNS).run())
                    .hasMessageContaining("'x' (?, 4, 6, 3)");
        }
    }
}
