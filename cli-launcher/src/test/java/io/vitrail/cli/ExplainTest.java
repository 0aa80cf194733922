package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.demo.Demo;
import io.vitrail.demo.Scenes;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What explain writes and prints, on the embedded network. */
class ExplainTest {
    @TempDir private Path folder;

    @Test
    void aPictureGivesDrawingsArraysAndARecord() throws IOException {
        Captured call = explain(DemoModel.picture(), "-m", "grad-cam", "-m", "gradient");

        assertThat(call.err()).isEmpty();
        assertThat(call.code()).isZero();
        assertThat(written())
                .containsExactly(
                        "scene.grad-cam.png", "scene.gradient.png", "scene.npz", "vitrail.json");
        assertThat(npz("scene").keySet())
                .containsExactly("grad-cam/" + Demo.LAYER, "gradient", "output", "target", "score");
        assertThat(npz("scene").get("gradient").values().shape())
                .containsExactly(1, 3, Scenes.SIDE, Scenes.SIDE);
        assertThat(ImageIO.read(out("scene.grad-cam.png").toFile()).getWidth())
                .isGreaterThanOrEqualTo(Scenes.SIDE);
        assertThat(call.out().lines().toList())
                .hasSize(2)
                .first()
                .asString()
                .matches("INPUT +TARGET +CLASS +LABEL +SCORE +FILES");
        assertThat(call.out()).contains("scene.png  predicted", "scene.* (3)");
    }

    @Test
    void aPictureSaysWhatMadeIt() throws Exception {
        explain(DemoModel.picture(), "-m", "guided-grad-cam", "-t", "label:ring", "-l", "layer2");

        Map<String, String> texts = PngTexts.of(out("scene.guided-grad-cam.png"));
        byte[] model = Files.readAllBytes(Path.of(DemoModel.model()));
        assertThat(texts)
                .containsEntry("Software", "Vitrail " + Version.number())
                .containsEntry("Model", "shapes.pt")
                .containsEntry(
                        "Model-SHA256",
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(model)))
                .containsEntry("Source", "scene.png")
                .containsEntry("Method", "guided-grad-cam")
                .containsEntry("Input", "x")
                .containsEntry("Layer", "layer2")
                .containsEntry("Target", "label:ring")
                .containsEntry("Score", "logit")
                .containsEntry("Preprocess", "unit,size=96,stretch");
        assertThat(texts.get("Options")).contains("resize=nearest");
    }

    @Test
    void theHeatHasTheChosenColours() throws IOException {
        Captured call = explain(DemoModel.picture(), "-m", "grad-cam", "--colours", "grey");

        assertThat(call.err()).isEmpty();
        BufferedImage grey = ImageIO.read(out("scene.grad-cam.png").toFile());
        explain(DemoModel.picture(), "-m", "grad-cam");
        BufferedImage usual = ImageIO.read(out("scene.grad-cam.png").toFile());
        // full strength is white in grey and dark red in turbo
        assertThat(brightest(grey)).isGreaterThan(brightest(usual));
        assertThat(JsonParser.parseString(Files.readString(out("vitrail.json"))).toString())
                .contains("\"colours\":[]");
    }

    /** The sum of the channels of the brightest pixel. */
    private static int brightest(BufferedImage image) {
        int brightest = 0;
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
            brightest = Math.max(brightest, (rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255));
        }
        return brightest;
    }

    @Test
    void aPictureSaysWhichClassWasPredicted() throws Exception {
        explain(DemoModel.picture(), "-m", "grad-cam");

        Map<String, String> texts = PngTexts.of(out("scene.grad-cam.png"));
        JsonObject target =
                record().getAsJsonArray("inputs")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonArray("targets")
                        .get(0)
                        .getAsJsonObject();
        int predicted = target.getAsJsonArray("classes").get(0).getAsInt();
        assertThat(texts)
                .containsEntry("Target", "predicted")
                .containsEntry("Class", Integer.toString(predicted))
                .containsEntry("Label", Demo.labels().get(predicted));
        assertThat(Double.parseDouble(texts.get("Score-Value")))
                .isEqualTo(target.getAsJsonArray("scores").get(0).getAsDouble());
    }

    @Test
    void theRecordSaysWhatIsNeededToRepeatTheRun() throws Exception {
        explain(
                DemoModel.picture(),
                "-m",
                "guided-backprop",
                "-t",
                "label:ring",
                "-s",
                "reduce=l2");

        JsonObject record = record();
        byte[] model = Files.readAllBytes(Path.of(DemoModel.model()));
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
        assertThat(record.getAsJsonObject("model").get("sha256").getAsString()).isEqualTo(digest);
        assertThat(record.getAsJsonObject("engine").get("name").getAsString()).isEqualTo("pytorch");
        assertThat(record.getAsJsonObject("asked").get("settings").toString())
                .isEqualTo("[\"reduce=l2\"]");
        JsonObject input = record.getAsJsonArray("inputs").get(0).getAsJsonObject();
        assertThat(input.get("forwardPasses").getAsInt()).isEqualTo(1);
        assertThat(input.get("seconds").getAsDouble()).isPositive();
        assertThat(input.get("preprocess").getAsString()).startsWith(Demo.PREPROCESS + ",size=96");
        assertThat(input.getAsJsonObject("options").toString())
                .isEqualTo(
                        "{\"guided-backprop\":{\"reduce\":\"l2\",\"smooth\":\"false\",\"leaky\":\"keep\"}}");
        JsonObject target = input.getAsJsonArray("targets").get(0).getAsJsonObject();
        assertThat(target.get("target").getAsString()).isEqualTo("label:ring");
        assertThat(target.get("classes").toString())
                .isEqualTo("[" + Demo.labels().indexOf("ring") + "]");
        JsonObject result = input.getAsJsonArray("results").get(0).getAsJsonObject();
        assertThat(result.get("method").getAsString()).isEqualTo("guided-backprop");
        assertThat(result.get("rules").getAsInt()).isPositive();
        assertThat(result.get("shape").toString()).isEqualTo("[1,96,96]");
        assertThat(result.has("empty")).isFalse();
    }

    @Test
    void theRecordNamesTheLayerThatNobodyChose() throws IOException {
        explain(DemoModel.picture(), "-m", "guided-grad-cam", "--save", "json");

        JsonObject input = record().getAsJsonArray("inputs").get(0).getAsJsonObject();
        assertThat(input.get("layers").toString())
                .isEqualTo("{\"guided-grad-cam\":[\"" + Demo.LAYER + "\"]}");
    }

    @Test
    void theJsonOnStandardOutputIsTheRecord() throws IOException {
        Captured call = explain(DemoModel.picture(), "--json");

        assertThat(JsonParser.parseString(call.out())).isEqualTo(record());
    }

    @Test
    void severalLayersAndTargetsAreInTheNames() throws IOException {
        explain(
                DemoModel.picture(),
                "-m",
                "grad-cam",
                "-l",
                "layer2",
                "-l",
                "layer3",
                "-t",
                "class:0",
                "-t",
                "label:ring",
                "--save",
                "png");

        assertThat(written())
                .containsExactly(
                        "scene.grad-cam.layer2.class_0.png",
                        "scene.grad-cam.layer2.label_ring.png",
                        "scene.grad-cam.layer3.class_0.png",
                        "scene.grad-cam.layer3.label_ring.png");
    }

    @Test
    void aPictureAndItsNumbersGiveTheSame() throws IOException {
        long[] shape = {1, 3, Scenes.SIDE, Scenes.SIDE};
        Path array = folder.resolve("numbers.npy");
        Npy.write(
                array, NpyArray.of(Values.of(Demo.scene().input(), Axes.channelsFirst(4), shape)));

        explain(DemoModel.picture(), "-m", "gradient", "-t", "class:1", "--save", "npz");
        explain(array, "-m", "gradient", "-t", "class:1", "--save", "npz");

        double[] fromNumbers = npz("numbers").get("gradient").values().toDoubles();
        assertThat(npz("scene").get("gradient").values().toDoubles())
                .containsExactly(fromNumbers, within(1e-6)); // x/255 rounds once on either way
    }

    @Test
    void aBatchOfNumbersIsDrawnItemByItem() throws IOException {
        int size = 3 * Scenes.SIDE * Scenes.SIDE;
        float[] two = Arrays.copyOf(Demo.scene().input(), 2 * size);
        System.arraycopy(Scenes.scene(3).input(), 0, two, size, size);
        Path array = folder.resolve("two.npz");
        Npz.write(
                array,
                Map.of(
                        "input",
                        Values.of(two, Axes.channelsFirst(4), 2, 3, Scenes.SIDE, Scenes.SIDE)));

        Captured call = explain(array, "-m", "grad-cam", "-t", "class:1,2");

        assertThat(call.code()).isZero();
        assertThat(written())
                .containsExactly(
                        "two.0.grad-cam.png", "two.1.grad-cam.png", "two.npz", "vitrail.json");
        assertThat(npz("two").get("target").values().toDoubles()).containsExactly(1, 2);
        assertThat(call.out()).contains("two.npz[0]", "two.npz[1]");
    }

    @Test
    void picturesOfABatchGetWhatTheyGetAlone() throws IOException {
        Path other = folder.resolve("in/other.png");
        Files.createDirectories(other.getParent());
        ImageIO.write(Scenes.scene(3).image(), "png", other.toFile());
        Files.copy(DemoModel.picture(), folder.resolve("in/scene.png"));
        String[] more = {"-m", "gradient", "-t", "class:1,2", "--save", "npz"};

        explain(folder.resolve("in"), more);
        Map<String, NpyArray> alone = npz("other");
        explain(
                folder.resolve("in"),
                Stream.concat(Arrays.stream(more), Stream.of("--batch", "2"))
                        .toArray(String[]::new));

        assertThat(alone.get("target").values().toDoubles()).containsExactly(1);
        assertThat(npz("scene").get("target").values().toDoubles()).containsExactly(2);
        assertThat(npz("other").get("score").values().get(0))
                .isCloseTo(alone.get("score").values().get(0), within(1e-4));
    }

    @Test
    void classesForAnotherNumberOfInputsAreRefused() {
        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        DemoModel.picture().toString(),
                        "-t",
                        "class:1,2",
                        "-o",
                        out("").toString());

        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err()).startsWith("vitrail: -t class:1,2: 2 classes for 1 input\n");
    }

    private Captured explain(Path input, String... more) {
        Stream<String> call =
                Stream.of("explain", DemoModel.model(), input.toString(), "-o", out("").toString());
        return Captured.run(Stream.concat(call, Arrays.stream(more)).toArray(String[]::new));
    }

    private Path out(String name) {
        return folder.resolve("out").resolve(name);
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(out(""))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Map<String, NpyArray> npz(String stem) {
        return Npz.read(out(stem + ".npz"));
    }

    private JsonObject record() throws IOException {
        return JsonParser.parseString(Files.readString(out("vitrail.json"))).getAsJsonObject();
    }

    @Test
    void doublesAreFedAsTheFloatsThatTheNetworkTakes() throws IOException {
        double[] doubles = new double[3 * 32 * 32];
        float[] floats = new float[doubles.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = Math.sin(i);
            floats[i] = (float) Math.sin(i);
        }
        Axes axes = Axes.channelsFirst(4);
        Path wide = folder.resolve("wide.npy");
        Path narrow = folder.resolve("narrow.npy");
        Npy.write(wide, NpyArray.of(Values.of(doubles, axes, 1, 3, 32, 32)));
        Npy.write(narrow, NpyArray.of(Values.of(floats, axes, 1, 3, 32, 32)));

        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        wide.toString(),
                        narrow.toString(),
                        "-o",
                        folder.toString());

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(Npz.read(folder.resolve("wide.npz")).get("grad-cam/layer3").values())
                .isEqualTo(Npz.read(folder.resolve("narrow.npz")).get("grad-cam/layer3").values());
    }

    /** numpy's {@code np.asarray(picture)} is of bytes. */
    @Test
    void bytesAreFedAsTheFloatsThatTheNetworkTakes() throws IOException {
        byte[] bytes = new byte[3 * 32 * 32];
        float[] floats = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (37 * i);
            floats[i] = bytes[i] & 0xff;
        }
        Path narrow = folder.resolve("bytes.npy");
        Path wide = folder.resolve("floats.npy");
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3, 32, 32), }";
        header += " ".repeat(128 - 10 - header.length() - 1) + "\n";
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        file.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(bytes);
        Files.write(narrow, file.toByteArray());
        Npy.write(wide, NpyArray.of(Values.of(floats, Axes.channelsFirst(4), 1, 3, 32, 32)));

        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        narrow.toString(),
                        wide.toString(),
                        "-m",
                        "gradient",
                        "-o",
                        folder.toString());

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(Npz.read(folder.resolve("bytes.npz")).get("gradient").values())
                .isEqualTo(Npz.read(folder.resolve("floats.npz")).get("gradient").values());
    }

    @Test
    void aTargetSaidTwiceIsOneMap() throws IOException {
        String out = folder.resolve("twice").toString();

        Captured call =
                Captured.run(
                        "explain",
                        DemoModel.model(),
                        DemoModel.picture().toString(),
                        "-t",
                        "class:3",
                        "-t",
                        "class:3",
                        "-o",
                        out);

        assertThat(call.code()).isZero();
        assertThat(Path.of(out, "scene.grad-cam.png")).exists();
        assertThat(Npz.read(Path.of(out, "scene.npz"))).containsKey("score");
    }
}
