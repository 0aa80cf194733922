package io.vitrail.engine.djl.mxnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Engine;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.testkit.CrankyEngine;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TinyNetworks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing native stays behind on MXNet, whatever fails. */
class MxNetLeakTest {
    private static final float[] INPUT = {0, 100, 0};

    private static float explain(Model model, NDList inputs, String failing) {
        Layer relu = model.layers(inputs).get("relu");
        BackwardRule rule =
                step -> {
                    var gradient = step.plain(step.gradient().mul(1));
                    fail(failing, "rule");
                    return gradient;
                };
        Probe probe = Probe.atInput().rule("r", Layer::isRectifier, rule).differentiateAtInput("r");
        if (failing.equals("replacement")) { // nothing flows back behind one
            probe =
                    probe.replace(
                            relu,
                            output -> {
                                output.mul(2);
                                throw new IllegalStateException("bang");
                            });
        }
        try (Pass pass = model.run(probe, inputs)) {
            return pass.gradient(
                            outputs -> {
                                var score = outputs.head().get(":, 0").mul(1);
                                fail(failing, "target");
                                return score;
                            },
                            "r")
                    .toFloatArray()[0];
        }
    }

    private static void fail(String failing, String here) {
        if (failing.equals(here)) {
            throw new IllegalStateException("bang");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rule", "replacement", "target"})
    void whateverThrowsNothingIsLeftAndTheNextExplanationIsRight(String failing) {
        CrankyEngine engine = new CrankyEngine(new MxNetEngine(), 0);
        try (Model model = engine.load(TinyNetworks.m2(), Engine.Settings.defaults());
                NDManager own = Libmxnet.newManager(Device.cpu())) {
            NDList inputs = new NDList(own.create(INPUT, new Shape(1, 3)));
            float right = explain(model, inputs, "");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> explain(model, inputs, failing)).hasMessage("bang");
                assertThat(own.getManagedArrays()).as("beside the inputs").hasSize(1);
                assertThat(explain(model, inputs, "")).isEqualTo(right);
            }
        }
        assertThat(engine.openManagers()).isZero();
        assertThat(engine.openArrays()).isZero();
    }

    @Test
    void whicheverCallFailsNothingIsLeft() {
        int call = 0;
        CrankyEngine engine;
        do {
            engine = new CrankyEngine(new MxNetEngine(), ++call);
            explainedOrFailed(engine);
            assertThat(engine.openManagers()).as("call %d", call).isZero();
            assertThat(engine.openArrays()).as("call %d", call).isZero();
        } while (engine.failed());
        assertThat(call).as("load, newManager, run, gradients, and none").isEqualTo(5);
    }

    private static void explainedOrFailed(CrankyEngine engine) {
        try (Model model = engine.load(TinyNetworks.m2(), Engine.Settings.defaults());
                NDManager manager = model.newManager();
                Pass pass =
                        model.run(
                                Probe.atInput(),
                                new NDList(manager.create(INPUT, new Shape(1, 3))))) {
            pass.gradient(Targets.classIndex(0));
        } catch (ai.djl.engine.EngineException e) {
            assertThat(e).hasMessageContaining("was made to fail");
        }
    }

    @Test
    void aPassHoldsNoArrayOnceItIsClosed() {
        try (Model model = new MxNetEngine().load(TinyNetworks.m2(), Engine.Settings.defaults());
                NDManager own = Libmxnet.newManager(Device.cpu())) {
            // 60 passes of 36 MB of activations and more: what they leave shows in the size
            NDList inputs = new NDList(own.ones(new Shape(1 << 18, 3)));
            long before = 0;
            for (int i = 0; i < 60; i++) {
                if (i == 10) {
                    before = residentBytes();
                }
                assertThatThrownBy(() -> explain(model, inputs, "rule")).hasMessage("bang");
            }
            assertThat(residentBytes() - before).isLessThan(220L << 20);
        }
    }

    private static long residentBytes() {
        try {
            String statm =
                    java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/statm"));
            return Long.parseLong(statm.split(" ")[1]) * 4096;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
