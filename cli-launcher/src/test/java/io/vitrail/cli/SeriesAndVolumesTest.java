package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.render.Colours;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import io.vitrail.testkit.SharedData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that are no pictures, on networks whose answers are known by hand. */
class SeriesAndVolumesTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeTheNetworks() throws IOException {
        BeatExample.write(folder);
        BallExample.write(folder);
    }

    private Captured explain(String model, String input, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "explain",
                                folder.resolve(model).toString(),
                                folder.resolve(input).toString(),
                                "-o",
                                folder.resolve("out").toString()));
        words.addAll(List.of(more));
        return Captured.run(words.toArray(String[]::new));
    }

    private Values array(String stem, String key) {
        return Npz.read(folder.resolve("out/" + stem + ".npz")).get(key).values();
    }

    private BufferedImage drawing(String name) throws IOException {
        return ImageIO.read(folder.resolve("out/" + name).toFile());
    }

    @Test
    void aSeriesIsExplainedWhereTheTwoBeatsAre() throws IOException {
        Captured call = explain("beats.keras", "beats.csv", "-m", "gradient", "-m", "grad-cam");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).containsPattern("beats.csv +predicted +1 +early beat ");
        Values gradient = array("beats", "gradient");
        assertThat(gradient.shape()).containsExactly(1, 1000, 2);
        for (int step = 0; step < 1000; step++) {
            boolean beat = Math.abs(step - 600) <= 4 || Math.abs(step - 660) <= 4;
            assertThat(gradient.get(2 * step) > 0).as("step %d", step).isEqualTo(beat);
            assertThat(gradient.get(2 * step + 1)).as("breath").isZero();
        }
        // ten times the kernel's .2, at the middle of a beat
        assertThat(gradient.get(2 * 600)).isEqualTo(2, within(1e-5));
        Values map = array("beats", "grad-cam/early");
        int largest = 0;
        for (int step = 0; step < 1000; step++) {
            largest = map.get(step) > map.get(largest) ? step : largest;
        }
        assertThat(largest).isBetween(629, 631);
        assertThat(drawing("beats.gradient.png").getWidth()).isEqualTo(960);
        // a panel of 76 + 860 pixels; the colour below the line at step 600, and none at step 500
        BufferedImage page = drawing("beats.gradient.png");
        assertThat(page.getRGB(76 + 516, 24 + 16 + 120 + 10) & 0xffffff)
                .isEqualTo(Colours.DIVERGING.rgb(1));
        assertThat(page.getRGB(76 + 430, 24 + 16 + 120 + 10) & 0xffffff)
                .isEqualTo(Colours.DIVERGING.rgb(0));
        assertThat(PngTexts.of(folder.resolve("out/beats.gradient.png")))
                .containsEntry("Source", "beats.csv");
    }

    @Test
    void columnsBecomeTheChannelsOfATorchScriptFileInFront() throws IOException {
        // the sum of the first half of the steps of channel 1
        WrittenModel.write(
                folder.resolve("net.pt"),
                """
                part = torch.slice(torch.slice(x, 1, 1, 2, 1), 2, 0, 3, 1)
                total = torch.sum(part, [1, 2], False, dtype=None)
                return torch.stack([total, torch.neg(total)], 1)
                """);
        Files.writeString(folder.resolve("s.csv"), "a,b\n1,10\n2,20\n3,30\n4,40\n5,50\n6,60\n");

        Captured call = explain("net.pt", "s.csv", "-m", "gradient");

        assertThat(call.err()).isEmpty();
        assertThat(array("s", "output").toFloats()).containsExactly(60, -60);
        assertThat(array("s", "gradient").shape()).containsExactly(1, 2, 6);
        assertThat(array("s", "gradient").toFloats())
                .containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0);
    }

    /** As an LSTM with batch_first: it splits two channels behind, and cannot split six steps. */
    @Test
    void aFileThatTakesItsChannelsBehindGetsThemThere() throws IOException {
        WrittenModel.write(
                folder.resolve("behind.pt"),
                """
                first, second, = torch.split_with_sizes(x, [1, 1], 2)
                total = torch.sum(second, [1, 2], False, dtype=None)
                return torch.stack([total, torch.neg(total)], 1)
                """);
        Files.writeString(folder.resolve("s.csv"), "a,b\n1,10\n2,20\n3,30\n4,40\n5,50\n6,60\n");

        Captured call = explain("behind.pt", "s.csv", "-m", "gradient");

        assertThat(call.err()).isEmpty();
        assertThat(array("s", "output").toFloats()).containsExactly(210, -210);
        assertThat(array("s", "gradient").toFloats())
                .containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1);
        // two panels of six steps: nothing below the first, full colour below the second
        BufferedImage page = drawing("s.gradient.png");
        assertThat(page.getRGB(76 + 70, 24 + 16 + 120 + 10) & 0xffffff)
                .isEqualTo(Colours.DIVERGING.rgb(0));
        assertThat(page.getRGB(76 + 70, 24 + 16 + 120 + 10 + 168) & 0xffffff)
                .isEqualTo(Colours.DIVERGING.rgb(1));
    }

    @Test
    void columnsThatTheModelDoesNotTakeAreRefusedWithTheirNames() throws IOException {
        Files.writeString(folder.resolve("three.csv"), "a,b,c\n1,2,3\n");

        Captured call = explain("beats.keras", "three.csv");

        assertThat(call.code()).isEqualTo(4);
        assertThat(call.err())
                .contains(
                        "three.csv: has 3 columns (a, b, c), beats.keras takes 2; rows are steps,"
                                + " columns are channels");
        Captured volume = explain("ball.keras", "three.csv");
        assertThat(volume.code()).isEqualTo(4);
        assertThat(volume.err()).contains("takes ?x24x24x24x1", "feed an .npy");
    }

    @Test
    void predictTakesSeriesToo() {
        Captured call =
                Captured.run(
                        "predict",
                        folder.resolve("beats.keras").toString(),
                        folder.resolve("beats.csv").toString());

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).containsPattern("beats.csv +1 +0\\.9\\d+ +early beat");
    }

    @Test
    void aBatchOfSeriesGivesADrawingEach() throws IOException {
        float[] two = new float[2 * 1000 * 2];
        Npy.write(
                folder.resolve("two.npy"),
                NpyArray.of(Values.of(two, Axes.channelsLast(3), 2, 1000, 2)));

        Captured call = explain("beats.keras", "two.npy", "-m", "gradient");

        assertThat(folder.resolve("out/two.0.gradient.png")).exists();
        assertThat(folder.resolve("out/two.1.gradient.png")).exists();
        assertThat(call.err()).contains("every value is zero");
    }

    @Test
    void aVolumeIsExplainedWhereTheBallIs() throws IOException {
        Captured call =
                explain("ball.keras", "ball.npy", "-m", "grad-cam", "-s", "resize=trilinear");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).containsPattern("ball.npy +predicted +1 +ball ");
        Values map = array("ball", "grad-cam/bright");
        assertThat(map.shape()).containsExactly(1, 24, 24, 24);
        int largest = 0;
        double within = 0;
        double all = 0;
        for (int i = 0; i < map.size(); i++) {
            largest = map.get(i) > map.get(largest) ? i : largest;
            all += map.get(i);
            within += distance(i) <= 16 ? map.get(i) : 0;
        }
        assertThat(distance(largest)).isLessThanOrEqualTo(3);
        // its 20 places a side, of kernels that end at the border, are stretched over 24
        assertThat(within / all).isGreaterThan(0.7);
        BufferedImage page = drawing("ball.grad-cam.png");
        // 288 / 24 = 12 pixels a voxel; the slice through the ball, and its corner
        int red = page.getRGB(24 + 12 * 8, 46 + 12 * 15) >> 16 & 255;
        int blue = page.getRGB(24 + 12 * 8, 46 + 12 * 15) & 255;
        assertThat(red - blue).isGreaterThan(60);
        int corner = page.getRGB(24 + 6, 46 + 6);
        assertThat(Math.abs((corner >> 16 & 255) - (corner & 255))).isLessThan(8);
    }

    @Test
    void guidedGradCamAndGradientsOfAVolumeAreDrawnToo() {
        Captured call =
                explain(
                        "ball.keras",
                        "ball.npy",
                        "-m",
                        "guided-grad-cam",
                        "-m",
                        "gradient",
                        "-m",
                        "activation",
                        "-l",
                        "bright");

        assertThat(call.err()).isEmpty();
        assertThat(folder.resolve("out/ball.guided-grad-cam.png")).exists();
        assertThat(folder.resolve("out/ball.activation.bright.png")).exists();
        assertThat(array("ball", "guided-grad-cam").shape()).containsExactly(1, 24, 24, 24, 1);
    }

    /** The square of the distance of a voxel to the middle of the ball. */
    private static int distance(int voxel) {
        int z = voxel / (24 * 24) - BallExample.DEPTH;
        int y = voxel / 24 % 24 - BallExample.HEIGHT;
        int x = voxel % 24 - BallExample.WIDTH;
        return z * z + y * y + x * x;
    }

    /** Numbers of Keras 3.15: the mean over space of its gradient, times the output, summed. */
    @Test
    void mapsOverOneAndThreeAxesAreThoseOfKeras() throws IOException {
        Map<String, double[]> known =
                Map.of(
                        "layer_zoo_1d:c1_same_s2",
                        new double[] {0.03173601, -0.02202694, 0.04861054, -0.07342285},
                        "layer_zoo_1d:c1_causal",
                        new double[] {0.01133854, -0.01922002, -0.00036226, -0.04729155},
                        "layer_zoo_3d:c3_same_s2",
                        new double[] {0.0021142, 0.00030976, -0.00296885, 0.00185574});
        for (Map.Entry<String, double[]> entry : known.entrySet()) {
            String zoo = entry.getKey().split(":")[0];
            String layer = entry.getKey().split(":")[1];
            Path model = SharedData.model("keras/" + zoo + ".keras");
            Path input =
                    model.resolveSibling("../../references/keras/" + zoo + "/rand.npz").normalize();

            Captured call =
                    Captured.run(
                            "explain",
                            model.toString(),
                            input.toString(),
                            "-l",
                            layer,
                            "-s",
                            "relu=false",
                            "-o",
                            folder.resolve("out").toString());

            assertThat(call.code()).as(call.err()).isZero();
            Values map = array("rand", "grad-cam/" + layer);
            for (int i = 0; i < 4; i++) {
                assertThat(map.get(i)).isEqualTo(entry.getValue()[i], within(2e-6));
            }
            assertThat(folder.resolve("out/rand.0.grad-cam." + layer + ".png")).exists();
        }
    }
}
