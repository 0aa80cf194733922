package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Hold the reader of Keras files, an engine and the methods to what Keras itself computes.
 *
 * <p>Extend it where the three are on the test's path. Every test is skipped where the reference
 * data is absent.
 */
public abstract class KerasReferenceContract {
    private static final Map<String, String> BACKWARDS =
            Map.of(
                    "gradient", "logits_grad",
                    "guided-backprop", "guided",
                    "deconvnet", "deconvnet");

    /** Create the contract; for subclasses. */
    protected KerasReferenceContract() {}

    /** Load a file with the reader and on the engine to check. */
    protected Model load(KerasReference reference) {
        return TestModels.load(SharedData.model("keras/" + reference.model()));
    }

    private interface Check {
        void run(Run run, SoftAssertions softly);
    }

    /** A model and its input, and what is expected of them. */
    private record Run(
            KerasReference reference, ReferenceArrays expected, Model model, NDList inputs) {
        Attribution of(String method, Target target, Map<String, String> options, String... at) {
            return new Trial(method(method), List.of(at), target, options).run(model, inputs);
        }

        Layers layers() {
            return model.layers(inputs);
        }
    }

    private static AttributionMethod method(String id) {
        return ServiceLoader.load(AttributionMethod.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(method -> method.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no method '" + id + "' to test with"));
    }

    private DynamicTest test(KerasReference reference, Check check) {
        return DynamicTest.dynamicTest(reference.toString(), () -> check(reference, check));
    }

    private void check(KerasReference reference, Check check) {
        ReferenceArrays expected = reference.read();
        try (Model model = load(reference);
                NDManager manager = model.newManager()) {
            Run run = new Run(reference, expected, model, reference.input(manager));
            assertSoftly(softly -> check.run(run, softly));
        }
    }

    @TestFactory
    Stream<DynamicTest> outputsLayersAndWhatFlowsBackAreThoseOfKeras() {
        return KerasReference.classifiers().stream()
                .map(
                        reference ->
                                test(
                                        reference,
                                        (run, softly) -> {
                                            checkOutputs(run, softly);
                                            checkLayers(run, softly);
                                            checkBackwards(run, softly);
                                        }));
    }

    @TestFactory
    Stream<DynamicTest> thousandsOfLongNamesAreReadAsByKeras() {
        return KerasReference.outputsOnly().stream()
                .map(reference -> test(reference, KerasReferenceContract::checkOutputs));
    }

    private static void checkOutputs(Run run, SoftAssertions softly) {
        try (Pass pass = run.model.run(Probe.outputsOnly(), run.inputs)) {
            NDList outputs = pass.outputs();
            for (int i = 0; i < outputs.size(); i++) {
                String key = run.expected.has("output") ? "output" : "output_" + i;
                Values found = Values.copyOf(outputs.get(i), Axes.NONE);
                if (run.expected.has(key)) {
                    forward(run, softly, key, found);
                } else {
                    forward(run, softly, key + "_s2", KerasReference.strided(found, 2));
                }
            }
        }
    }

    private static void forward(Run run, SoftAssertions softly, String key, Values found) {
        softly.check(() -> run.reference.checkForward(key, found, run.expected.get(key)));
    }

    private static void backward(Run run, SoftAssertions softly, String key, Values found) {
        softly.check(() -> run.reference.checkBackward(key, found, run.expected.get(key)));
    }

    private static void checkLayers(Run run, SoftAssertions softly) {
        Map.of("act", "activation", "pre", "pre-activation")
                .forEach(
                        (key, method) -> {
                            checkLayers(run, softly, method, key + "/", 1);
                            checkLayers(run, softly, method, key + "_s4/", 4);
                        });
    }

    private static void checkLayers(
            Run run, SoftAssertions softly, String method, String prefix, int step) {
        List<String> layers = run.expected.after(prefix);
        if (layers.isEmpty()) {
            return;
        }
        Target none = Targets.classIndex(0);
        Attribution all = run.of(method, none, Map.of(), layers.toArray(String[]::new));
        for (String layer : layers) {
            Values found = all.atLayer(layer);
            Values kept = step == 1 ? found : KerasReference.strided(found, step);
            forward(run, softly, prefix + layer, kept);
            if (step == 1) {
                softly.assertThat(found.shape())
                        .as("shape of %s%s", prefix, layer)
                        .isEqualTo(run.expected.get(prefix + layer).shape());
            }
        }
    }

    private static void checkBackwards(Run run, SoftAssertions softly) {
        Target target = run.reference.target(run.expected, run.layers(), false);
        Map<String, String> smooth = Map.of("smooth", "true");
        BACKWARDS.forEach(
                (method, key) -> {
                    atInput(run, softly, method, target, key);
                    atInput(run, softly, method, target, key + "_a"); // of output a
                    if (run.expected.has(key + "_all")) {
                        Values found = run.of(method, target, smooth).values();
                        backward(run, softly, key + "_all", found);
                    }
                });
        if (run.expected.has("prob_grad")) {
            Target probability = run.reference.target(run.expected, run.layers(), true);
            atInput(run, softly, "gradient", probability, "prob_grad");
        }
        checkMaps(run, softly, target, "gradcam/");
        checkMaps(run, softly, target, "gradcam_a/");
        atLayers(run, softly, "gradient", target, "grad/");
        atLayers(run, softly, "guided-backprop", target, "guided/");
    }

    private static void atLayers(
            Run run, SoftAssertions softly, String method, Target target, String prefix) {
        List<String> layers = run.expected.after(prefix);
        if (!layers.isEmpty()) {
            Attribution all = run.of(method, target, Map.of(), layers.toArray(String[]::new));
            for (String layer : layers) {
                backward(run, softly, prefix + layer, all.atLayer(layer));
            }
        }
    }

    private static void atInput(
            Run run, SoftAssertions softly, String method, Target target, String key) {
        Map.of("", 1, "_s2", 2, "_s4", 4)
                .forEach(
                        (suffix, step) -> {
                            if (run.expected.has(key + suffix)) {
                                Values found = run.of(method, target, Map.of()).values();
                                Values kept =
                                        step == 1 ? found : KerasReference.strided(found, step);
                                backward(run, softly, key + suffix, kept);
                            }
                        });
    }

    private static void checkMaps(Run run, SoftAssertions softly, Target target, String prefix) {
        List<String> layers = run.expected.after(prefix);
        if (!layers.isEmpty()) {
            Map<String, String> plain = Map.of("relu", "false");
            String[] at = layers.toArray(String[]::new);
            Attribution maps = run.of("grad-cam", target, plain, at);
            for (String layer : layers) {
                backward(run, softly, prefix + layer, maps.atLayer(layer));
            }
        }
    }

    @Test
    void theDetectorIsThatOfKeras() {
        check(
                KerasReference.detector("dog"),
                (run, softly) -> {
                    checkOutputs(run, softly);
                    checkLayers(run, softly);
                    checkMaps(run, softly, Targets.yolo(1, true), "gradcam_raw/");
                    checkMaps(run, softly, Targets.yolo(3, false), "gradcam_sigmoid/");
                });
    }

    @TestFactory
    Stream<DynamicTest> theDetectorsScoresFlowBackAsInKeras() {
        Map<String, Target> targets =
                Map.of(
                        "dog_raw", Targets.yolo(1, true),
                        "dog_sigmoid", Targets.yolo(3, false),
                        "dog_sigmoid_0", Targets.yolo(1, false));
        Function<String, DynamicTest> each =
                name ->
                        test(
                                KerasReference.detector(name),
                                (run, softly) -> {
                                    Target target = targets.get(name);
                                    String key = "yolo_" + name.substring("dog_".length());
                                    atInput(run, softly, "gradient", target, key + "_grad");
                                    atInput(
                                            run,
                                            softly,
                                            "guided-backprop",
                                            target,
                                            key + "_guided");
                                });
        return targets.keySet().stream().sorted().map(each);
    }

    @Test
    void aLayersSumFlowsBackAsInKeras() {
        check(
                new KerasReference(
                        "resnet50.keras",
                        "resnet50/dog_layer_sum.npz",
                        "resnet50/dog_layer_sum.npz"),
                (run, softly) -> {
                    Target sum = Targets.sumOf(run.layers().get("conv5_block3_out"));
                    atInput(run, softly, "gradient", sum, "layer_sum_grad");
                    atInput(run, softly, "guided-backprop", sum, "layer_sum_guided");
                });
    }

    @Test
    void oneNetworkInTwoFilesIsTheSameGraph() {
        List<KerasReference> files =
                KerasReference.classifiers().stream()
                        .filter(each -> each.results().startsWith("nested/"))
                        .toList();
        assertThat(files).hasSizeGreaterThan(10);
        List<List<String>> graphs =
                files.stream()
                        .map(
                                reference -> {
                                    try (Model model = load(reference);
                                            NDManager manager = model.newManager()) {
                                        Layers layers = model.layers(reference.input(manager));
                                        return IntStream.range(0, layers.size())
                                                .mapToObj(layers.graph().nodes()::get)
                                                .map(node -> node.name() + node.operator())
                                                .toList();
                                    }
                                })
                        .toList();
        assertThat(graphs).allMatch(graphs.get(0)::equals);
    }
}
