package org.example.margin;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.testkit.TargetTrial;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import org.junit.jupiter.api.Test;

class MarginTest {
    /** The logits of 1, 3 are 2, 4, 3; see {@link TinyNetworks#softmax}. */
    @Test
    void theMarginIsThatOfTheLogits() {
        TargetTrial trial = TargetTrial.of(new Margin()).labelled("ant", "bee", "cat");
        try (Model network = TestModels.load(TinyNetworks.softmax());
                NDManager manager = network.newManager()) {
            NDList input = new NDList(manager.create(new float[] {1, 3}, new Shape(1, 2)));

            assertThat(trial.scores("margin:0,1", network, input)).containsExactly(-2);
            assertThat(trial.scores("margin:1,2", network, input)).containsExactly(1);
            assertThat(trial.scores("margin:cat,ant", network, input)).containsExactly(1);
        }
    }
}
