package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.Attribution;
import io.vitrail.api.Probe;
import io.vitrail.api.Values;
import io.vitrail.testkit.Difference;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grad-CAM of Keras networks over many pictures: passes counted, maps as Keras computes them. */
class KerasStreamTest {
    private static final String VGG = "keras/vgg19_quarter_top.h5";
    private static final String LAST = "block5_conv4";

    /** Four pictures, four classes. */
    private static ReferenceArrays four() {
        return SharedData.reference("keras/vgg19_quarter_top/batch.npz");
    }

    private static void on(String file, BiConsumer<Vitrail, CountingModel> work) {
        try (Vitrail vitrail = Vitrail.open();
                CountingModel model = new CountingModel(vitrail.load(SharedData.model(file)))) {
            work.accept(vitrail, model);
            assertThat(model.open).as("passes left open").isZero();
        }
    }

    @Test
    void theClassOfEachPictureIsChosenInsideOnePass() {
        ReferenceArrays expected = four();
        on(
                VGG,
                (vitrail, model) -> {
                    Explained found =
                            vitrail.explain(model, expected.get("input"))
                                    .with("grad-cam")
                                    .layer(LAST)
                                    .option("relu", "false")
                                    .runAll();

                    assertThat(found.scored().get(0).classes())
                            .containsExactly(386L, 314L, 220L, 128L);
                    assertThat(model.forward).containsExactly(4L);
                    assertThat(model.backward).containsExactly(LAST);
                    Probe.Sweep back = model.probes.get(0).sweeps().get(Probe.PLAIN);
                    assertThat(back.atInput()).as("the suffix alone").isFalse();
                    Values maps = found.attributions().get("grad-cam").values();
                    assertThat(Difference.max(maps, expected.get("gradcam/" + LAST)))
                            .isLessThan(1e-4);
                    assertThat(Difference.max(maps.item(0), maps.item(1))).isGreaterThan(.1);
                });
    }

    @Test
    void severalLayersShareThePassAndTheWayBack() {
        ReferenceArrays expected = four();
        on(
                VGG,
                (vitrail, model) -> {
                    Attribution maps =
                            vitrail.explain(model, expected.get("input"))
                                    .with("grad-cam")
                                    .layer(LAST)
                                    .layer("block3_conv4")
                                    .option("relu", "false")
                                    .run();

                    assertThat(model.forward).containsExactly(4L);
                    for (String layer : List.of(LAST, "block3_conv4")) {
                        Values wanted = expected.get("gradcam/" + layer);
                        assertThat(Difference.l2(maps.atLayer(layer), wanted)).isLessThan(5e-2);
                    }
                });
    }

    /** Names as the references have them: {@code _prob} the score, {@code _1e5} the divisor. */
    @ParameterizedTest
    @CsvSource({
        "keras,      LOGIT,       keras_gradcam",
        "keras-1e5,  LOGIT,       keras_gradcam_1e5",
        "keras,      PROBABILITY, keras_gradcam_prob",
        "keras-1e5,  PROBABILITY, keras_gradcam_prob_1e5",
    })
    void mapsOfKerasGradCamAreEqualToItsOwn(String normalise, Score score, String key) {
        ReferenceArrays expected = four();
        on(
                VGG,
                (vitrail, model) -> {
                    for (String relu : List.of("true", "false")) {
                        Values maps =
                                vitrail.explain(model, expected.get("input"))
                                        .with("grad-cam")
                                        .layer(LAST)
                                        .score(score)
                                        .option("normalise", normalise)
                                        .option("relu", relu)
                                        .run()
                                        .values();
                        String whole = key + (relu.equals("true") ? "/" : "_raw/") + LAST;
                        assertThat(Difference.max(maps, expected.get(whole)))
                                .as(whole)
                                .isLessThan(1e-4);
                    }
                    assertThat(model.forward).containsExactly(4L, 4L);
                    assertThat(model.backward).containsExactly(LAST, LAST);
                });
    }

    @Test
    void aStreamGivesEachPictureItsOwnMapAndRunsOnceABatch() {
        ReferenceArrays expected = four();
        Values wanted = expected.get("gradcam/" + LAST);
        on(
                VGG,
                (vitrail, model) -> {
                    List<Explained> all =
                            vitrail.explain(
                                            model,
                                            IntStream.range(0, 4)
                                                    .mapToObj(expected.get("input")::item))
                                    .with("grad-cam")
                                    .layer(LAST)
                                    .option("relu", "false")
                                    .batch(2)
                                    .streamAll()
                                    .toList();

                    assertThat(model.forward).containsExactly(2L, 2L);
                    assertThat(model.backward).containsExactly(LAST, LAST);
                    for (int i = 0; i < 4; i++) {
                        Values map = all.get(i).attributions().get("grad-cam").values();
                        assertThat(Difference.max(map, wanted.item(i))).isLessThan(1e-4);
                        assertThat(all.get(i).scored().get(0).classes())
                                .containsExactly((long) expected.get("target").get(i));
                    }
                });
    }

    @Test
    void aFunctionalNetworkStreamsAsWell() {
        ReferenceArrays expected = SharedData.reference("keras/resnet50/dog.npz");
        Values dog = expected.get("input");
        on(
                "keras/resnet50.keras",
                (vitrail, model) -> {
                    List<Attribution> maps =
                            vitrail
                                    .explain(model, List.of(upsideDown(dog), dog, dog))
                                    .with("grad-cam")
                                    .layer("conv5_block3_out")
                                    .layer("conv4_block6_out")
                                    .option("relu", "false")
                                    .batch(2)
                                    .stream()
                                    .toList();

                    assertThat(model.forward).containsExactly(2L, 1L);
                    for (String layer : List.of("conv5_block3_out", "conv4_block6_out")) {
                        Values wanted = expected.get("gradcam/" + layer);
                        Map.of(1, maps.get(1), 2, maps.get(2))
                                .forEach(
                                        (i, map) ->
                                                assertThat(
                                                                Difference.max(
                                                                        map.atLayer(layer), wanted))
                                                        .as("%s of item %d", layer, i)
                                                        .isLessThan(1e-4));
                        assertThat(Difference.l2(maps.get(0).atLayer(layer), wanted))
                                .as("another picture's %s", layer)
                                .isGreaterThan(.1);
                    }
                });
    }

    private static Values upsideDown(Values picture) {
        float[] pixels = picture.toFloats();
        float[] turned = new float[pixels.length];
        int rows = (int) picture.shape()[1];
        int row = pixels.length / rows;
        for (int y = 0; y < rows; y++) {
            System.arraycopy(pixels, y * row, turned, (rows - 1 - y) * row, row);
        }
        return Values.of(turned, picture.axes(), picture.shape());
    }
}
