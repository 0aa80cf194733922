package org.example.smoothgrad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import io.vitrail.testkit.Trial;
import org.junit.jupiter.api.Test;

class SmoothGradTest {
    private static final Trial TRIAL = Trial.of(new SmoothGrad(), Targets.classIndex(0));

    /** Without noise it is the method itself; the map is worked out at {@link TinyNetworks#m1}. */
    @Test
    void withoutNoiseItIsTheMethodItself() {
        try (Model m1 = TestModels.load(TinyNetworks.m1());
                NDManager manager = m1.newManager()) {
            NDList counting = new NDList(manager.arange(16f).reshape(1, 1, 4, 4));

            double[] map =
                    TRIAL.with("method", "guided-backprop")
                            .with("noise", "0")
                            .with("samples", "3")
                            .run(m1, counting)
                            .values()
                            .toDoubles();

            assertThat(map).containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
        }
    }

    /**
     * The gradient of 1, -2, 3 times the ReLUs of 0, 4, -4: noise of deviation 1.2 opens the first
     * in half of the copies, the second in all but 0.04 % of them, the third in 0.04 %.
     */
    @Test
    void noiseOpensARectifierAsOftenAsChanceHasIt() {
        try (Model network = TestModels.load(TinyNetworks.activation(new Operator.Relu()));
                NDManager manager = network.newManager()) {
            NDList input = new NDList(manager.create(new float[] {0, 4, -4}, new Shape(1, 3)));

            double[] map = TRIAL.with("samples", "900").run(network, input).values().toDoubles();

            // three standard deviations of the mean of 900 tosses are 0.05
            assertThat(map[0]).isEqualTo(0.5, within(0.05));
            assertThat(map[1]).isEqualTo(-2, within(0.02));
            assertThat(map[2]).isEqualTo(0, within(0.03));
        }
    }

    @Test
    void anotherSeedIsOtherNoise() {
        try (Model network = TestModels.load(TinyNetworks.activation(new Operator.Tanh()));
                NDManager manager = network.newManager()) {
            NDList input = new NDList(manager.create(new float[] {0, 1, -1}, new Shape(1, 3)));

            assertThat(TRIAL.with("seed", "1").run(network, input).parts())
                    .isEqualTo(TRIAL.with("seed", "1").run(network, input).parts())
                    .isNotEqualTo(TRIAL.with("seed", "2").run(network, input).parts());
        }
    }

    @Test
    void itCannotSmoothItself() {
        try (Model m2 = TestModels.load(TinyNetworks.m2());
                NDManager manager = m2.newManager()) {
            NDList input = new NDList(manager.create(new float[] {1, 2, 3}, new Shape(1, 3)));

            assertThatThrownBy(() -> TRIAL.with("method", "smooth-grad").run(m2, input))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("calls itself");
        }
    }
}
