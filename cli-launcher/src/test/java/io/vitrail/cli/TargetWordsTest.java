package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.render.Npy;
import io.vitrail.render.NpyArray;
import io.vitrail.render.Npz;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets from the command line to the files: every word, alone and repeated. */
class TargetWordsTest {
    @TempDir private Path folder;

    @Test
    void oneNumberUnderManyNamesHasOneScoreAndOneGradient() {
        List<String> names =
                List.of(
                        "class:2",
                        "output:0/class:2",
                        "output:output/class:2",
                        "at:fc/class:2",
                        "neuron:fc:2",
                        "channel:fc:2",
                        "label:" + io.vitrail.demo.Demo.labels().get(2));

        Map<String, NpyArray> arrays = explainDemo("gradient", names);

        double score = arrays.get("output").values().get(2);
        Values gradient = arrays.get("gradient@class:2").values();
        for (String name : names) {
            assertThat(arrays.get("score@" + name).values().get(0)).as(name).isEqualTo(score);
            assertClose(arrays.get("gradient@" + name).values(), gradient, 1e-6);
        }
    }

    @Test
    void theGradientOfTheSumIsTheSumOfTheGradients() {
        List<String> classes = new ArrayList<>(List.of("sum", "layer:fc"));
        for (int k = 0; k < 8; k++) {
            classes.add("class:" + k);
        }

        Map<String, NpyArray> arrays = explainDemo("gradient", classes);

        double[] sum = new double[arrays.get("gradient@sum").values().size()];
        for (int k = 0; k < 8; k++) {
            Values one = arrays.get("gradient@class:" + k).values();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += one.get(i);
            }
        }
        Values added = Values.of(sum, Axes.NONE, arrays.get("gradient@sum").values().shape());
        assertClose(arrays.get("gradient@sum").values(), added, 1e-5); // float32, eight terms
        assertClose(arrays.get("gradient@layer:fc").values(), added, 1e-5);
    }

    @Test
    void placesInsideTheNetworkScoreWhatTheLayerGivesOut() {
        Map<String, NpyArray> arrays =
                explainDemo(
                        "activation",
                        List.of("layer:layer3", "channel:layer3:5", "neuron:layer3:5,6,7"),
                        "-m",
                        "gradient",
                        "-l",
                        "layer3");

        Values layer = arrays.get("activation/layer3").values(); // (1, 64, 12, 12)
        double[] all = layer.toDoubles();
        double[] channel = Arrays.copyOfRange(all, 5 * 144, 6 * 144);
        assertThat(score(arrays, "layer:layer3")).isCloseTo(Arrays.stream(all).sum(), within(1e-3));
        assertThat(score(arrays, "channel:layer3:5"))
                .isCloseTo(Arrays.stream(channel).average().orElseThrow(), within(1e-5));
        assertThat(score(arrays, "neuron:layer3:5,6,7")).isEqualTo(channel[6 * 12 + 7]);
        double[] atNeuron = arrays.get("gradient@neuron:layer3:5,6,7/layer3").values().toDoubles();
        assertThat(Arrays.stream(atNeuron).sum()).isEqualTo(1); // one at the neuron, else zero
        assertThat(atNeuron[5 * 144 + 6 * 12 + 7]).isEqualTo(1);
        assertThat(arrays.get("gradient@layer:layer3/layer3").values().toDoubles())
                .containsOnly(1.0);
    }

    @Test
    void theScoreIsALogitAProbabilityOrALoss() {
        Map<String, NpyArray> logits = explainDemo("gradient", List.of("class:2"));
        double[] output = logits.get("output").values().toDoubles();
        double total = Arrays.stream(output).map(Math::exp).sum();
        double probability = Math.exp(output[2]) / total;

        assertThat(logits.get("score").values().get(0)).isEqualTo(output[2]);
        assertThat(
                        explainDemo("gradient", List.of("class:2"), "--score", "probability")
                                .get("score")
                                .values()
                                .get(0))
                .isCloseTo(probability, within(1e-6));
        assertThat(
                        explainDemo("gradient", List.of("class:2"), "--score", "cross-entropy")
                                .get("score")
                                .values()
                                .get(0))
                .isCloseTo(-Math.log(probability), within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"traced", "scripted"})
    void yoloScoresOneClassOverAllBoxesAndOutputs(String kind) {
        ReferenceArrays none = SharedData.reference("torch/detector/dog_class0.npz");
        ReferenceArrays two = SharedData.reference("torch/detector/dog_class2.npz");

        Map<String, NpyArray> arrays =
                explain(
                        SharedData.model("torchscript/detector_" + kind + ".pt"),
                        input("input", none.get("input")),
                        "-m gradient -m guided-backprop -t yolo:0 -t yolo:2 -t output:1/yolo:2");

        assertClose(arrays.get("gradient@yolo:0").values(), none.get("grad"), 2e-5);
        assertClose(arrays.get("gradient@yolo:2").values(), two.get("grad"), 2e-5);
        assertClose(arrays.get("guided-backprop@yolo:2").values(), two.get("guided"), 2e-5);
        assertThat(score(arrays, "output:1/yolo:2"))
                .isPositive()
                .isLessThan(score(arrays, "yolo:2"));
    }

    @Test
    void severalInputsGetAGradientEach() {
        ReferenceArrays torch = SharedData.reference("torch/odd/two_inputs/rand.npz");
        Path both = folder.resolve("both.npz");
        Npz.write(both, Map.of("input_0", torch.get("input_0"), "input_1", torch.get("input_1")));

        Map<String, NpyArray> arrays =
                explain(
                        SharedData.model("torchscript/odd/two_inputs_traced.pt"),
                        both,
                        "-m gradient -t class:0,2"); // the targets of the reference, one an item

        assertClose(arrays.get("gradient/image").values(), torch.get("grad_0"), 2e-5);
        assertClose(arrays.get("gradient/numbers").values(), torch.get("grad_1"), 2e-5);
    }

    @Test
    void anOutputIsChosenByNumberOrName() {
        ReferenceArrays torch = SharedData.reference("torch/odd/tuple_output/rand.npz");

        Map<String, NpyArray> arrays =
                explain(
                        SharedData.model("torchscript/odd/tuple_output_scripted.pt"),
                        input("input", torch.get("input")),
                        "-m gradient -t class:0 -t output:0/class:0 -t output:1.1/class:3");

        assertClose(arrays.get("gradient@class:0").values(), torch.get("grad"), 2e-5);
        assertClose(arrays.get("gradient@output:0/class:0").values(), torch.get("grad"), 2e-5);
        assertThat(score(arrays, "output:1.1/class:3"))
                .isCloseTo(torch.get("output_2").get(3), within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"traced", "scripted"})
    void wholeNumbersAreExplainedAtTheLayerThatReadsThem(String kind) {
        ReferenceArrays torch = SharedData.reference("torch/odd/embedding/rand.npz");
        Path model = SharedData.model("torchscript/odd/embedding_" + kind + ".pt");
        double[] tokens = torch.get("input").toDoubles();
        Path input = folder.resolve("tokens.npy");
        Npy.write(
                input,
                NpyArray.of(
                        Arrays.stream(tokens).mapToLong(token -> (long) token).toArray(), 2, 12));

        Map<String, NpyArray> byItself = explain(model, input, "-m gradient -t class:4");
        Map<String, NpyArray> arrays =
                explain(model, input, "-m gradient -m guided-backprop -t class:4 -l embedding");

        assertClose(byItself.get("gradient/embedding").values(), torch.get("grad/embedding"), 2e-5);
        assertClose(arrays.get("gradient/embedding").values(), torch.get("grad/embedding"), 2e-5);
        assertClose(
                arrays.get("guided-backprop/embedding").values(),
                torch.get("guided/embedding"),
                2e-5);
    }

    private static double score(Map<String, NpyArray> arrays, String target) {
        return arrays.get("score@" + target).values().get(0);
    }

    private Map<String, NpyArray> explainDemo(String method, List<String> targets, String... more) {
        StringBuilder words = new StringBuilder("-m " + method);
        targets.forEach(target -> words.append(" -t ").append(target));
        for (String word : more) {
            words.append(' ').append(word);
        }
        return explain(Path.of(DemoModel.model()), DemoModel.picture(), words.toString());
    }

    private Map<String, NpyArray> explain(Path model, Path input, String words) {
        Captured call = run(model, input, words);
        assertThat(call.code()).as(call.err()).isZero();
        String stem = input.getFileName().toString().replaceAll("\\.[a-z]+$", "");
        return Npz.read(folder.resolve("out/" + stem + ".npz"), key -> true);
    }

    private Captured run(Path model, Path input, String words) {
        List<String> call = new ArrayList<>(List.of("explain", model.toString(), input.toString()));
        call.addAll(List.of(words.split(" ")));
        call.addAll(List.of("-o", folder + "/out", "--save", "npz"));
        return Captured.run(call.toArray(String[]::new));
    }

    private Path input(String name, Values values) {
        Path file = folder.resolve(name + ".npy");
        Npy.write(file, NpyArray.of(values));
        return file;
    }

    /** README.torch.md: the largest difference by the largest value. */
    private static void assertClose(Values actual, Values expected, double tolerance) {
        assertThat(actual.shape()).containsExactly(expected.shape());
        double scale = Arrays.stream(expected.toDoubles()).map(Math::abs).max().orElse(0);
        assertThat(actual.toDoubles())
                .containsExactly(expected.toDoubles(), within(tolerance * scale));
    }
}
