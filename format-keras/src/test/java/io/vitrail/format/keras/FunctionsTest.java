package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.TestModels;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Call activations by name, and functions between layers, as both generations save them. */
class FunctionsTest {
    private static final float[] POINTS = {-2, -0.4f, 0.25f, 3.5f};

    @TempDir private Path folder;

    private void check(String version, String config, long[] shape, float[] x, double... expected) {
        Path file = WrittenFile.h5(folder.resolve("it.h5"), version, config, Map.of());
        try (Model model = TestModels.load(new KerasFormat().open(file));
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                Probe.outputsOnly(),
                                new NDList(manager.create(x, new Shape(shape))))) {
            float[] found = pass.outputs().head().toFloatArray();
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.length; i++) {
                double allowed = 1e-6 * Math.max(1, Math.abs(expected[i]));
                assertThat((double) found[i]).isCloseTo(expected[i], within(allowed));
            }
        }
    }

    /**
     * The numbers are what {@code activations.get(name)} gives in Keras 3.15.1 and tf_keras 2.21.0.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "3 celu: -0.8646647 -0.32968 0.25 3.5",
                "3 elu: -0.8646647 -0.32968 0.25 3.5",
                "3 exponential: 0.1353353 0.67032 1.2840254 33.115452",
                "3 gelu: -0.0455003 -0.1378313 0.1496766 3.4991858",
                "3 hard_shrink: -2.0 0.0 0.0 3.5",
                "3 hard_sigmoid: 0.1666667 0.4333333 0.5416667 1.0",
                "3 hard_silu: -0.3333333 -0.1733333 0.1354167 3.5",
                "3 hard_tanh: -1.0 -0.4 0.25 1.0",
                "3 leaky_relu: -0.4 -0.08 0.25 3.5",
                "3 linear: -2.0 -0.4 0.25 3.5",
                "3 log_sigmoid: -2.126928 -0.9130153 -0.5759394 -0.0297504",
                "3 log_softmax: -5.5611919 -3.9611919 -3.3111919 -0.0611919",
                "3 mish: -0.2525015 -0.1889165 0.1695724 3.4939907",
                "3 relu: 0.0 0.0 0.25 3.5",
                "3 relu6: 0.0 0.0 0.25 3.5",
                "3 selu: -1.5201665 -0.5796101 0.2626752 3.6774535",
                "3 sigmoid: 0.1192029 0.4013123 0.5621765 0.9706878",
                "3 silu: -0.2384058 -0.1605249 0.1405441 3.3974072",
                "3 soft_shrink: -1.5 0.0 0.0 3.0",
                "3 softmax: 0.0038442 0.0190404 0.0364727 0.9406427",
                "3 softplus: 0.126928 0.5130153 0.8259394 3.5297504",
                "3 softsign: -0.6666667 -0.2857143 0.2 0.7777778",
                "3 sparse_plus: 0.0 0.09 0.390625 3.5",
                "3 sparse_sigmoid: 0.0 0.3 0.625 1.0",
                "3 squareplus: 0.4142136 0.8198039 1.1327822 3.7655644",
                "3 tanh: -0.9640276 -0.379949 0.2449187 0.9981779",
                "3 tanh_shrink: -1.0359724 -0.020051 0.0050813 2.5018221",
                "2 elu: -0.8646647 -0.32968 0.25 3.5",
                "2 exponential: 0.1353353 0.67032 1.2840254 33.115452",
                "2 gelu: -0.0455003 -0.1378313 0.1496766 3.4991858",
                "2 hard_sigmoid: 0.1 0.42 0.55 1.0",
                "2 linear: -2.0 -0.4 0.25 3.5",
                "2 mish: -0.2525015 -0.1889165 0.1695724 3.4939907",
                "2 relu: 0.0 0.0 0.25 3.5",
                "2 relu6: 0.0 0.0 0.25 3.5",
                "2 selu: -1.5201665 -0.5796101 0.2626752 3.6774535",
                "2 sigmoid: 0.1192029 0.4013123 0.5621765 0.9706878",
                "2 softmax: 0.0038442 0.0190404 0.0364727 0.9406427",
                "2 softplus: 0.126928 0.5130153 0.8259394 3.5297504",
                "2 softsign: -0.6666667 -0.2857143 0.2 0.7777778",
                "2 swish: -0.2384058 -0.1605249 0.1405441 3.3974072",
                "2 tanh: -0.9640276 -0.379949 0.2449187 0.9981779"
            })
    void anActivationIsWhatKerasComputesForItsName(String row) {
        String[] parts = row.split(": ");
        String[] numbers = parts[1].split(" ");
        double[] expected = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            expected[i] = Double.parseDouble(numbers[i]);
        }
        check(
                parts[0].substring(0, 1) + ".0.0",
                """
                {"class_name": "Sequential", "config": {"name": "net", "layers": [
                  {"class_name": "Activation", "config": {"name": "it", "dtype": "float32",
                   "batch_input_shape": [null, 4], "activation": "%s"}}]}}
                """
                        .formatted(parts[0].substring(2)),
                new long[] {1, 4},
                POINTS,
                expected);
    }

    private static String net(String shape, String... nodes) {
        return """
                {"class_name": "Functional", "config": {"name": "net", "layers": [
                  {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                   "config": {"name": "x", "dtype": "float32", "batch_input_shape": [null, %s]}},
                  %s], "input_layers": [["x", 0, 0]], "output_layers": [["last", 0, 0]]}}
                """
                .formatted(shape, String.join(",", nodes));
    }

    private static String function(String name, String function, String call) {
        String className = function.endsWith("getitem") ? "SlicingOpLambda" : "TFOpLambda";
        return """
                {"class_name": "%s", "name": "%s", "inbound_nodes": [%s],
                 "config": {"name": "%s", "dtype": "float32", "function": "%s"}}
                """
                .formatted(className, name, call, name, function);
    }

    private static String operation(String name, String className, String config, String args) {
        return """
                {"class_name": "%s", "name": "%s", "config": {"name": "%s"%s},
                 "inbound_nodes": [{"args": [%s], "kwargs": {}}]}
                """
                .formatted(className, name, name, config, args);
    }

    private static String tensor(String layer) {
        return """
                {"class_name": "__keras_tensor__", "config": {"keras_history": ["%s", 0, 0]}}
                """
                .formatted(layer);
    }

    /** 3 - x, over 2, less the first number. */
    @Test
    void functionsOfTensorFlowAreReadFromTheirCalls() {
        check(
                "2.15.0",
                net(
                        "3",
                        function(
                                "minus",
                                "math.subtract",
                                "[\"_CONSTANT_VALUE\", -1, 3.0, {\"y\": [\"x\", 0, 0]}]"),
                        function("half", "math.truediv", "[\"minus\", 0, 0, {\"y\": 2}]"),
                        function(
                                "last",
                                "__operators__.getitem",
                                "[\"half\", 0, 0, {\"slice_spec\": ["
                                        + "{\"start\": null, \"stop\": null, \"step\": null},"
                                        + "{\"start\": 1, \"stop\": null, \"step\": null}]}]")),
                new long[] {1, 3},
                new float[] {1, 2, 7},
                0.5,
                -2);
    }

    /** The means over rows of (1, 2, 3) and (4, 5, 9), of which the last, over a number. */
    @Test
    void operationsOfKeras3AreReadFromTheirArguments() {
        check(
                "3.3.3",
                net(
                        "2, 3",
                        operation(
                                "mean", "Mean", ", \"axis\": [2], \"keepdims\": true", tensor("x")),
                        operation(
                                "item",
                                "GetItem",
                                "",
                                tensor("mean")
                                        + ", [{\"class_name\": \"__ellipsis__\", \"config\": {}}, 0]"),
                        operation("last", "TrueDivide", "", "12.0, " + tensor("item"))),
                new long[] {1, 2, 3},
                new float[] {1, 2, 3, 4, 5, 9},
                6,
                2);
    }
}
