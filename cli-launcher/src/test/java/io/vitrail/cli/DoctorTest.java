package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.inject.AbstractModule;
import com.google.inject.Module;
import com.google.inject.Provides;
import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.runtime.Vitrail;
import io.vitrail.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What doctor finds, and what it says of models. */
class DoctorTest {
    @TempDir private Path folder;

    @Test
    void everythingInstalledIsListedWithItsJarAndItsNatives() {
        Captured call = Captured.run("doctor", "--json");

        JsonObject facts = JsonParser.parseString(call.out()).getAsJsonObject();
        JsonObject engine = facts.getAsJsonArray("engines").get(1).getAsJsonObject();
        assertThat(call.err()).isEmpty();
        assertThat(call.code()).isZero();
        assertThat(facts.getAsJsonObject("java").get("version").getAsString()).startsWith("17");
        assertThat(facts.get("panes").toString()).contains("\"grad-cam\"", "\"torchscript\"");
        assertThat(facts.get("modules").toString()).contains("\"io.vitrail.api\"");
        assertThat(engine.get("name").getAsString()).isEqualTo("pytorch");
        assertThat(engine.get("version").getAsString()).isEqualTo("2.7.1");
        assertThat(Path.of(engine.get("natives").getAsString())).isDirectory();
        assertThat(engine.getAsJsonObject("details").get("threads").getAsInt()).isPositive();
    }

    @Test
    void bothEnginesAreNamedWithVersionThreadsAndMklDnn() {
        Captured call = Captured.run("doctor");

        // the library of 1.9.1 says 1.9.0; the build sets OMP_NUM_THREADS to 1, and MKL-DNN is on
        // where nobody turns it off
        assertThat(call.out())
                .containsPattern(
                        "\nmxnet +1\\.9\\.0 +threads 1 \\(OMP_NUM_THREADS\\), MKL-DNN on +/")
                .containsPattern("\npytorch +2\\.7\\.1 +threads \\d+ +/");
    }

    @Test
    void anEngineThatIsNotInstalledIsNotBroken() {
        Captured call =
                Captured.with(fitted(engine("abacus", "not installed: add it", "")), "doctor");

        assertThat(call.code()).isZero();
        assertThat(call.out()).containsPattern("\nabacus +- +- +not installed: add it\n");
    }

    @Test
    void anEngineThatDoesNotStartIsAFailureAndTheOthersGoOn() {
        Captured call = Captured.with(fitted(engine("abacus", "", "no libabacus.so")), "doctor");

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.out())
                .containsPattern("\nabacus +- +- +does not start: no libabacus.so\n")
                .containsPattern("\npytorch +2\\.7\\.1 ");
    }

    @Test
    void aBrokenPaneIsListedWithItsStageAndCause() {
        Captured call = Captured.with(fitted(engine("No Name", "", "")), "doctor");

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.out())
                .containsPattern("\nengine +- +broken: identity +io\\.vitrail\\.cli\\.DoctorTest")
                .contains("its id 'No Name' is not lower case letters, digits and '-'");
    }

    @Test
    void theDemoRunsAsDjlItselfRunsIt() {
        Captured call = Captured.run("doctor", DemoModel.model(), DemoModel.picture().toString());

        assertThat(call.code()).isZero();
        assertThat(call.out())
                .contains("input x (1, 3, 96, 96) float32\n")
                .contains("  compared: on " + DemoModel.picture() + "\n")
                .contains(
                        "  fidelity: equals DJL's own Predictor\n            output [1, 8]: off by ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inplace_alias_frozen",
                "double_traced",
                "half_scripted",
                "bfloat16_traced",
                "dict_output_traced",
                "tuple_output_scripted",
                "two_inputs_traced",
                "embedding_traced",
                "train_mode_scripted"
            })
    void oddModelsRunAsDjlItselfRunsThem(String name) {
        Captured call = Captured.run("doctor", odd(name), "--json");

        assertThat(call.err()).isEmpty();
        assertThat(fidelity(call).get("verdict").getAsString()).isEqualTo("equal");
        assertThat(call.code()).isZero();
    }

    @Test
    void aFormatThatDjlDoesNotReadIsNotCompared() {
        Path model = SharedData.model("keras/nested.h5");

        Captured call = Captured.run("doctor", model.toString(), "--json");

        assertThat(call.err()).isEmpty();
        assertThat(fidelity(call).get("verdict").getAsString()).isEqualTo("not-compared");
        assertThat(call.code()).isZero();
    }

    @Test
    void trainingModeThatNoSwitchTurnsOffIsSaid() {
        Captured call = Captured.run("doctor", odd("train_mode_traced_in_train"), "--json");

        // the stored difference is 0.11 on another input: README.torch.md
        assertThat(fidelity(call).get("verdict").getAsString()).isEqualTo("training");
        assertThat(call.code()).isZero();
    }

    @Test
    void dropoutThatNoSwitchTurnsOffIsSaid() throws IOException {
        String model =
                WrittenModel.write(
                        folder.resolve("dropout.pt"), "return torch.dropout(x, 0.5, True)");

        Captured call = Captured.run("doctor", model, "--shape", "1x100");

        assertThat(call.out()).contains("training mode written into it");
        assertThat(call.code()).isZero();
    }

    @Test
    void anotherNetworkDiffers() throws IOException {
        Path twice = folder.resolve("twice.pt");
        Path thrice = folder.resolve("thrice.pt");
        WrittenModel.write(twice, "return torch.mul(x, 2)");
        WrittenModel.write(thrice, "return torch.mul(x, 3)");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(twice);
                NDManager manager = model.newManager()) {
            NDList ones = new NDList(manager.ones(new Shape(1, 4)));

            Fidelity same = Fidelity.of(model, twice, ones);
            Fidelity other = Fidelity.of(model, thrice, ones);

            assertThat(same.verdict()).isEqualTo(Fidelity.Verdict.EQUAL);
            assertThat(other.verdict()).isEqualTo(Fidelity.Verdict.DIFFERENT);
            assertThat(other.outputs().get(0).difference()).isEqualTo(1 / 3.0);
            assertThat(other.text()).startsWith("  fidelity: DIFFERS from DJL's own Predictor\n");
        }
    }

    @Test
    void aModelThatBranchesOnValuesIsSaidToDoSo() throws IOException {
        String body =
                """
                if bool(torch.gt(torch.sum(x), 0)):
                  y = torch.mul(x, 2)
                else:
                  y = torch.mul(x, 5)
                return y
                """;
        String model = WrittenModel.write(folder.resolve("branch.pt"), body);

        Captured layers = Captured.run("layers", model, "--shape", "1x4");
        Captured doctor = Captured.run("doctor", model, "--shape", "1x4");

        assertThat(layers.out())
                .endsWith(
                        "\nits code branches on values: the layers hold for this input, and each input is recorded anew\n");
        assertThat(doctor.out())
                .contains("  values:   its code branches on values", "equals DJL's");
        assertThat(Captured.run("layers", model, "--shape", "1x4", "--json").out())
                .contains("\"readsValues\": true");
        assertThat(Captured.run("layers", DemoModel.model(), "--json").out())
                .contains("\"readsValues\": false");
    }

    @Test
    void wholeNumbersAreTriedWhereFloatsDoNotRun() {
        Captured call = Captured.run("doctor", odd("embedding_scripted"), "--shape", "2x12");

        assertThat(call.out()).contains("input tokens (2, 12) int64", "equals DJL's own Predictor");
        assertThat(call.code()).isZero();
    }

    @Test
    void aFileThatOurReaderRefusesNeverReachesDjl() {
        Captured call = Captured.run("doctor", "pom.xml");

        assertThat(call.code()).isEqualTo(3);
        assertThat(call.out()).doesNotContain("compared");
    }

    @Test
    void whatIsInstalledIsListedBeforeWhatIsMissing() throws IOException {
        Path bare = Files.copy(Path.of(DemoModel.model()), folder.resolve("bare.pt"));
        String picture = DemoModel.picture().toString();

        Captured text = Captured.run("doctor", bare.toString(), picture);
        Captured json = Captured.run("doctor", "nope.pt", "--json");

        assertThat(text.code()).isEqualTo(2);
        assertThat(text.out()).startsWith("vitrail ").contains("\npytorch ");
        assertThat(text.err()).contains("do: give --preprocess with a size");
        JsonObject document = JsonParser.parseString(json.out()).getAsJsonObject();
        assertThat(json.code()).isEqualTo(3);
        assertThat(document.getAsJsonArray("engines")).isNotEmpty();
        assertThat(document.getAsJsonObject("error").get("kind").getAsString()).isEqualTo("model");
    }

    @Test
    void theDifferenceIsRelativeToTheLargestValue() {
        assertThat(Fidelity.difference(values(1, -8), values(1.5f, -8))).isEqualTo(0.0625);
        assertThat(Fidelity.difference(values(Float.NaN, 2), values(Float.NaN, 2))).isZero();
        assertThat(Fidelity.difference(values(Float.NaN, 2), values(1, 2))).isInfinite();
        assertThat(Fidelity.difference(values(1), values(1, 2))).isInfinite();
    }

    @Test
    void halfTypesMayBeOffByFourUnitsInTheLastPlace() {
        // between 2 and 4 a half has steps of 2^-9, a bfloat16 of 2^-6
        assertThat(Fidelity.bound(DataType.FLOAT16, 2.5, "exact"))
                .isCloseTo(4 * 0.001953125 / 2.5, within(1e-12));
        assertThat(Fidelity.bound(DataType.BFLOAT16, 2.5, "exact"))
                .isCloseTo(4 * 0.015625 / 2.5, within(1e-12));
        assertThat(Fidelity.bound(DataType.FLOAT32, 2.5, "exact")).isEqualTo(1e-5);
        assertThat(Fidelity.bound(DataType.FLOAT32, 2.5, "rewritten")).isEqualTo(1e-4);
    }

    private static Values values(float... numbers) {
        return Values.of(numbers, Axes.NONE, numbers.length);
    }

    private static JsonObject fidelity(Captured call) {
        return JsonParser.parseString(call.out())
                .getAsJsonObject()
                .getAsJsonObject("model")
                .getAsJsonObject("fidelity");
    }

    private static String odd(String name) {
        return SharedData.model("torchscript/odd/" + name + ".pt").toString();
    }

    private static Module fitted(Engine engine) {
        return new AbstractModule() {
            @Provides
            Vitrail vitrail() {
                return Vitrail.builder().fit(engine).open();
            }
        };
    }

    private static Engine engine(String name, String missing, String failure) {
        return new Engine() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String missing() {
                return missing;
            }

            @Override
            public String version() {
                throw VitrailException.failure(failure);
            }

            @Override
            public Model load(GraphSource source, Settings settings) {
                throw VitrailException.failure(failure);
            }
        };
    }
}
