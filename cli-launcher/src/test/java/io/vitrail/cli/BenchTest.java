package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.testkit.SharedData;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bench says; how fast anything is, no test asks. */
class BenchTest {
    @Test
    void theUsualMethodsAreMeasuredBesideDjlsPredictor() {
        // so many that their sum is seen by a processor clock that ticks every 10 ms
        Captured call = Captured.run("bench", DemoModel.model(), "--repeats", "30", "--json");

        assertThat(call.err()).isEmpty();
        JsonArray all = json(call);
        assertThat(words(all, "method")).containsExactly("gradient", "guided-backprop", "grad-cam");
        assertThat(words(all, "layer")).containsExactly("", "", "layer3");
        for (JsonElement each : all) {
            JsonObject one = each.getAsJsonObject();
            double median = number(one, "median_ms");
            assertThat(number(one, "min_ms")).isPositive();
            assertThat(median).isBetween(number(one, "min_ms"), number(one, "max_ms"));
            assertThat(number(one, "cpu_ms")).isPositive();
            assertThat(number(one, "ratio")).isEqualTo(median / number(one, "forward_ms"));
            assertThat(number(one, "batch")).isEqualTo(1);
            assertThat(number(one, "threads")).isPositive();
            assertThat(number(one, "repeats")).isEqualTo(30);
            assertThat(one.get("forward_by").getAsString()).isEqualTo("DJL's Predictor");
            assertThat(one.get("form").getAsString()).isNotEmpty();
        }
    }

    @Test
    void theTableSaysWhatItWasMeasuredOn() {
        String picture = DemoModel.picture().toString();

        Captured call =
                Captured.run(
                        "bench",
                        DemoModel.model(),
                        picture,
                        "-m",
                        "pre-activation",
                        "-l",
                        "relu",
                        "-l",
                        "layer2.0.relu",
                        "--batch",
                        "2",
                        "--repeats",
                        "1");

        assertThat(call.err()).isEmpty();
        assertThat(call.out())
                .contains("\non " + picture + ", batch 2, threads ")
                .contains("rounds 1; forward: DJL's Predictor\n")
                .containsPattern(
                        "\n\\(forward\\) +- +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +1\\.00 +- +-\n")
                .containsPattern("\npre-activation +relu,layer2\\.0\\.relu +[0-9.]+ ");
        assertThat(call.code()).isZero();
    }

    @Test
    void anMxNetFileIsRunByDjlToo() {
        Captured call = bench("mxnet/tiny-symbol.json", "-m", "gradient");

        assertThat(words(json(call), "forward_by")).containsExactly("DJL's Predictor");
    }

    @Test
    void aKerasFileIsMeasuredBesideOurOwnPassAndThatIsSaid() {
        Captured call = bench("keras/nested.h5", "-m", "gradient");

        assertThat(words(json(call), "forward_by"))
                .containsExactly("Vitrail's own pass, for DJL does not run this file");
    }

    @Test
    void aNetworkWithoutClassesIsExplainedForTheSumOfItsOutput() {
        Captured call = bench("torchscript/detector_traced.pt", "-m", "gradient");

        assertThat(words(json(call), "target")).containsExactly("sum");
    }

    @Test
    void usualMethodsThatTheNetworkHasNothingForAreLeftOut() {
        Captured call = bench("torchscript/vit_tiny_traced.pt");

        assertThat(call.err()).contains("warning: guided-backprop is left out: ");
        assertThat(call.code()).isZero();
    }

    @Test
    void aMethodThatWasAskedForIsNotLeftOut() {
        Captured call = bench("torchscript/vit_tiny_traced.pt", "-m", "guided-backprop");

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err()).contains("guided-backprop has no rectifier to put its rule at");
    }

    @Test
    void tokensAreMeasuredAtTheirEmbedding() {
        Captured call = bench("torchscript/odd/embedding_traced.pt", "-m", "gradient");

        assertThat(call.code()).isZero();
        assertThat(words(json(call), "layer")).containsExactly("embedding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--repeats 0", "--batch 0", "-m gradcam"})
    void whatCannotBeMeasuredIsRefused(String words) {
        String[] word = words.split(" ");

        Captured call = Captured.run("bench", DemoModel.model(), word[0], word[1]);

        assertThat(call.code()).isEqualTo(2);
        assertThat(call.err()).startsWith("vitrail: ").contains(word[1]);
    }

    @Test
    void itemsAreRepeatedToFillABatch() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDList three = new NDList(manager.create(new float[] {1, 2, 3}, new Shape(3, 1)));

            NDList seven = BenchInputs.of(three, false, 7, manager);
            NDList two = BenchInputs.of(three, false, 2, manager);

            assertThat(seven.head().toFloatArray()).containsExactly(1, 2, 3, 1, 2, 3, 1);
            assertThat(two.head().toFloatArray()).containsExactly(1, 2);
            assertThat(BenchInputs.items(seven)).isEqualTo(7);
        }
    }

    @Test
    void theMedianIsInTheMiddle() {
        assertThat(Timing.of(List.of(run(5), run(1), run(9)))).isEqualTo(new Timing(5, 1, 9, 10));
        assertThat(Timing.of(List.of(run(4), run(1), run(9), run(2))))
                .isEqualTo(new Timing(3, 1, 9, 8));
    }

    private static Timing.Run run(double milliseconds) {
        return new Timing.Run(milliseconds, 2 * milliseconds);
    }

    private static Captured bench(String model, String... words) {
        List<String> all = new ArrayList<>(List.of("bench", SharedData.model(model).toString()));
        all.addAll(List.of("--repeats", "1", "--json"));
        all.addAll(List.of(words));
        return Captured.run(all.toArray(String[]::new));
    }

    private static JsonArray json(Captured call) {
        assertThat(call.code()).as(call.err()).isZero();
        return JsonParser.parseString(call.out()).getAsJsonArray();
    }

    private static List<String> words(JsonArray objects, String key) {
        return objects.asList().stream()
                .map(one -> one.getAsJsonObject().get(key).getAsString())
                .toList();
    }

    private static double number(JsonObject one, String key) {
        return one.get(key).getAsDouble();
    }
}
