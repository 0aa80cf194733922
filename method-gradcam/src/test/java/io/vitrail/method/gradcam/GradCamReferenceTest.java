package io.vitrail.method.gradcam;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.TorchReference;
import io.vitrail.testkit.Trial;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hold the methods to Captum's and pytorch-grad-cam's results on the same files. */
class GradCamReferenceTest {
    static List<TorchReference> references() {
        return TorchReference.bothForms().stream().filter(TorchReference::isNamed).toList();
    }

    @ParameterizedTest
    @MethodSource("references")
    void equalsTheReference(TorchReference reference) {
        ReferenceArrays expected = reference.read();
        try (Model model = reference.load();
                NDManager manager = model.newManager()) {
            NDList inputs = TorchReference.input(expected, manager);
            Trial cam = Trial.of(new GradCam(), TorchReference.target(expected));
            String[] layers = expected.after("gradcam/").toArray(String[]::new);

            Attribution maps = cam.at(layers).with("relu", "false").run(model, inputs);

            for (String layer : layers) {
                reference.checkBackward(
                        "gradcam/" + layer, maps.atLayer(layer), expected.get("gradcam/" + layer));
            }
            for (String layer : expected.after("gradcam_pgc_final/")) {
                reference.checkBackward(
                        "gradcam_pgc_final/" + layer,
                        cam.at(layer)
                                .with("normalise", "max")
                                .with("resize", "bilinear")
                                .run(model, inputs)
                                .values(),
                        expected.get("gradcam_pgc_final/" + layer));
            }
            Trial guided = Trial.of(new GuidedGradCam(), TorchReference.target(expected));
            for (String layer : expected.after("guided_gradcam/")) {
                reference.checkBackward(
                        "guided_gradcam/" + layer,
                        guided.at(layer).run(model, inputs).values(),
                        expected.get("guided_gradcam/" + layer));
            }
        }
    }
}
