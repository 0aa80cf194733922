package io.vitrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Check what every engine owes its callers: known answers, derivatives, taps, rules, replacements,
 * threads and endings.
 */
public abstract class EngineContract extends OperatorContract {
    private static final String GUIDED = "guided";

    /** Create the contract; for subclasses. */
    protected EngineContract() {}

    private static Probe ruled(String sweep, BackwardRule rule) {
        return Probe.outputsOnly()
                .rule(sweep, Layer::isRectifier, rule)
                .differentiateAtInput(sweep);
    }

    private static NDList counting(NDManager manager) {
        return new NDList(manager.arange(16f).reshape(1, 1, 4, 4));
    }

    private static NDList rows(NDManager manager, float[]... rows) {
        return new NDList(manager.create(rows));
    }

    // --- known answers, worked out by hand on the networks' own pages

    @Test
    void guidedBackpropagationOfM1IsTheMapWorkedOutByHand() {
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager();
                Pass pass = model.run(ruled(GUIDED, BackwardRule.GUIDED), counting(manager))) {
            assertThat(pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray())
                    .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
            assertThat(pass.rulesAt(GUIDED)).isEqualTo(2);
        }
    }

    @Test
    void passesThatAreOpenTogetherKeepTheirOwnValues() {
        Probe probe = ruled(GUIDED, BackwardRule.GUIDED);
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDList other = new NDList(counting(manager).head().neg());
            float[] alone;
            float[] gradientAlone;
            try (Pass pass = model.run(probe, other)) {
                alone = pass.outputs().head().toFloatArray();
                gradientAlone = pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray();
            }
            try (Pass first = model.run(probe, counting(manager));
                    Pass second = model.run(probe, other);
                    Pass third = model.run(probe, counting(manager))) {
                assertThat(second.gradient(Targets.classIndex(0), GUIDED).toFloatArray())
                        .containsExactly(gradientAlone);
                for (Pass pass : List.of(first, third)) {
                    assertThat(pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray())
                            .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
                }
                assertThat(second.outputs().head().toFloatArray()).containsExactly(alone);
            }
        }
    }

    @Test
    void channelsLastHaveTheSameAnswers() {
        try (Model model = load(TinyNetworks.m1ChannelsLast());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.arange(16f).reshape(1, 4, 4, 1));
            Layers layers = model.layers(inputs);
            List<Layer> both = List.of(layers.get("conv1"), layers.get("relu1"));
            Probe probe = Probe.at(both).and(ruled(GUIDED, BackwardRule.GUIDED));
            try (Pass pass = model.run(probe, inputs)) {
                NDArray guided = pass.gradient(Targets.classIndex(0), GUIDED);
                assertThat(guided.getShape()).isEqualTo(inputs.head().getShape());
                assertThat(guided.toFloatArray())
                        .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
                // conv1 of M1, the two channels of each place side by side
                assertThat(pass.output(both.get(0)).toFloatArray())
                        .containsExactly(-5, -30, 4, -21, 31, 6, 40, 15);
                assertThat(gradCam(pass, both.get(0)))
                        .containsExactly(11.25f, 13.5f, 20.25f, 22.5f);
                assertThat(gradCam(pass, both.get(1))).containsExactly(0, 4, 28, 32.5f);
            }
        }
    }

    @Test
    void gradCamOfM1IsTheMapWorkedOutByHand() {
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDList inputs = counting(manager);
            Layers layers = model.layers(inputs);
            List<Layer> both = List.of(layers.get("conv1"), layers.get("relu1"));
            try (Pass pass = model.run(Probe.at(both), inputs)) {
                assertThat(gradCam(pass, both.get(0)))
                        .containsExactly(11.25f, 13.5f, 20.25f, 22.5f);
                assertThat(gradCam(pass, both.get(1))).containsExactly(0, 4, 28, 32.5f);
            }
        }
    }

    @Test
    void announcedTargetsHaveTheGradientsThatTheyHaveAlone() {
        List<Target> targets =
                List.of(
                        Targets.classIndex(0),
                        Targets.squares(),
                        Targets.classIndex(3, 1, 0),
                        Targets.classIndex(2));
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.arange(48f).reshape(3, 1, 4, 4).sub(5));
            Layer relu = model.layers(inputs).get("relu1");
            Probe probe = Probe.at(List.of(relu)).and(ruled(GUIDED, BackwardRule.GUIDED));
            try (Pass alone = model.run(probe, inputs);
                    Pass pass = model.run(probe, inputs)) {
                pass.announce(targets);
                for (Target target : targets) {
                    assertThat(pass.gradient(target, relu).toFloatArray())
                            .containsExactly(alone.gradient(target, relu).toFloatArray());
                    assertThat(pass.gradient(target, GUIDED).toFloatArray())
                            .containsExactly(alone.gradient(target, GUIDED).toFloatArray());
                    pass.forget(target);
                }
            }
        }
    }

    private static float[] gradCam(Pass pass, Layer layer) {
        int[] space = layer.spatialAxes();
        NDArray weights = pass.gradient(Targets.classIndex(0), layer).sum(space, true).div(4);
        return pass.output(layer).mul(weights).sum(new int[] {layer.channelAxis()}).toFloatArray();
    }

    @Test
    void preActivationOfM2IsTheOneWorkedOutByHand() {
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = rows(manager, new float[] {0, 100, 0});
            Layer relu = model.layers(inputs).get("relu");
            Probe probe = Probe.keeping(List.of(relu)).keepInputs(List.of(relu));
            try (Pass pass = model.run(probe, inputs)) {
                assertThat(pass.inputs(relu).head().toFloatArray())
                        .containsExactly(90, 101, 101, 101);
                assertThat(pass.output(relu).toFloatArray()).containsExactly(90, 101, 101, 101);
                assertThat(pass.outputs().head().toFloatArray()).containsExactly(392, 394);
            }
        }
    }

    @Test
    void leakyReluKeepsItsSlopeUnderAGuidedRule() {
        try (Model model = load(TinyNetworks.leaky());
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                ruled(GUIDED, BackwardRule.GUIDED)
                                        .and(ruled("gated", BackwardRule.GUIDED_GATED))
                                        .and(ruled("deconvnet", BackwardRule.DECONVNET))
                                        .and(Probe.atInput()),
                                rows(manager, new float[] {4, 4, -4}))) {
            // y = 4 - 2 * 4 + 3 * -2
            assertThat(pass.outputs().head().toFloatArray()).containsExactly(-10);
            assertThat(pass.gradient(Targets.classIndex(0)).toFloatArray())
                    .containsExactly(1, -2, 1.5f);
            assertThat(pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray())
                    .containsExactly(1, 0, 1.5f);
            assertThat(pass.gradient(Targets.classIndex(0), "gated").toFloatArray())
                    .containsExactly(1, 0, 0);
            assertThat(pass.gradient(Targets.classIndex(0), "deconvnet").toFloatArray())
                    .containsExactly(1, 0, 3);
        }
    }

    @Test
    void aRuleTouchesTheRectifiersOwnBranchOnly() {
        try (Model model = load(TinyNetworks.residual());
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                ruled(GUIDED, BackwardRule.GUIDED).and(Probe.atInput()),
                                rows(manager, new float[] {3, 1}))) {
            assertThat(pass.gradient(Targets.classIndex(0)).toFloatArray()).containsExactly(0, 4);
            assertThat(pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray())
                    .containsExactly(1, 3);
        }
    }

    @Test
    void severalInputsAndOutputsHaveTheirOwnGradients() {
        try (Model model = load(TinyNetworks.twoInputs());
                NDManager manager = model.newManager()) {
            NDList inputs =
                    new NDList(
                            manager.create(new float[] {1, -5}, new Shape(1, 2)),
                            manager.create(new float[] {2, 3, 4}, new Shape(1, 3)));
            Layers layers = model.layers(inputs);
            Layer fromA = layers.get("linearA");
            Probe probe = Probe.atInput().differentiateAt(Probe.PLAIN, List.of(fromA));
            try (Pass pass = model.run(probe, inputs)) {
                assertThat(pass.outputs().get(0).toFloatArray()).containsExactly(6, 0, 6);
                assertThat(pass.outputs().get(1).toFloatArray()).containsExactly(-2);

                NDList ofP = pass.gradients(Targets.classIndex(2), Probe.PLAIN);
                assertThat(ofP.get(0).toFloatArray()).containsExactly(1, 0);
                assertThat(ofP.get(1).toFloatArray()).containsExactly(1, 1, 0);
                assertThat(pass.reaches(Targets.classIndex(2), fromA)).isTrue();

                Target q = Targets.classIndex(new Source.Output(1), 0);
                NDList ofQ = pass.gradients(q, Probe.PLAIN);
                assertThat(ofQ.get(0).toFloatArray()).as("no way back").containsExactly(0, 0);
                assertThat(ofQ.get(1).toFloatArray()).containsExactly(1, 0, -1);
                assertThat(pass.reaches(q, fromA)).isFalse();
                assertThat(pass.gradient(q, fromA).toFloatArray()).containsExactly(0, 0);
            }
        }
    }

    // --- what it cannot run

    @Test
    void anotherEnginesOperatorIsRefusedByName() {
        Operator foreign = new Operator.Native("abacus", "bead_shift", Map.of());
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(
                        () -> {
                            try (Model model = load(TinyNetworks.activation(foreign));
                                    NDManager manager = model.newManager()) {
                                model.run(Probe.outputsOnly(), rows(manager, new float[] {1, 2, 3}))
                                        .close();
                            }
                        })
                .withMessageContaining("bead_shift");
    }

    // --- taps, replacements, sweeps, targets

    @Test
    void whatTheProbeDidNotAskForIsRefused() {
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDList inputs = counting(manager);
            Layer conv = model.layers(inputs).get("conv1");
            try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
                assertThatIllegalArgumentException().isThrownBy(() -> pass.output(conv));
                assertThatIllegalArgumentException().isThrownBy(() -> pass.inputs(conv));
            }
        }
    }

    @Test
    void aTapBehindTheLastRectifierLeavesTheOthersAsTheyAre() {
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDList inputs = counting(manager);
            List<Layer> all = model.layers(inputs).matching(layer -> true);
            Probe probe =
                    Probe.keeping(all).keepInputs(all).and(ruled(GUIDED, BackwardRule.GUIDED));
            try (Pass pass = model.run(probe, inputs)) {
                // windows of 0..15 sum to 45, 54, 81, 90; biases -50 and -75
                assertThat(pass.output(all.get(0)).toFloatArray())
                        .containsExactly(-5, 4, 31, 40, -30, -21, 6, 15);
                assertThat(pass.output(all.get(1)).toFloatArray())
                        .containsExactly(0, 4, 31, 40, 0, 0, 6, 15);
                assertThat(pass.inputs(all.get(1)).head().toFloatArray())
                        .as("a rectifier does not write into its input")
                        .containsExactly(-5, 4, 31, 40, -30, -21, 6, 15);
                assertThat(pass.inputs(all.get(0)).head()).isEqualTo(inputs.head());
            }
        }
    }

    @Test
    void aReplacementStandsForTheLayerInThatPassOnly() {
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = rows(manager, new float[] {0, 100, 0});
            Layer relu = model.layers(inputs).get("relu");
            Probe probe = Probe.keeping(List.of(relu)).replace(relu, y -> y.mul(2));
            try (Pass pass = model.run(probe, inputs)) {
                assertThat(pass.output(relu).toFloatArray()).containsExactly(180, 202, 202, 202);
                assertThat(pass.outputs().head().toFloatArray()).containsExactly(785, 787);
            }
            try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
                assertThat(pass.outputs().head().toFloatArray()).containsExactly(392, 394);
            }
        }
    }

    @Test
    void sweepsAndTargetsOfOnePassDoNotMeet() {
        try (Model model = load(TinyNetworks.residual());
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                ruled(GUIDED, BackwardRule.GUIDED)
                                        .and(ruled("zero", step -> step.gradient().mul(0)))
                                        .and(Probe.atInput()),
                                rows(manager, new float[] {3, 1}))) {
            // class 1 has the signs of class 0 turned round: s is -1,1; relu's share 0,1
            assertThat(pass.gradient(Targets.classIndex(1), GUIDED).toFloatArray())
                    .containsExactly(1, -3);
            assertThat(pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray())
                    .containsExactly(1, 3);
            assertThat(pass.gradient(Targets.classIndex(0), "zero").toFloatArray())
                    .as("the shortcut alone")
                    .containsExactly(0, 2);
            assertThat(pass.gradient(Targets.classIndex(1)).toFloatArray()).containsExactly(0, -4);
            assertThat(pass.gradient(Targets.classIndex(0)).toFloatArray()).containsExactly(0, 4);
            assertThat(pass.score(Targets.classIndex(0)).toFloatArray()).containsExactly(4);
            assertThat(pass.classes(Targets.classIndex(1))).containsExactly(1);
        }
    }

    @Test
    void aTargetMayReadAnyLayer() {
        try (Model model = load(TinyNetworks.softmax());
                NDManager manager = model.newManager()) {
            NDList inputs = rows(manager, new float[] {2, 1});
            Layers layers = model.layers(inputs);
            Layer logits = layers.get("logits");
            Layer relu = layers.get("relu");
            Target logit = Targets.classIndex(Source.of(logits), 1);
            Target ofRelu = Targets.sumOf(relu);
            Probe probe =
                    Probe.atInput()
                            .differentiateAt(Probe.PLAIN, List.of(relu, logits))
                            .reading(logit)
                            .reading(ofRelu);
            try (Pass pass = model.run(probe, inputs)) {
                assertThat(pass.score(logit).toFloatArray()).containsExactly(3);
                assertThat(pass.gradient(logit).toFloatArray()).containsExactly(1, 1);
                assertThat(pass.gradient(logit, logits).toFloatArray()).containsExactly(0, 1, 0);
                assertThat(pass.gradient(ofRelu).toFloatArray()).containsExactly(1, 1);
                assertThat(pass.reaches(ofRelu, logits)).isFalse();

                // probabilities of 4, 3, 1: p = e^x / sum
                double sum = Math.exp(4) + Math.exp(3) + Math.exp(1);
                assertThat(pass.score(Targets.classIndex(0)).toFloatArray()[0])
                        .isCloseTo((float) (Math.exp(4) / sum), within(1e-6f));
            }
        }
    }

    @Test
    void aStepWithOtherWeightsIsTheLayerWithThose() {
        BackwardRule tripled =
                step -> {
                    var other =
                            step.with(
                                    (name, weight) ->
                                            name.equals("weight") ? weight.mul(3) : weight);
                    // -10 + 300 and 1 + 300: the bias stays
                    assertThat(other.output().toFloatArray()).containsExactly(290, 301, 301, 301);
                    assertThat(step.output().toFloatArray()).containsExactly(90, 101, 101, 101);
                    return other.plain(step.gradient());
                };
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                Probe.atInput()
                                        .rule(
                                                "tripled",
                                                layer -> layer.name().equals("linear1"),
                                                tripled)
                                        .differentiateAtInput("tripled"),
                                rows(manager, new float[] {0, 100, 0}))) {
            assertThat(pass.gradient(Targets.classIndex(0), "tripled").toFloatArray())
                    .containsExactly(12, 12, 12);
            assertThat(pass.gradient(Targets.classIndex(0)).toFloatArray())
                    .containsExactly(4, 4, 4);
            assertThat(pass.rulesAt("tripled")).isEqualTo(1);
        }
    }

    @Test
    void aRuleForSeveralInputsGivesEachItsGradient() {
        BackwardRule swapped =
                BackwardRule.forInputs(
                        step -> new NDList(step.gradient().mul(5), step.gradient().mul(0)));
        try (Model model = load(TinyNetworks.residual());
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                Probe.outputsOnly()
                                        .rule("add", layer -> layer.name().equals("add"), swapped)
                                        .differentiateAtInput("add"),
                                rows(manager, new float[] {3, 1}))) {
            // 5,-5 through the open ReLU alone
            assertThat(pass.gradient(Targets.classIndex(0), "add").toFloatArray())
                    .containsExactly(0, 10);
        }
    }

    // --- batches, threads, endings, bad input

    @Test
    void aBatchEqualsItsItems() {
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDArray up = manager.arange(16f).reshape(1, 1, 4, 4);
            NDArray batch = up.concat(up.mul(-1).add(15), 0); // the second counts down
            Probe probe = ruled(GUIDED, BackwardRule.GUIDED);
            try (Pass all = model.run(probe, new NDList(batch))) {
                NDArray together = all.gradient(Targets.classIndex(0, 3), GUIDED);
                for (int n = 0; n < 2; n++) {
                    NDIndex item = new NDIndex(n + ":" + (n + 1));
                    try (Pass one = model.run(probe, new NDList(batch.get(item)))) {
                        NDArray alone = one.gradient(Targets.classIndex(n == 0 ? 0 : 3), GUIDED);
                        assertThat(together.get(item).toFloatArray())
                                .containsExactly(alone.toFloatArray());
                    }
                }
            }
        }
    }

    @Test
    void twoThreadsEqualOne() throws Exception {
        try (Model model = load(TinyNetworks.residual())) {
            Callable<Integer> run =
                    () -> {
                        int right = 0;
                        for (int i = 0; i < 50; i++) {
                            try (NDManager manager = model.newManager();
                                    Pass pass =
                                            model.run(
                                                    ruled(GUIDED, BackwardRule.GUIDED)
                                                            .and(Probe.atInput()),
                                                    rows(manager, new float[] {3, 1}))) {
                                float[] plain = pass.gradient(Targets.classIndex(0)).toFloatArray();
                                float[] guided =
                                        pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray();
                                if (plain[0] == 0
                                        && plain[1] == 4
                                        && guided[0] == 1
                                        && guided[1] == 3) {
                                    right++;
                                }
                            }
                        }
                        return right;
                    };
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try {
                for (Future<Integer> each : threads.invokeAll(List.of(run, run))) {
                    assertThat(each.get()).isEqualTo(50);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void aClosedPassRefuses() {
        try (Model model = load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            Pass pass = model.run(Probe.atInput(), counting(manager));
            pass.close();
            pass.close();
            assertThatIllegalStateException().isThrownBy(pass::outputs);
            assertThatIllegalStateException().isThrownBy(pass::layers);
            assertThatIllegalStateException()
                    .isThrownBy(() -> pass.gradient(Targets.classIndex(0)));
        }
    }

    @Test
    void aClosedModelRefusesWhileItsOpenPassGoesOn() {
        Model model = load(TinyNetworks.m1());
        try (NDManager manager = model.newManager()) {
            NDList inputs = counting(manager);
            try (Pass pass = model.run(ruled(GUIDED, BackwardRule.GUIDED), inputs)) {
                model.close();
                model.close();
                assertThatIllegalStateException()
                        .isThrownBy(() -> model.run(Probe.outputsOnly(), inputs));
                assertThat(pass.gradient(Targets.classIndex(0), GUIDED).toFloatArray())
                        .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
            }
        }
    }

    @Test
    void inputsThatDoNotFitAreRefused() {
        try (Model model = load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDArray right = manager.ones(new Shape(1, 3));
            for (NDList wrong :
                    List.of(
                            new NDList(),
                            new NDList(right, right),
                            new NDList(manager.ones(new Shape(1, 4))),
                            new NDList(manager.ones(new Shape(3))))) {
                assertThatExceptionOfType(VitrailException.class)
                        .as("%s", wrong)
                        .isThrownBy(() -> model.run(Probe.outputsOnly(), wrong).close());
            }
        }
    }

    @Test
    void inputsAreNeitherChangedNorClosed() {
        try (Model model = load(TinyNetworks.activation(new Operator.Relu()));
                NDManager manager = model.newManager()) {
            NDList inputs = rows(manager, new float[] {-1, 2, -3});
            int before = manager.getManagedArrays().size();
            try (Pass pass = model.run(Probe.atInput(), inputs)) {
                pass.gradient(Targets.classIndex(0));
            }
            assertThat(inputs.head().toFloatArray()).containsExactly(-1, 2, -3);
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }
}
