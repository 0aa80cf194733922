package ${package};

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.graph.Operator;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import io.vitrail.testkit.Trial;
import org.junit.jupiter.api.Test;

class MyMethodTest {
    /** The score is 1, -2, 3 times the ReLU of each input: an open one adds its input times that. */
    @Test
    void anInputAddsWhatItIsTimesItsGradient() {
        try (Model network = TestModels.load(TinyNetworks.activation(new Operator.Relu()));
                NDManager manager = network.newManager()) {
            NDList input = new NDList(manager.create(new float[] {4, 5, -6}, new Shape(1, 3)));

            double[] map =
                    Trial.of(new MyMethod(), Targets.classIndex(0))
                            .run(network, input)
                            .values()
                            .toDoubles();

            assertThat(map).containsExactly(4, -10, -0.0);
        }
    }
}
