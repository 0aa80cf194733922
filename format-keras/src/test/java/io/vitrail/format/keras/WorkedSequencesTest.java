package io.vitrail.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Explain recurrent layers and attention over two steps on numbers worked out by hand. */
class WorkedSequencesTest {
    /** h = relu(x - h before): of 1 and 3 it is 1, then 3 - 1. */
    private static final String RNN =
            """
            {"class_name": "SimpleRNN", "config": {"dtype": "float32", "name": "rnn", "units": 1, "use_bias": false,
              "activation": "relu"%s}}
            """;

    private static final Map<String, Object> RNN_WEIGHTS =
            Map.of(
                    "rnn/rnn/simple_rnn_cell/kernel", new float[][] {{1}},
                    "rnn/rnn/simple_rnn_cell/recurrent_kernel", new float[][] {{-1}});

    @TempDir private Path folder;

    private void explain(
            String layers,
            String shape,
            Map<String, ?> weights,
            float[] input,
            BiConsumer<Model, NDList> check) {
        String config =
                "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"net\", \"layers\": ["
                        + "{\"class_name\": \"InputLayer\", \"config\": {\"name\": \"x\","
                        + " \"dtype\": \"float32\", \"batch_shape\": [null, "
                        + shape
                        + "]}}, "
                        + layers
                        + "]}}";
        Path file = WrittenFile.h5(folder.resolve("it.h5"), "3.3.3", config, weights);
        long[] sizes = new long[shape.split(",").length + 1];
        sizes[0] = 1;
        for (int i = 1; i < sizes.length; i++) {
            sizes[i] = Long.parseLong(shape.split(",")[i - 1].strip());
        }
        try (Model model = TestModels.load(new KerasFormat().open(file));
                NDManager manager = model.newManager()) {
            check.accept(model, new NDList(manager.create(input, new Shape(sizes))));
        }
    }

    private static void near(NDArray found, double... expected) {
        float[] numbers = found.toFloatArray();
        assertThat(numbers).hasSameSizeAs(expected);
        for (int i = 0; i < numbers.length; i++) {
            assertThat((double) numbers[i]).as("number " + i).isCloseTo(expected[i], within(1e-6));
        }
    }

    /**
     * The last state falls as the first grows; guided backpropagation lets nothing negative through
     * the first step's ReLU.
     */
    @Test
    void aRuleStandsAtEveryStepOfAReluInsideACell() {
        explain(
                RNN.formatted(""),
                "2, 1",
                RNN_WEIGHTS,
                new float[] {1, 3},
                (model, inputs) -> {
                    Target last = Targets.classIndex(0);
                    BackwardRule doubled = step -> step.plain(step.gradient().mul(2));
                    Probe probe =
                            Probe.atInput()
                                    .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                                    .differentiateAtInput("guided")
                                    .rule("deconvnet", Layer::isRectifier, BackwardRule.DECONVNET)
                                    .differentiateAtInput("deconvnet")
                                    .rule("doubled", Layer::isRectifier, doubled)
                                    .differentiateAtInput("doubled");
                    try (Pass pass = model.run(probe, inputs)) {
                        near(pass.outputs().head(), 2);
                        near(pass.gradient(last), -1, 1);
                        near(pass.gradient(last, "guided"), 0, 1);
                        near(pass.gradient(last, "deconvnet"), 0, 1);
                        near(pass.gradient(last, "doubled"), -4, 2); // two ReLUs, and one
                        assertThat(pass.rulesAt("guided")).isOne();
                    }
                });
    }

    @Test
    void whatAReluInsideACellReadsHasAnAxisOfSteps() {
        explain(
                RNN.formatted(""),
                "3, 1",
                RNN_WEIGHTS,
                new float[] {1, 3, -1},
                (model, inputs) -> {
                    Layer relu = model.layers(inputs).get("rnn/relu");
                    Probe probe = Probe.keeping(List.of(relu)).keepInputs(List.of(relu));
                    try (Pass pass = model.run(probe, inputs)) {
                        near(pass.inputs(relu).head(), 1, 2, -3);
                        near(pass.output(relu), 1, 2, 0);
                    }
                    // the name stands for the last step, and nothing feeds the loop but the input
                    assertThat(model.layers(inputs).lastSpatial()).isEmpty();
                });
    }

    @Test
    void aLayerInsideALoopIsNotDifferentiatedAt() {
        String lstm =
                """
                {"class_name": "LSTM", "config": {"dtype": "float32", "name": "lstm", "units": 1, "use_bias": false,
                  "activation": "tanh", "recurrent_activation": "sigmoid"}}
                """;
        float[][] kernels = {{1, 1, 1, 1}};
        explain(
                lstm,
                "2, 1",
                Map.of(
                        "lstm/lstm/lstm_cell/kernel", kernels,
                        "lstm/lstm/lstm_cell/recurrent_kernel", kernels),
                new float[] {1, 3},
                (model, inputs) -> {
                    Layer tanh = model.layers(inputs).get("lstm/tanh");
                    assertThatThrownBy(() -> model.run(Probe.at(List.of(tanh)), inputs))
                            .isInstanceOf(VitrailException.class)
                            .hasMessageContaining("'lstm/tanh' is part of a loop")
                            .hasMessageContaining("instead: the layer that the loop is, lstm");
                });
    }

    @Test
    void goingBackwardsTheLastStepComesFirst() {
        explain(
                RNN.formatted(", \"go_backwards\": true, \"return_sequences\": true"),
                "2, 1",
                RNN_WEIGHTS,
                new float[] {1, 3},
                (model, inputs) -> {
                    try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
                        near(pass.outputs().head(), 3, 0); // relu(1 - 3)
                    }
                });
    }

    /** Padding in front and between changes neither the last state nor what flows back. */
    @Test
    void stepsOfPaddingLeaveTheStateAsItIs() {
        explain(
                "{\"class_name\": \"Masking\", \"config\": {\"name\": \"mask\", \"dtype\": \"float32\"}}, "
                        + RNN.formatted(", \"return_sequences\": true"),
                "5, 1",
                RNN_WEIGHTS,
                new float[] {0, 1, 0, 3, 0},
                (model, inputs) -> {
                    Probe probe =
                            Probe.atInput()
                                    .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                                    .differentiateAtInput("guided");
                    try (Pass pass = model.run(probe, inputs)) {
                        near(pass.outputs().head(), 0, 1, 1, 2, 2);
                        Target last = outputs -> outputs.head().get(":, 4, 0");
                        near(pass.gradient(last), 0, -1, 0, 1, 0);
                        near(pass.gradient(last, "guided"), 0, 0, 0, 1, 0);
                    }
                });
    }

    @Test
    void bothDirectionsMeetAtTheirOwnEnds() {
        String both =
                """
                {"class_name": "Bidirectional", "config": {"dtype": "float32", "name": "both", "merge_mode": "concat",
                  "layer": %s}}
                """
                        .formatted(RNN.formatted(", \"return_sequences\": true"));
        explain(
                both,
                "2, 1",
                Map.of(
                        "both/both/forward_rnn/simple_rnn_cell/kernel", new float[][] {{1}},
                        "both/both/forward_rnn/simple_rnn_cell/recurrent_kernel",
                                new float[][] {{-1}},
                        "both/both/backward_rnn/simple_rnn_cell/kernel", new float[][] {{2}},
                        "both/both/backward_rnn/simple_rnn_cell/recurrent_kernel",
                                new float[][] {{0}}),
                new float[] {1, 3},
                (model, inputs) -> {
                    try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
                        near(pass.outputs().head(), 1, 2, 2, 6);
                    }
                });
    }

    /**
     * Scores of 0 and a are 0, 0 / 0, a^2; with a^2 = ln 3 the second row's weights are 1/4 and
     * 3/4.
     */
    @Test
    void attentionOfTwoStepsIsTheOneWorkedOutByHand() {
        double square = Math.log(3);
        double a = Math.sqrt(square);
        String config =
                """
                {"class_name": "Functional", "config": {"name": "net", "layers": [
                  {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                   "config": {"name": "x", "dtype": "float32", "batch_input_shape": [null, 2, 1]}},
                  {"class_name": "Attention", "name": "att",
                   "config": {"name": "att", "dtype": "float32", "use_scale": false},
                   "inbound_nodes": [[["x", 0, 0, {}], ["x", 0, 0, {}]]]}],
                  "input_layers": [["x", 0, 0]], "output_layers": [["att", 0, 0]]}}
                """;
        Path file = WrittenFile.h5(folder.resolve("att.h5"), "2.11.0", config, Map.of());
        try (Model model = TestModels.load(new KerasFormat().open(file));
                NDManager manager = model.newManager()) {
            NDList inputs =
                    new NDList(manager.create(new float[] {0, (float) a}, new Shape(1, 2, 1)));
            Layer weights = model.layers(inputs).get("att/weights");
            try (Pass pass = model.run(Probe.atInput().keepOutputs(List.of(weights)), inputs)) {
                near(pass.output(weights), 0.5, 0.5, 0.25, 0.75);
                near(pass.outputs().head(), a / 2, 3 * a / 4);
                Target second = outputs -> outputs.head().get(":, 1, 0");
                // by the sum itself, and by the scores: w (x - sum) for each
                near(pass.gradient(second), 0.25 - 3 * square / 16, 0.75 + 3 * square / 8);
            }
        }
    }

    /** Row 0 is padding: the mean is that of rows 2 and 1 alone. */
    @Test
    void tokensOfPaddingAreLeftOutOfAMean() {
        explain(
                """
                {"class_name": "Embedding", "config": {"dtype": "float32", "name": "emb", "input_dim": 3,
                  "output_dim": 1, "mask_zero": true}},
                {"class_name": "GlobalAveragePooling1D", "config": {"dtype": "float32", "name": "mean"}}
                """,
                "4",
                Map.of("emb/emb/embeddings", new float[][] {{100}, {2}, {4}}),
                new float[] {2, 1, 0, 0},
                (model, inputs) -> {
                    Layer table = model.layers(inputs).get("emb");
                    assertThat(model.inputs().get(0).type().type().isInteger()).isTrue();
                    try (Pass pass = model.run(Probe.at(List.of(table)), inputs)) {
                        near(pass.outputs().head(), 3);
                        near(
                                pass.gradient(Targets.classIndex(0), table, Probe.PLAIN),
                                0.5,
                                0.5,
                                0,
                                0);
                    }
                });
    }
}
