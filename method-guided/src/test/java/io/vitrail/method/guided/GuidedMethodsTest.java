package io.vitrail.method.guided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import io.vitrail.testkit.Trial;
import org.junit.jupiter.api.Test;

class GuidedMethodsTest {
    private static Attribution run(GraphSource network, Trial trial, float... item) {
        try (Model model = TestModels.load(network);
                NDManager manager = model.newManager()) {
            Shape shape = model.inputs().get(0).type().shape();
            return trial.run(
                    model, new NDList(manager.create(item, new Shape(1).addAll(shape.slice(1)))));
        }
    }

    private static Trial of(AttributionMethod method) {
        return Trial.of(method, Targets.classIndex(0));
    }

    private static float[] counting() {
        float[] counting = new float[16];
        for (int i = 0; i < 16; i++) {
            counting[i] = i;
        }
        return counting;
    }

    @Test
    void guidedBackpropOfM1IsTheMapWorkedOutByHand() {
        Attribution map = run(TinyNetworks.m1(), of(new GuidedBackprop()), counting());

        assertThat(map.values().toFloats())
                .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
        assertThat(map.notes()).containsEntry("rules", "2");
    }

    @Test
    void gradientOfM1IsTheMapWorkedOutByHand() {
        // at relu1 1,1,1,1 and 1,-1,-1,-1; behind the gates of conv1, which gives -5,4,31,40 and
        // -30,-21,6,15, there are 0,1,1,1 and 0,0,-1,-1 left: in sum 1 for the second window only
        Attribution map = run(TinyNetworks.m1(), of(new Gradient()), counting());

        assertThat(map.values().toFloats())
                .containsExactly(0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0);
        assertThat(map.notes()).doesNotContainKey("rules");
    }

    @Test
    void deconvnetOfM1IsTheMapWorkedOutByHand() {
        // the gates do not count: 1,1,1,1 and 1,0,0,0, each spread over its 3x3 window
        Attribution map = run(TinyNetworks.m1(), of(new Deconvnet()), counting());

        assertThat(map.values().toFloats())
                .containsExactly(2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1);
    }

    @Test
    void atALayerTheGradientIsThatOfItsOutput() {
        Attribution map =
                run(TinyNetworks.m1(), of(new Gradient()).at("relu1", "conv1"), counting());

        assertThat(map.atLayer("relu1").toFloats()).containsExactly(1, 1, 1, 1, 1, -1, -1, -1);
        assertThat(map.atLayer("conv1").toFloats()).containsExactly(0, 1, 1, 1, 0, 0, -1, -1);
        assertThat(map.parts().keySet().iterator().next().place()).isEqualTo("relu1");
    }

    @Test
    void channelsAreReducedAsAsked() {
        Trial at = of(new Gradient()).at("relu1");

        assertThat(reduced(at, "mean")).containsExactly(1, 0, 0, 0);
        assertThat(reduced(at, "sum")).containsExactly(2, 0, 0, 0);
        assertThat(reduced(at, "max-abs")).containsExactly(1, 1, 1, 1);
        float root = (float) Math.sqrt(2);
        assertThat(reduced(at, "l2"))
                .containsExactly(new float[] {root, root, root, root}, within(1e-6f));
        assertThat(run(TinyNetworks.m1(), at.with("reduce", "mean"), counting()).values().shape())
                .containsExactly(1, 2, 2);
    }

    private static float[] reduced(Trial trial, String how) {
        return run(TinyNetworks.m1(), trial.with("reduce", how), counting()).values().toFloats();
    }

    @Test
    void aLeakyRectifierKeepsItsSlopeUnlessAskedForZero() {
        Trial guided = of(new GuidedBackprop());

        assertThat(run(TinyNetworks.leaky(), guided, 4, 4, -4).values().toFloats())
                .containsExactly(1, 0, 1.5f);
        assertThat(
                        run(TinyNetworks.leaky(), guided.with("leaky", "zero"), 4, 4, -4)
                                .values()
                                .toFloats())
                .containsExactly(1, 0, 0);
    }

    @Test
    void aRectifierWithoutSlopeIsTheSameUnderLeakyZero() {
        Trial guided = of(new GuidedBackprop()).with("leaky", "zero");

        assertThat(run(TinyNetworks.m1(), guided, counting()).values().toFloats())
                .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
    }

    @Test
    void everyInputHasItsPart() {
        try (Model model = TestModels.load(TinyNetworks.twoInputs());
                NDManager manager = model.newManager()) {
            NDList inputs =
                    new NDList(
                            manager.create(new float[] {1, -5}, new Shape(1, 2)),
                            manager.create(new float[] {2, 3, 4}, new Shape(1, 3)));

            Attribution map = of(new GuidedBackprop()).run(model, inputs);

            assertThat(map.atInput("a").toFloats()).containsExactly(1, 0);
            assertThat(map.atInput("b").toFloats()).containsExactly(1, 1, 0);
        }
    }

    @Test
    void aNetworkWithoutRectifiersIsRefusedWithTheWayOut() {
        for (AttributionMethod method :
                new AttributionMethod[] {new GuidedBackprop(), new Deconvnet()}) {
            assertThatExceptionOfType(VitrailException.class)
                    .isThrownBy(
                            () ->
                                    run(
                                            TinyNetworks.activation(new Operator.Silu()),
                                            of(method),
                                            1,
                                            2,
                                            3))
                    .matches(e -> e.kind() == VitrailException.Kind.FAILURE)
                    .withMessage(
                            "silu-net: "
                                    + method.id()
                                    + " has no rectifier to put its rule at; the result would be the"
                                    + " plain gradient\n"
                                    + "  smooth:  activation (silu (1, 3))\n"
                                    + "  instead: -s smooth=true lets the rule stand there; -m gradient"
                                    + " has no rule");
        }
    }

    @Test
    void smoothActivationsCarryTheRuleOnRequest() {
        Trial guided = of(new GuidedBackprop()).with("smooth", "true");
        // the derivative of x sigmoid(x) is s (1 + x (1 - s)); the gradient above is 1,-2,3
        double s1 = 1 / (1 + Math.exp(-1));
        double s3 = 1 / (1 + Math.exp(-3));

        Attribution map = run(TinyNetworks.activation(new Operator.Silu()), guided, 1, 2, 3);

        assertThat(map.values().toFloats())
                .containsExactly(
                        new float[] {
                            (float) (s1 * (1 + 1 * (1 - s1))),
                            0,
                            (float) (3 * s3 * (1 + 3 * (1 - s3)))
                        },
                        within(1e-6f));
        assertThat(map.notes()).containsEntry("rules", "1");
    }

    @Test
    void anUnknownReductionNamesTheKnownOnes() {
        assertThatExceptionOfType(VitrailException.class)
                .isThrownBy(
                        () ->
                                run(
                                        TinyNetworks.m1(),
                                        of(new Gradient()).with("reduce", "median"),
                                        counting()))
                .withMessageContaining("none, sum, mean, max-abs, l2");
    }
}
