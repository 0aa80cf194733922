package io.vitrail.method.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layers;
import io.vitrail.api.Model;
import io.vitrail.api.Probe;
import io.vitrail.api.RectifierSweep;
import io.vitrail.api.Request;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.Targets;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import io.vitrail.testkit.Trial;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class GradCamTest {
    private static final Trial CAM = Trial.of(new GradCam(), Targets.classIndex(0));
    private static final Trial GUIDED = Trial.of(new GuidedGradCam(), Targets.classIndex(0));

    private static <T> T onM1(Function<Layers, Trial> trial, Function<Attribution, T> then) {
        try (Model model = TestModels.load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.arange(16f).reshape(1, 1, 4, 4));
            return then.apply(trial.apply(model.layers(inputs)).run(model, inputs));
        }
    }

    private static Attribution run(Trial trial) {
        return onM1(layers -> trial, map -> map);
    }

    @Test
    void mapsOfM1AreThoseWorkedOutByHand() {
        Attribution maps = run(CAM.at("conv1", "relu1").with("relu", "false"));

        assertThat(maps.atLayer("conv1").toFloats()).containsExactly(11.25f, 13.5f, 20.25f, 22.5f);
        assertThat(maps.atLayer("relu1").toFloats()).containsExactly(0, 4, 28, 32.5f);
        assertThat(maps.atLayer("relu1").shape()).containsExactly(1, 2, 2);
        assertThat(maps.notes()).isEmpty();
    }

    @Test
    void theDefaultLayerIsTheLastWithSpace() {
        assertThat(run(CAM).atLayer("relu1").toFloats()).containsExactly(0, 4, 28, 32.5f);
    }

    @Test
    void whatSpeaksAgainstTheScoreIsCutOffUnlessAskedFor() {
        // the score is minus class 0: the map turns its sign
        Trial against = Trial.of(new GradCam(), outputs -> outputs.head().get(":, 0").mul(-1));

        assertThat(run(against).values().toFloats()).containsExactly(0, 0, 0, 0);
        assertThat(run(against.with("relu", "false")).values().toFloats())
                .containsExactly(new float[] {0, -4, -28, -32.5f}, within(0f));
    }

    @Test
    void maxScalesAndResizesAsPytorchGradCam() {
        Attribution map = run(CAM.at("relu1").with("normalise", "max").with("resize", "bilinear"));

        assertThat(map.values().shape()).containsExactly(1, 4, 4);
        assertThat(java.util.Arrays.copyOf(map.values().toFloats(), 4))
                .containsExactly(new float[] {0, 0.03077f, 0.09231f, 0.12308f}, within(1e-5f));
    }

    @Test
    void kerasStartsAtOneAndDividesTheGradientByItsSize() {
        // gradient 1,1,1,1 and 1,-1,-1,-1: its root mean square is 1, so the sum is the plain one
        Trial keras = CAM.at("relu1").with("normalise", "keras");

        assertThat(run(keras.with("relu", "false")).values().toFloats())
                .containsExactly(new float[] {1, 5, 29, 33.5f}, within(1e-5f));
        assertThat(run(keras).values().toFloats())
                .containsExactly(new float[] {1 / 33.5f, 5 / 33.5f, 29 / 33.5f, 1}, within(1e-6f));
    }

    @Test
    void kerasKeepsSmallGradientsFromBlowingUp() {
        // gradient 1e-4 everywhere: 1e-4 / sqrt(1e-8 + 1e-8), and 1e-4 / (1e-4 + 1e-5)
        Trial small = Trial.of(new GradCam(), outputs -> outputs.head().get(":, 0").mul(1e-4f));
        Trial signed = small.at("relu1").with("relu", "false");
        double[] plain = {0, 4, 28, 32.5};

        double[] keras = run(signed.with("normalise", "keras")).values().toDoubles();
        double[] later = run(signed.with("normalise", "keras-1e5")).values().toDoubles();

        for (int i = 0; i < plain.length; i++) {
            assertThat(keras[i]).isEqualTo(1 + plain[i] / Math.sqrt(2), within(1e-4));
            assertThat(later[i]).isEqualTo(1 + plain[i] / 1.1, within(1e-4));
        }
    }

    @Test
    void aLayerWithoutSpaceIsRefusedWithTheLastOnesThatHaveIt() {
        for (Trial trial : new Trial[] {CAM, GUIDED}) {
            assertThatExceptionOfType(VitrailException.class)
                    .isThrownBy(() -> run(trial.at("linear")))
                    .matches(e -> e.kind() == VitrailException.Kind.USAGE)
                    .withMessage(
                            "m1: "
                                    + trial.method().id()
                                    + " needs a layer with a spatial output, 'linear' gives (1, 4)\n"
                                    + "  last ones: relu1 (relu (1, 2, 2, 2)), conv1 (conv2d (1, 2,"
                                    + " 2, 2))");
        }
    }

    @Test
    void aNetworkWithoutSpaceIsRefused() {
        try (Model model = TestModels.load(TinyNetworks.m2());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.create(new float[][] {{0, 100, 0}}));

            assertThatExceptionOfType(VitrailException.class)
                    .isThrownBy(() -> CAM.run(model, inputs))
                    .matches(e -> e.kind() == VitrailException.Kind.USAGE)
                    .withMessageContaining("the network has none");
        }
    }

    @Test
    void aLayerThatTheScoreDoesNotDependOnIsSaidToBeEmpty() {
        for (AttributionMethod method :
                new AttributionMethod[] {new GradCam(), new GuidedGradCam()}) {
            Attribution map =
                    onM1(
                            layers ->
                                    Trial.of(method, Targets.sumOf(layers.get("conv1")))
                                            .at("relu1"),
                            result -> result);

            assertThat(map.values().isZero()).isTrue();
            assertThat(map.notes()).containsEntry("empty", "true");
        }
    }

    @Test
    void guidedGradCamIsTheProductOfBoth() {
        // 0,1,1,1 / 1,3,3,2 / 1,3,3,2 / 1,2,2,1 times 0,4 / 28,32.5, each of these four times
        Attribution map = run(GUIDED.at("relu1"));

        assertThat(map.atInput("x").toFloats())
                .containsExactly(0, 0, 4, 4, 0, 0, 12, 8, 28, 84, 97.5f, 65, 28, 56, 65, 32.5f);
        assertThat(map.notes()).containsEntry("rules", "2");
    }

    @Test
    void guidedGradCamTakesBilinearMaps() {
        assertThat(run(GUIDED.at("relu1").with("resize", "bilinear")).values().toFloats())
                .startsWith(0, 1, 3, 4, 7, 3 * 8.03125f);
    }

    @Test
    void guidedGradCamSharesTheSweepOfGuidedBackpropagation() {
        try (Model model = TestModels.load(TinyNetworks.m1());
                NDManager manager = model.newManager()) {
            NDList inputs = new NDList(manager.arange(16f).reshape(1, 1, 4, 4));
            Request request = GUIDED.request(model.layers(inputs));
            RectifierSweep guided = RectifierSweep.guided(request);
            Probe other = guided.addTo(Probe.outputsOnly()).differentiateAtInput(guided.name());

            Probe both = new GuidedGradCam().probe(request).and(other);

            assertThat(both.sweeps()).containsOnlyKeys(Probe.PLAIN, "guided");
        }
    }
}
