package io.vitrail.engine.djl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
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
import io.vitrail.testkit.TinyNetworks;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What methods and targets on one input share, counted in native calls, in both forms. */
class SharedWorkTest {
    private final CrankyCalls calls = new CrankyCalls();

    /** Picks a class without saying what it computes. */
    private record Picked(int which) implements Target {
        @Override
        public NDArray score(NDList values) {
            throw new AssertionError("nobody needs to differentiate this");
        }

        @Override
        public long[] picked(NDList values) {
            long[] all = new long[(int) values.head().getShape().get(0)];
            java.util.Arrays.fill(all, which);
            return all;
        }
    }

    private Model load(boolean exact) {
        return TorchBackend.load(TinyNetworks.m1(), Device.cpu(), exact, calls);
    }

    private static NDList counting(NDManager manager) {
        return new NDList(manager.arange(32f).reshape(new Shape(2, 1, 4, 4)));
    }

    /** Gradient and guided backpropagation at the input, Grad-CAM and a pre-activation. */
    private static Probe probe(List<Layer> rectifiers) {
        return Probe.atInput()
                .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                .differentiateAtInput("guided")
                .and(Probe.at(rectifiers).keepOutputs(rectifiers))
                .keepInputs(rectifiers);
    }

    private int runs() {
        return Collections.frequency(calls.made(), "run");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void severalMethodsOnOneInputShareOneRunForward(boolean exact) {
        try (Model model = load(exact);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = counting(own);
            Probe probe = probe(model.layers(inputs).matching(Layer::isRectifier));
            model.run(probe, inputs).close();
            calls.failAt(0);
            try (Pass pass = model.run(probe, inputs)) {
                Layer relu = pass.layers().matching(Layer::isRectifier).get(0);
                pass.inputs(relu);
                assertThat(runs()).isEqualTo(1);
                pass.gradient(new Picked(0), "guided");
                int guided = runs();
                assertThat(guided).isGreaterThan(1);
                Target one = new Picked(0);
                pass.gradient(one, relu);
                int plain = runs();
                pass.gradient(one); // at the input and at the layer: one way back
                pass.output(relu);
                assertThat(runs()).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondPassCompilesNothing(boolean exact) throws InterruptedException {
        try (Model model = load(exact);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = counting(own);
            explained(model, inputs);
            calls.failAt(0);
            explained(model, inputs);
            Thread other = new Thread(() -> explained(model, inputs));
            other.start();
            other.join();
            assertThat(calls.made()).contains("run").doesNotContain("compile", "create");
        }
    }

    private static void explained(Model model, NDList inputs) {
        Probe probe = probe(model.layers(inputs).matching(Layer::isRectifier));
        try (Pass pass = model.run(probe, inputs)) {
            pass.gradient(new Picked(0), "guided");
            pass.gradient(new Picked(1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPickedElementIsTheScoreOfTheFormulaThatPicksIt(boolean exact) {
        try (Model model = load(exact);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            try (Pass pass = model.run(Probe.atInput(), counting(own))) {
                for (int k = 0; k < 2; k++) {
                    Target formula = Targets.classIndex(k);
                    Target picked = new Picked(k);
                    assertThat(pass.score(picked).toFloatArray())
                            .containsExactly(pass.score(formula).toFloatArray());
                    assertThat(pass.gradient(picked).toFloatArray())
                            .containsExactly(pass.gradient(formula).toFloatArray());
                }
                assertThatThrownBy(() -> pass.score(new Picked(7)))
                        .isInstanceOf(VitrailException.class)
                        .hasMessageContaining("picks element 7 of item 0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWayBackThatUsesUpWhatItReadsIsRightAndSoAreLaterOnes(boolean exact) {
        try (Model model = load(exact);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = counting(own);
            Probe probe = probe(model.layers(inputs).matching(Layer::isRectifier));
            try (Pass kept = model.run(probe, inputs);
                    Pass spent = model.run(probe, inputs)) {
                Layer relu = kept.layers().matching(Layer::isRectifier).get(0);
                spent.spend();
                NDArray guided = spent.gradient(new Picked(0), "guided");
                assertThat(guided.toFloatArray())
                        .containsExactly(kept.gradient(new Picked(0), "guided").toFloatArray());
                assertThat(spent.output(relu).toFloatArray())
                        .containsExactly(kept.output(relu).toFloatArray());
                assertThat(spent.gradient(new Picked(1), relu).toFloatArray())
                        .containsExactly(kept.gradient(new Picked(1), relu).toFloatArray());
            }
        }
    }

    @Test
    void whatOnlyWaysBackReadIsGoneBehindTheLastOne() {
        try (Model model = load(false);
                NDManager own = Libtorch.newManager(Device.cpu())) {
            NDList inputs = counting(own);
            guided(model, inputs, false); // compiles
            int kept = guided(model, inputs, false);
            assertThat(guided(model, inputs, true)).isLessThan(kept);
        }
    }

    /** Return how many arrays there are behind the way back. */
    private int guided(Model model, NDList inputs, boolean spending) {
        Probe probe =
                Probe.outputsOnly()
                        .rule("guided", Layer::isRectifier, BackwardRule.GUIDED)
                        .differentiateAtInput("guided");
        try (Pass pass = model.run(probe, inputs)) {
            if (spending) {
                pass.spend();
            }
            pass.gradient(new Picked(0), "guided");
            return calls.openArrays();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void targetsThatAreForgottenHoldNothing(boolean exact) {
        try (Model model = load(exact);
                NDManager own = Libtorch.newManager(Device.cpu());
                Pass pass = model.run(Probe.atInput(), counting(own))) {
            int after = -1;
            for (int i = 0; i < 50; i++) {
                Target target = i % 2 == 0 ? new Picked(0) : Targets.classIndex(1);
                float[] first = pass.gradient(target).toFloatArray();
                pass.forget(target);
                assertThat(pass.gradient(target).toFloatArray()).containsExactly(first);
                pass.forget(target);
                if (i == 1) {
                    after = calls.openArrays();
                }
            }
            assertThat(calls.openArrays()).isEqualTo(after);
        }
    }
}
