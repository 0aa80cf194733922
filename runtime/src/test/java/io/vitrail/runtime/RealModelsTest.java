package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import io.vitrail.testkit.TinyNetworks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The engine and the methods that are installed, through the front door. */
class RealModelsTest {
    private static float[] counting() {
        float[] numbers = new float[16];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    @Test
    void m1HasTheMapsWorkedOutByHandInOnePass() {
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(TinyNetworks.m1())) {
            Explained all =
                    vitrail.explain(model, counting(), 1, 1, 4, 4)
                            .with("guided-backprop")
                            .with("grad-cam")
                            .layer("relu1")
                            .layer("conv?")
                            .option("relu", "false")
                            .target("class:0")
                            .runAll();
            assertThat(all.forwardPasses()).isEqualTo(1);
            Map<String, Values> arrays = all.toNamedArrays();
            assertThat(arrays.get("grad-cam/conv1").toDoubles())
                    .containsExactly(11.25, 13.5, 20.25, 22.5);
            assertThat(arrays.get("grad-cam/relu1").toDoubles()).containsExactly(0, 4, 28, 32.5);
            Attribution guided =
                    vitrail.explain(model, counting(), 1, 1, 4, 4)
                            .with("guided-backprop")
                            .target("class:0")
                            .run();
            assertThat(guided.values().toDoubles())
                    .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
        }
    }

    @Test
    void theShortestCallIsGradCamAtTheLastSpatialLayer() {
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(TinyNetworks.m1())) {
            Attribution heat = vitrail.explain(model, counting(), 1, 1, 4, 4).run();
            assertThat(heat.method()).isEqualTo("grad-cam");
            assertThat(heat.parts().keySet())
                    .containsExactly(Attribution.Part.layer("relu1").forTarget("predicted"));
            assertThat(heat.values().toDoubles()).containsExactly(0, 4, 28, 32.5);
            Explained helped =
                    vitrail.explain(model, counting(), 1, 1, 4, 4).with("guided-grad-cam").runAll();
            assertThat(helped.layers()).isEqualTo(Map.of("guided-grad-cam", List.of("relu1")));
        }
    }

    @Test
    void resnetHasTheReferenceMapsOfAllMethodsInOnePass() {
        ReferenceArrays reference = SharedData.reference("torch/resnet20_cifar10/chelsea.npz");
        Path file = SharedData.model("torchscript/resnet20_cifar10_traced.pt");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(file)) {
            Explained all =
                    vitrail.explain(model, reference.get("input"))
                            .with("gradient")
                            .with("guided-backprop")
                            .with("deconvnet")
                            .target("class:" + (long) reference.get("target").get(0))
                            .runAll();
            assertThat(all.forwardPasses()).isEqualTo(1);
            Map<String, Values> arrays = all.toNamedArrays();
            // the tolerances of the references' own description: a wrong rule differs by 0.3
            assertThat(apart(arrays.get("output"), reference.get("output"))).isLessThan(1e-4);
            assertThat(apart(arrays.get("gradient"), reference.get("grad"))).isLessThan(5e-2);
            assertThat(apart(arrays.get("guided-backprop"), reference.get("guided")))
                    .isLessThan(5e-2);
            assertThat(apart(arrays.get("deconvnet"), reference.get("deconvnet"))).isLessThan(5e-2);
            Values cam =
                    vitrail.explain(model, reference.get("input"))
                            .with("grad-cam")
                            .layer("layer3.2")
                            .option("grad-cam.relu", "false")
                            .target("class:" + (long) reference.get("target").get(0))
                            .run()
                            .values();
            assertThat(apart(cam, reference.get("gradcam/layer3.2"))).isLessThan(5e-2);
        }
    }

    @Test
    void yoloOfAllOutputsHasTheReferenceGradient() {
        for (int which : new int[] {0, 2}) {
            ReferenceArrays reference =
                    SharedData.reference("torch/detector/dog_class" + which + ".npz");
            try (Vitrail vitrail = Vitrail.open();
                    Model model =
                            vitrail.load(SharedData.model("torchscript/detector_traced.pt"))) {
                Explained all =
                        vitrail.explain(model, reference.get("input"))
                                .with("gradient")
                                .target("yolo:" + which)
                                .runAll();
                assertThat(all.toNamedArrays().keySet())
                        .containsExactly("gradient", "output/0", "output/1", "output/2", "score");
                assertThat(apart(all.toNamedArrays().get("gradient"), reference.get("grad")))
                        .isLessThan(5e-2);
            }
        }
    }

    @Test
    void theProbabilityOfOneOutputOfThreeHasTheReferenceGradient() {
        ReferenceArrays reference = SharedData.reference("torch/onet/astronaut_face.npz");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(SharedData.model("torchscript/onet_traced.pt"))) {
            Values gradient =
                    vitrail.explain(model, reference.get("input"))
                            .with("gradient")
                            .target("output:2/class:" + (long) reference.get("target").get(0))
                            .score(Score.PROBABILITY)
                            .run()
                            .values();
            assertThat(apart(gradient, reference.get("grad"))).isLessThan(5e-2);
        }
    }

    @Test
    void aRealNetworkSeesTheCup() {
        Path file = SharedData.model("torchscript/efficientnet_lite0_traced.pt");
        Path labels = file.resolveSibling("imagenet.labels.txt");
        Path picture = file.resolveSibling("../../images/coffee.png").normalize();
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(file)) {
            Explained all =
                    vitrail.explain(model, picture)
                            .preprocess("none,size=224,crop,mean=127:127:127,std=128:128:128")
                            .labels(Labels.read(labels))
                            .with("guided-backprop")
                            .with("grad-cam")
                            .with("guided-grad-cam")
                            .runAll();
            // .95 by PIL's bicubic resize, as the data's description has it
            assertThat(all.top(0, 1).get(0).label()).isEqualTo("espresso");
            assertThat(all.top(0, 1).get(0).probability()).isGreaterThan(.85);
            assertThat(all.scored().get(0).classes()).containsExactly(967L);
            assertThat(all.forwardPasses()).isEqualTo(1);
            assertThat(all.warnings()).isEmpty();
        }
    }

    /** Return the L2 norm of the difference, in relation to the wanted array's. */
    private static double apart(Values got, Values wanted) {
        assertThat(got.size()).isEqualTo(wanted.size());
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < wanted.size(); i++) {
            difference += Math.pow(got.get(i) - wanted.get(i), 2);
            norm += Math.pow(wanted.get(i), 2);
        }
        return Math.sqrt(difference / norm);
    }
}
