package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.api.Values;
import io.vitrail.render.Npz;
import io.vitrail.testkit.SharedData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detectors on the command line; see {@link SpotDetector}. */
class DetectorTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeTheDetector() throws IOException {
        SpotDetector.write(folder);
        Captured sidecar =
                Captured.run(
                        "sidecar",
                        folder.resolve("spots.pt").toString(),
                        "--preprocess",
                        "unit,letterbox,size=128",
                        "--labels",
                        folder.resolve("spots.txt").toString(),
                        "--anchors",
                        "32x32");
        assertThat(sidecar.err()).isEmpty();
    }

    private Captured call(String command, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                command,
                                folder.resolve("spots.pt").toString(),
                                folder.resolve("spots.png").toString()));
        words.addAll(List.of(more));
        return Captured.run(words.toArray(String[]::new));
    }

    private Captured explain(String... more) {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("-o", folder.resolve("out").toString()));
        return call("explain", words.toArray(String[]::new));
    }

    @Test
    void predictPrintsTheBoxesInPixelsOfThePicture() {
        Captured call = call("predict");

        assertThat(call.err()).isEmpty();
        assertThat(call.out().lines().map(ConsoleExample::unpadded).toList())
                .first()
                .isEqualTo("INPUT BOX CLASS SCORE LABEL LEFT TOP RIGHT BOTTOM");
        assertThat(call.out())
                .containsPattern(
                        "spots.png +0 +0 +0\\.9\\d+ +red +64\\.0 +0\\.0 +128\\.0 +64\\.0\n")
                .containsPattern(
                        "spots.png +1 +1 +0\\.9\\d+ +blue +192\\.0 +64\\.0 +256\\.0 +128\\.0\n")
                .hasLineCount(3);
        assertThat(call("predict", "--threshold", "0.999").out())
                .containsPattern("spots.png +- +- +- +- ");
    }

    @Test
    void predictGivesTheBoxesAsJson() {
        JsonObject facts =
                JsonParser.parseString(call("predict", "--json").out())
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject();

        JsonArray boxes = facts.getAsJsonArray("boxes").get(0).getAsJsonArray();
        assertThat(boxes).hasSize(2);
        JsonObject blue = boxes.get(1).getAsJsonObject();
        assertThat(blue.get("number").getAsInt()).isEqualTo(1);
        assertThat(blue.get("index").getAsInt()).isEqualTo(1);
        assertThat(blue.get("label").getAsString()).isEqualTo("blue");
        assertThat(blue.get("score").getAsDouble()).isBetween(.9, 1.);
        assertThat(blue.getAsJsonArray("box").get(0).getAsDouble()).isEqualTo(192, within(1e-3));
    }

    @Test
    void oneBoxIsExplainedAndDrawn() throws IOException {
        Captured call = explain("-t", "box:1", "-m", "guided-backprop", "-m", "grad-cam");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).containsPattern("spots.png +box:1 +1 +blue +0\\.9");
        Values map = Npz.read(folder.resolve("out/spots.npz")).get("guided-backprop").values();
        for (int at = 0; at < map.size(); at++) {
            int channel = at / (128 * 128);
            int y = at / 128 % 128;
            int x = at % 128;
            boolean ofTheBox = x >= 96 && y >= 64 && y < 96;
            // the confidence rises with red and blue; green is not looked at
            assertThat(map.get(at) > 0)
                    .as("%d, %d, %d", channel, y, x)
                    .isEqualTo(ofTheBox && channel != 1);
        }
        BufferedImage overlay = ImageIO.read(folder.resolve("out/spots.grad-cam.png").toFile());
        assertThat(overlay.getWidth()).isEqualTo(256);
        assertThat(overlay.getRGB(193, 100) & 0xffffff).isGreaterThan(0xd0d0d0);
        assertThat(overlay.getRGB(65, 32) & 0xffffff).as("the other box").isLessThan(0xff8080);
        String record = Files.readString(folder.resolve("out/vitrail.json"));
        assertThat(record).contains("\"rules\": 1", "\"boxes\"");
    }

    @Test
    void allBoxesOfAClassAreExplainedByItsName() {
        Captured call = explain("-t", "yolo:blue", "-t", "yolo", "-m", "gradient");

        assertThat(call.err()).isEmpty();
        assertThat(call.out()).contains("yolo:blue", "spots.* (3)");
        Captured wrong = explain("-t", "yolo:blu");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("nearest: blue");
    }

    @Test
    void aBoxThatIsNotPredictedIsRefusedAsAnInput() {
        Captured call = explain("-t", "box:2");

        assertThat(call.code()).isEqualTo(4);
        assertThat(call.err())
                .contains(
                        "the boxes are box:0 to box:1 with a score of 0.3 or more", "--threshold");
    }

    @Test
    void anchorsAndThresholdsThatAreNoneAreRefused() {
        String model = folder.resolve("spots.pt").toString();
        for (String wrong : List.of("0", "1", "2", "10x", "10x13,", "0x5", "-3", "10x13/")) {
            Captured call = Captured.run("sidecar", model, "--anchors=" + wrong);
            if (wrong.equals("1")) {
                assertThat(call.code()).isZero();
            } else {
                assertThat(call.code()).as(wrong).isEqualTo(2);
                assertThat(call.err()).containsAnyOf("no size", "2 do not fit the output");
            }
        }
        assertThat(call("predict", "--threshold", "1.5").err()).contains("numbers from 0 to 1");
    }

    /** The boxes that numpy finds in the reference's outputs: see the runtime's BoxesTest. */
    @Test
    void aRealDetectorNeedsNoSidecarForItsBoxes() {
        Path model = SharedData.model("torchscript/detector_traced.pt");
        Path input =
                model.resolveSibling("../../references/torch/detector/dog_class0.npz").normalize();

        Captured call =
                Captured.run("predict", model.toString(), input.toString(), "--threshold", "0.7");

        assertThat(call.out())
                .hasLineCount(17)
                .containsPattern(" 0 +3 +0\\.8325 +- +1\\.5 +0\\.0 +55\\.5 +79\\.5\n");
    }
}
