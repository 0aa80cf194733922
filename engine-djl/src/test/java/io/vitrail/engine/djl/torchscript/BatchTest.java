package io.vitrail.engine.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Engine;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.engine.djl.torch.PyTorchEngine;
import io.vitrail.testkit.Difference;
import io.vitrail.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An item alone is what it is among others; where a file cannot, it says so. */
class BatchTest {
    private static final int ITEMS = 3;

    @TempDir Path folder;

    /** Every model of the reference data, below {@code torchscript}. */
    static Stream<String> models() throws IOException {
        Path all =
                Path.of(
                        System.getProperty("vitrail.shared", "absent"),
                        "data",
                        "models",
                        "torchscript");
        if (!Files.isDirectory(all)) {
            return Stream.of("absent.pt");
        }
        try (Stream<Path> files = Files.walk(all)) {
            return files
                    .map(file -> all.relativize(file).toString())
                    .filter(name -> name.matches(".*\\.pt(\\.gz)?"))
                    .map(name -> name.replace(".gz", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static List<Shape> shapes(String model) {
        if (model.contains("two_inputs")) {
            return List.of(new Shape(1, 3, 16, 16), new Shape(1, 6));
        }
        long[] sizes =
                model.contains("embedding")
                        ? new long[] {1, 12}
                        : model.contains("known_m1")
                                ? new long[] {1, 1, 4, 4}
                                : model.startsWith("odd/")
                                        ? new long[] {1, 3, 16, 16}
                                        : model.startsWith("resnet20")
                                                ? new long[] {1, 3, 32, 32}
                                                : model.startsWith("onet")
                                                        ? new long[] {1, 3, 48, 48}
                                                        : model.startsWith("efficientnet")
                                                                ? new long[] {1, 3, 224, 224}
                                                                : new long[] {1, 3, 64, 64};
        return List.of(new Shape(sizes));
    }

    private static DataType type(String model) {
        return model.contains("embedding")
                ? DataType.INT64
                : model.contains("double") ? DataType.FLOAT64 : DataType.FLOAT32;
    }

    private static NDArray random(NDManager manager, Shape shape, DataType type, Random random) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    type == DataType.INT64
                            ? random.nextInt(40) // of 48 words
                            : shape.get(1) == 1
                                    ? 20 * random.nextFloat() // M1's biases are -50 and -75
                                    : (float) random.nextGaussian();
        }
        NDArray floats = manager.create(values, shape);
        return type == DataType.FLOAT32 ? floats : floats.toType(type, true);
    }

    /** Every other value of the first output, summed: the sum of a softmax has no slope. */
    private static final Target EVERY_OTHER =
            outputs -> {
                NDArray flat = outputs.head().reshape(outputs.head().getShape().get(0), -1);
                return flat.get(":, ::2").sum(new int[] {1});
            };

    /** Outputs, and what the way back gives, by name. */
    private static Map<String, Values> results(Model model, NDList inputs, boolean integers) {
        Map<String, Values> results = new LinkedHashMap<>();
        Probe probe = Probe.outputsOnly();
        List<Layer> layers = List.of();
        boolean ruled = model.layers(inputs).matching(Layer::isRectifier).size() > 0;
        if (integers) {
            layers = List.of(model.layers(inputs).get("embedding"));
            probe = Probe.at(layers);
        } else {
            probe = Probe.atInput();
            if (ruled) {
                probe =
                        probe.rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                                .differentiateAtInput("guided");
            }
        }
        try (Pass pass = model.run(probe, inputs)) {
            for (int i = 0; i < pass.outputs().size(); i++) {
                results.put("output " + i, Values.copyOf(pass.outputs().get(i), Axes.NONE));
            }
            for (Layer layer : layers) {
                NDArray found = pass.gradient(EVERY_OTHER, layer);
                results.put("gradient at " + layer.name(), Values.copyOf(found, Axes.NONE));
            }
            if (!integers) {
                put("gradient", pass.gradients(EVERY_OTHER, Probe.PLAIN), results);
                if (ruled) {
                    put("guided", pass.gradients(EVERY_OTHER, "guided"), results);
                }
            }
        }
        return results;
    }

    private static void put(String name, NDList arrays, Map<String, Values> results) {
        for (int i = 0; i < arrays.size(); i++) {
            results.put(name + " " + i, Values.copyOf(arrays.get(i), Axes.NONE));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void anItemAloneIsWhatItIsInABatch(String name) {
        Path file = SharedData.model("torchscript/" + name);
        DataType type = type(name);
        try (Model model = load(file);
                NDManager manager = model.newManager()) {
            Random random = new Random(5);
            List<NDList> items = new ArrayList<>();
            NDList batch = new NDList();
            for (Shape shape : shapes(name)) {
                for (int n = 0; n < ITEMS; n++) {
                    if (items.size() <= n) {
                        items.add(new NDList());
                    }
                    items.get(n).add(random(manager, shape, type, random));
                }
                int last = items.get(0).size() - 1;
                batch.add(
                        ai.djl.ndarray.NDArrays.concat(
                                new NDList(items.stream().map(item -> item.get(last)).toList())));
            }
            Map<String, Values> together = results(model, batch, type == DataType.INT64);
            for (int n = 0; n < ITEMS; n++) {
                Map<String, Values> alone = results(model, items.get(n), type == DataType.INT64);
                assertThat(together).containsOnlyKeys(alone.keySet());
                int item = n;
                together.forEach(
                        (what, values) ->
                                check(
                                        name,
                                        what + ", item " + item,
                                        values.item(item),
                                        alone.get(what)));
            }
        }
    }

    /**
     * libtorch takes other blocks, and so another order of sums, for another number of items: a few
     * units in the last place of the type, relative to the largest value. On the way back through a
     * deep network a ReLU whose input is within that of 0 may open or close: there the Euclidean
     * norm counts, and a mixed-up item gives 0.3 and more.
     */
    private static void check(String name, String what, Values actual, Values expected) {
        double unit = name.contains("bfloat16") ? 8e-3 : name.contains("half") ? 1e-3 : 1.2e-7;
        double difference =
                what.startsWith("output")
                        ? Difference.max(actual, expected) / (100 * unit)
                        : Difference.l2(actual, expected) / Math.max(5e-3, 10 * unit);
        assertThat(difference).as("%s: %s, in tolerances", name, what).isLessThan(1);
    }

    private static Model load(Path file) {
        return new PyTorchEngine()
                .load(new TorchScriptFormat().open(file), Engine.Settings.defaults());
    }

    private void refused(String body, String... parts) {
        Path file = TestArchive.forward(body).write(folder);
        try (Model model = load(file);
                NDManager manager = model.newManager()) {
            NDList one = new NDList(manager.ones(new Shape(1, 4)));
            NDList three = new NDList(manager.ones(new Shape(3, 4)));
            model.run(Probe.atInput(), one).close();
            assertThatThrownBy(() -> model.run(Probe.atInput(), three))
                    .isInstanceOfSatisfying(
                            VitrailException.class,
                            e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT))
                    .hasMessageStartingWith("net.pt: ")
                    .satisfies(e -> assertThat(e.getMessage()).contains(parts));
        }
    }

    @Test
    void aBatchThatComesOutAsOneItemIsRefusedWithAdvice() {
        refused(
                "return torch.relu(torch.view(x, [1, -1]))",
                "a batch of 3 gives 1 results",
                "the size of the batch is fixed in the file",
                "--batch 1");
    }

    @Test
    void aBatchThatDoesNotFitIntoFixedSizesIsRefusedWithAdvice() {
        refused(
                "return torch.matmul(torch.view(x, [1, -1]), torch.ones([4, 2]))",
                "does not run on inputs of (3, 4) float32",
                "code/__torch__.py, line 7",
                "--batch 1");
    }

    @Test
    void outputsOfOtherSizesDoNotMatterAsLongAsOneHasTheItems() {
        Path file = TestArchive.forward("return (torch.sum(x), torch.relu(x))").write(folder);
        try (Model model = load(file);
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(Probe.outputsOnly(), new NDList(manager.ones(new Shape(3, 4))))) {
            assertThat(pass.outputs().get(0).toFloatArray()).containsExactly(12);
        }
    }
}
