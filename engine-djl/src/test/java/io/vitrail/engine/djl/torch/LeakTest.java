package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TinyNetworks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing native stays behind, whatever fails. */
class LeakTest {
    private final CrankyCalls calls = new CrankyCalls();

    private Model load(GraphSource source) {
        return TorchBackend.load(source, Device.cpu(), false, calls);
    }

    /** Everything that a pass can be asked for: two sweeps, a replacement, altered weights. */
    private static float explain(Model model, NDList inputs) {
        Layer relu = model.layers(inputs).get("relu");
        BackwardRule tripled =
                step -> step.with((name, weight) -> weight.mul(3)).plain(step.gradient());
        Probe probe =
                Probe.atInput()
                        .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                        .differentiateAtInput("guided")
                        .rule("tripled", layer -> layer.name().equals("linear1"), tripled)
                        .differentiateAt("tripled", List.of(relu))
                        .differentiateAtInput("tripled")
                        .replace(relu, output -> output.mul(2));
        try (Pass pass = model.run(probe, inputs)) {
            return pass.gradient(Targets.classIndex(0)).toFloatArray()[0]
                    + pass.gradient(Targets.classIndex(0), "guided").toFloatArray()[0]
                    + pass.gradient(Targets.classIndex(0), "tripled").toFloatArray()[0]
                    + pass.score(Targets.classIndex(0)).toFloatArray()[0];
        }
    }

    @Test
    void whicheverCallFailsNoArrayIsLeftAndTheNextExplanationIsRight() {
        try (NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = new NDList(own.create(new float[] {0, 100, 0}, new Shape(1, 3)));
            float right;
            int afterwards;
            int all;
            try (Model model = load(TinyNetworks.m2())) {
                calls.failAt(0);
                right = explain(model, inputs);
                all = calls.made().size();
                afterwards = calls.openArrays(); // the weights
            }
            assertThat(calls.made()).contains("compile", "run", "create");
            assertThat(calls.openArrays()).isZero();
            assertThat(calls.openManagers()).isZero();
            for (int n = 1; n <= all; n++) {
                try (Model model = load(TinyNetworks.m2())) {
                    calls.failAt(n);
                    assertThatThrownBy(() -> explain(model, inputs))
                            .as("call %d of %d", n, all)
                            .satisfiesAnyOf(
                                    e -> assertThat(e).isInstanceOf(EngineException.class),
                                    e -> assertThat(e).isInstanceOf(VitrailException.class))
                            .hasStackTraceContaining("was made to fail");
                    assertThat(calls.openManagers()).as("call %d", n).isEqualTo(1); // the model's
                    assertThat(calls.openArrays()).as("call %d", n).isLessThanOrEqualTo(afterwards);
                    assertThat(explain(model, inputs)).as("after call %d", n).isEqualTo(right);
                    assertThat(calls.openArrays()).as("after call %d", n).isEqualTo(afterwards);
                }
                assertThat(calls.openManagers()).isZero();
            }
            assertThat(own.getManagedArrays()).as("beside the inputs").hasSize(1);
        }
    }

    @Test
    void aRuleATargetOrAReplacementThatThrowsLeavesNothing() {
        IllegalStateException bang = new IllegalStateException("bang");
        try (Model model = load(TinyNetworks.m2());
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = new NDList(own.create(new float[] {0, 100, 0}, new Shape(1, 3)));
            float right = explain(model, inputs);
            int afterwards = calls.openArrays();
            Layer relu = model.layers(inputs).get("relu");
            BackwardRule throwing =
                    step -> {
                        step.plain(step.gradient().mul(2));
                        throw bang;
                    };
            Probe ruled =
                    Probe.outputsOnly()
                            .rule("r", Layer::isRectifier, throwing)
                            .differentiateAtInput("r");
            assertThatThrownBy(
                            () -> {
                                try (Pass pass = model.run(ruled, inputs)) {
                                    pass.gradient(Targets.classIndex(0), "r");
                                }
                            })
                    .isSameAs(bang);
            assertThat(calls.openArrays()).isEqualTo(afterwards);
            assertThatThrownBy(
                            () -> {
                                try (Pass pass = model.run(Probe.atInput(), inputs)) {
                                    pass.score(
                                            outputs -> {
                                                outputs.head().mul(2);
                                                throw bang;
                                            });
                                }
                            })
                    .isSameAs(bang);
            assertThat(calls.openArrays()).isEqualTo(afterwards);
            Probe replaced =
                    Probe.outputsOnly()
                            .replace(
                                    relu,
                                    output -> {
                                        output.mul(2);
                                        throw bang;
                                    });
            assertThatThrownBy(() -> model.run(replaced, inputs)).isSameAs(bang);
            assertThat(calls.openArrays()).isEqualTo(afterwards);
            assertThat(calls.openManagers()).isEqualTo(1);
            assertThat(explain(model, inputs)).isEqualTo(right);
        }
    }

    @Test
    void aFailedRuleLeavesThePassUsable() {
        boolean[] fail = {true};
        BackwardRule once =
                step -> {
                    if (fail[0]) {
                        throw new IllegalStateException("bang");
                    }
                    return step.plain(step.gradient());
                };
        try (Model model = load(TinyNetworks.m2());
                NDManager own = Libtorch.newManager(Device.cpu());
                Pass pass =
                        model.run(
                                Probe.outputsOnly()
                                        .rule("r", Layer::isRectifier, once)
                                        .differentiateAtInput("r"),
                                new NDList(own.create(new float[] {0, 100, 0}, new Shape(1, 3))))) {
            assertThatThrownBy(() -> pass.gradient(Targets.classIndex(0), "r")).hasMessage("bang");
            fail[0] = false;
            // four rows of ones, all open
            assertThat(pass.gradient(Targets.classIndex(0), "r").toFloatArray())
                    .containsExactly(4, 4, 4);
        }
    }

    @Test
    void plansThatLeaveTheCacheAreFreedAndComeBack() {
        try (Model model = load(TinyNetworks.m2());
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = new NDList(own.create(new float[] {0, 100, 0}, new Shape(1, 3)));
            calls.failAt(0);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) { // 20 rules, 20 plans; 16 are kept
                    int factor = i;
                    BackwardRule scaled = step -> step.plain(step.gradient().mul(factor));
                    Probe probe =
                            Probe.outputsOnly()
                                    .rule("r", Layer::isRectifier, scaled)
                                    .differentiateAtInput("r");
                    try (Pass pass = model.run(probe, inputs)) {
                        assertThat(pass.gradient(Targets.classIndex(0), "r").toFloatArray())
                                .containsExactly(4 * i, 4 * i, 4 * i);
                    }
                }
            }
            assertThat(calls.openManagers()).isEqualTo(1);
        }
        assertThat(calls.openManagers()).isZero();
    }

    @Test
    void aBFloat16CopyLeavesTheCallersManagerAsItWas() {
        try (NDManager own = Libtorch.newManager(Device.cpu())) {
            var floats = own.ones(new Shape(2, 2), DataType.FLOAT32);
            BFloat16.of(floats).close();
            assertThat(own.getManagedArrays()).hasSize(1);
        }
    }

    @Test
    void aFailedCallHoldsNoMemory() {
        // 200 x 4 MB: a leak of the arguments shows in the process's size
        try (NDManager own = Libtorch.newManager(Device.cpu());
                Script fails = Script.compile(own, "return [torch.view(x[0], [7])]", false)) {
            long before = 0;
            for (int i = 0; i < 220; i++) {
                if (i == 20) {
                    before = residentBytes();
                }
                try (NDManager each = own.newSubManager()) {
                    NDList x = new NDList(each.ones(new Shape(1 << 20)));
                    assertThatThrownBy(() -> fails.run(x, new NDList()))
                            .isInstanceOf(EngineException.class);
                }
            }
            assertThat(residentBytes() - before).isLessThan(200L << 20);
        }
    }

    private static NDArray bang(NDArray array) {
        throw new IllegalStateException("bang at " + array.mul(2).exp().getShape());
    }

    private static float explainHalfWay(Model model, NDList inputs, String failing) {
        Layer relu = model.layers(inputs).get("relu");
        BackwardRule rule =
                step -> {
                    NDArray gradient = step.plain(step.gradient());
                    return failing.equals("rule") ? bang(gradient) : gradient;
                };
        Target target =
                outputs -> {
                    NDArray score = outputs.head().get(":, 0").mul(outputs.head().get(":, 1"));
                    return failing.equals("target") ? bang(score) : score;
                };
        Probe probe = Probe.atInput().rule("r", Layer::isRectifier, rule).differentiateAtInput("r");
        if (failing.equals("replacement")) {
            probe = probe.replace(relu, array -> bang(array));
        }
        try (Pass pass = model.run(probe, inputs)) {
            return pass.gradient(target, "r").getFloat(0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replacement", "rule", "target"})
    void aPassThatFailsHalfWayHoldsNoTape(String failing) {
        // a tape left behind is 6 MB or more, 50 of them 300; Java's own heap grows by up to 150
        try (Model model = load(TinyNetworks.m2());
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = new NDList(own.ones(new Shape(1 << 18, 3)));
            long before = 0;
            for (int i = 0; i < 60; i++) {
                if (i == 10) {
                    before = residentBytes();
                }
                assertThatThrownBy(() -> explainHalfWay(model, inputs, failing))
                        .hasMessageStartingWith("bang");
            }
            assertThat(residentBytes() - before).isLessThan(220L << 20);
        }
    }

    private static long residentBytes() {
        try {
            String[] pages =
                    java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/statm"))
                            .split(" ");
            return Long.parseLong(pages[1]) * 4096;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
