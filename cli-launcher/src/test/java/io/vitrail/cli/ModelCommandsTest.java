package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.demo.Demo;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path file = Files.writeString(folder.resolve("model.h5"), "\u0089HDF");

        Captured call = Captured.run("layers", file.toString());

        assertThat(call.code()).isEqualTo(3);
        assertThat(call.err()).contains("model.h5", "torchscript", ".pt");
    }

    @Test
    void sidecarKeepsWhatIsNotGivenAnew() throws IOException {
        Path model = Files.copy(Path.of(DemoModel.model()), folder.resolve("m.pt"));
        Path labels = Files.write(folder.resolve("names.txt"), Demo.labels());

        Captured.run(
                "sidecar",
                model.toString(),
                "--preprocess",
                "torch,size=224",
                "--labels",
                labels.toString());
        Captured second =
                Captured.run("sidecar", model.toString(), "-l", "layer2", "--shape", "1x3x64x64");

        assertThat(second.out()).isEqualTo(model + ".vitrail.json\n");
        JsonObject written =
                JsonParser.parseString(Files.readString(Path.of(model + ".vitrail.json")))
                        .getAsJsonObject();
        assertThat(written.get("preprocess").getAsString()).startsWith("torch,size=224");
        assertThat(written.get("labels").getAsString()).isEqualTo("names.txt");
        assertThat(written.get("layer").getAsString()).isEqualTo("layer2");
        assertThat(written.get("shape").toString()).isEqualTo("[1,3,64,64]");
    }

    @Test
    void aSidecarThatSaysNothingIsRefused() throws IOException {
        Path model = Files.writeString(folder.resolve("m.pt"), "any");

        assertThat(Captured.run("sidecar", model.toString()).code()).isEqualTo(2);
        assertThat(Captured.run("sidecar", folder + "/nope.pt", "-l", "x").code()).isEqualTo(3);
    }

    @Test
    void aSidecarIsWrittenUncheckedWhereNoShapeIsKnown() throws IOException {
        Path model =
                Files.copy(
                        SharedData.model("torchscript/odd/two_inputs_scripted.pt"),
                        folder.resolve("two.pt"));

        Captured call = Captured.run("sidecar", model.toString(), "-l", "any");

        assertThat(call.code()).isZero();
        assertThat(call.err())
                .startsWith("vitrail: warning: " + model + ": not checked against the model")
                .endsWith("\n  do:  give --shape too\n");
    }

    @Test
    void predictSumsUpEachOfSeveralOutputs() throws IOException {
        Path array = folder.resolve("x.npy");
        Npy.write(array, NpyArray.of(Values.of(new float[768], Axes.NONE, 1, 3, 16, 16)));

        Captured call =
                Captured.run(
                        "predict",
                        SharedData.model("torchscript/odd/dict_output_traced.pt").toString(),
                        array.toString());

        assertThat(call.out())
                .containsPattern("x.npy +\\d +0\\.\\d{4} +-\n")
                .containsPattern("x.npy +logits +\\[1, 5] ")
                .containsPattern("x.npy +features +\\[1, 8, 16, 16] ");
    }
}
