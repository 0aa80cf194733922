package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Vitrail;
import io.vitrail.testkit.Difference;
import io.vitrail.testkit.SharedData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keras files as the distribution runs them, on one engine and on the other. */
class BothEnginesTest {
    private static final Set<String> MAPS = Set.of("gradient", "guided-backprop");

    /**
     * Largest difference found, by the norm: 1.1e-6 (Grad-CAM of chelsea), 7.8e-6 in a score near
     * 0.
     */
    private static final double ROUNDING = 2e-5;

    /**
     * Of Tiny Darknet's eagle one kink or winner of a pool falls on the other side: 2.1e-3 in the
     * gradient, 1.7e-3 in guided backpropagation; none elsewhere in guided backpropagation, which
     * is within 4.6e-7. ResNet-8 is within 3.9e-7.
     */
    private static final double FLIPPED_KINKS = 5e-3;

    @ParameterizedTest
    @CsvSource({
        "tiny_darknet.h5, tiny_darknet, dog, leaky_re_lu_14",
        "tiny_darknet.h5, tiny_darknet, eagle, leaky_re_lu_14",
        "tiny_darknet.h5, tiny_darknet, chelsea, leaky_re_lu_14",
        "cifar10_resnet8.h5, cifar10_resnet8, eagle, activation_4",
        "cifar10_resnet8.h5, cifar10_resnet8, horses, activation_4",
        "cifar10_resnet8.h5, cifar10_resnet8, chelsea, activation_4",
    })
    void oneFileGivesTheSameArraysOnEither(
            String file, String references, String picture, String layer) {
        Values input =
                SharedData.reference("keras/" + references + "/" + picture + ".npz").get("input");
        Map<String, Values> torch = arrays("pytorch", file, input, layer);
        Map<String, Values> mxnet = arrays("mxnet", file, input, layer);

        assertThat(mxnet.keySet()).isEqualTo(torch.keySet()).hasSizeGreaterThanOrEqualTo(5);
        torch.forEach(
                (name, values) ->
                        assertThat(Difference.l2(mxnet.get(name), values))
                                .as(name)
                                .isLessThan(MAPS.contains(name) ? FLIPPED_KINKS : ROUNDING));
    }

    private static Map<String, Values> arrays(
            String engine, String file, Values input, String layer) {
        try (Vitrail vitrail = Vitrail.builder().engine(engine).open();
                Model model = vitrail.load(SharedData.model("keras/" + file))) {
            Explained maps =
                    vitrail.explain(model, input).with("gradient").with("guided-backprop").runAll();
            Explained seen =
                    vitrail.explain(model, input)
                            .with("grad-cam")
                            .with("pre-activation")
                            .layer(layer)
                            .runAll();
            Map<String, Values> arrays = new LinkedHashMap<>(maps.toNamedArrays());
            arrays.putAll(seen.toNamedArrays());
            return arrays;
        }
    }
}
