package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predict, layers and sidecar, on the embedded network. */
class ModelCommandsTest {
    @TempDir private Path folder;

    @Test
    void predictRanksTheClasses() {
        Captured call =
                Captured.run(
                        "predict",
                        DemoModel.model(),
                        DemoModel.picture().toString(),
                        "--top",
                        "3",
                        "--json");

        JsonArray ranked =
                JsonParser.parseString(call.out())
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonArray("classes")
                        .get(0)
                        .getAsJsonArray();
        assertThat(call.code()).isZero();
        assertThat(ranked).hasSize(3);
        double before = 1;
        for (var one : ranked) {
            JsonObject entry = one.getAsJsonObject();
            assertThat(entry.get("probability").getAsDouble()).isBetween(0.0, before);
            assertThat(entry.get("label").getAsString())
                    .isEqualTo(Demo.labels().get(entry.get("index").getAsInt()));
            before = entry.get("probability").getAsDouble();
        }
    }

    @Test
    void layersTakesItsShapeFromTheInputTheOptionOrTheFile() {
        assertThat(Captured.run("layers", DemoModel.model(), "--shape", "1x3x64x64").out())
                .contains("(1, 3, 64, 64) float32\n");
        assertThat(
                        Captured.run(
                                        "layers",
                                        DemoModel.model(),
                                        DemoModel.picture().toString(),
                                        "--preprocess",
                                        "unit,size=80")
                                .out())
                .contains("(1, 3, 80, 80) float32\n");
    }

    @Test
    void layersSaysWhereRulesStand() {
        Captured call = Captured.run("layers", DemoModel.model(), "--shape", "1x3x96x96");

        assertThat(call.out())
                .containsPattern("\nconv1 +conv2d +\\(1, \\d+, \\d+, \\d+\\) +\\d+\n");
        assertThat(call.out())
                .containsPattern("\nrelu +relu +\\(1, \\d+, \\d+, \\d+\\) +0 +rectifier\n");
        assertThat(call.out()).containsPattern("\n\\d+ layers, \\d+ parameters\n");
    }

    @Test
    void aFileOfNoKnownFormatIsAnsweredWithTheKnownOnes() throws IOException {
        Path file = Files.writeString(folder.resolve("model.caffemodel"), "layers");

        Captured call = Captured.run("layers", file.toString());

        assertThat(call.code()).isEqualTo(3);
        assertThat(call.err()).contains("model.caffemodel", "torchscript", ".pt", "keras", ".h5");
    }

    @Test
    void sidecarKeepsWhatIsNotGivenAnew() throws IOException {
        Path model = Files.writeString(folder.resolve("m.pt"), "any");
        Path labels = Files.write(folder.resolve("names.txt"), List.of("cat", "dog"));

        Captured.run(
                "sidecar",
                model.toString(),
                "--preprocess",
                "torch,size=224",
                "--labels",
                labels.toString());
        Captured second =
                Captured.run("sidecar", model.toString(), "-l", "layer4", "--shape", "1x3x224x224");

        assertThat(second.out()).isEqualTo(model + ".vitrail.json\n");
        JsonObject written =
                JsonParser.parseString(Files.readString(Path.of(model + ".vitrail.json")))
                        .getAsJsonObject();
        assertThat(written.get("preprocess").getAsString()).startsWith("torch,size=224");
        assertThat(written.get("labels").getAsString()).isEqualTo("names.txt");
        assertThat(written.get("layer").getAsString()).isEqualTo("layer4");
        assertThat(written.get("shape").toString()).isEqualTo("[1,3,224,224]");
    }

    @Test
    void aSidecarThatSaysNothingIsRefused() throws IOException {
        Path model = Files.writeString(folder.resolve("m.pt"), "any");

        assertThat(Captured.run("sidecar", model.toString()).code()).isEqualTo(2);
        assertThat(Captured.run("sidecar", folder + "/nope.pt", "-l", "x").code()).isEqualTo(3);
    }
}
