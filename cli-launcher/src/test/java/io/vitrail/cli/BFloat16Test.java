package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.runtime.Vitrail;
import io.vitrail.testkit.Difference;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import org.junit.jupiter.api.Test;

/** A type that DJL runs and does not know: asked for an array of it, it ends the process. */
class BFloat16Test {
    private static final double TOLERANCE = 3e-2; // a unit in the last place is 2^-7

    @Test
    void theGradientOfAClassIsTheReferences() {
        ReferenceArrays reference = SharedData.reference("torch/odd/bfloat16/rand.npz");
        try (Vitrail vitrail = Vitrail.builder().engine("pytorch").open();
                Model model =
                        vitrail.load(SharedData.model("torchscript/odd/bfloat16_traced.pt"))) {
            Values gradient =
                    vitrail.explain(model, reference.get("input"))
                            .with("gradient")
                            .target("predicted")
                            .run()
                            .values();

            assertThat(Difference.l2(gradient, reference.get("grad"))).isLessThan(TOLERANCE);
        }
    }
}
