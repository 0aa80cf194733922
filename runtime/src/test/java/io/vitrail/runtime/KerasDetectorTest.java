package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitrail.api.Attribution;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.picture.Resampling;
import io.vitrail.testkit.Difference;
import io.vitrail.testkit.KerasReference;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * A YOLOv3 that Keras saved: what its targets and boxes come to, by TensorFlow and numpy.
 *
 * <p>Its boxes are those of numpy in double, from the three outputs that tf_keras 2.21.0 computes:
 * {@code (sigmoid(t[:2]) + cell) / cells}, {@code exp(t[2:4]) * anchors[mask] / 416}, {@code
 * sigmoid(t[4]) * sigmoid(t[5:])}, then {@code yolo_correct_boxes} of keras-yolo3 and suppression
 * class by class. The weights are made up, so its boxes are thousands and mean nothing.
 */
class KerasDetectorTest {
    /** The rounding of 75 convolutions moves the path of a kink: a wrong rule differs by 1. */
    private static final double FLIPPED_KINKS = 5e-2;

    private static ReferenceArrays reference(String name) {
        return SharedData.reference("keras/yolov3_quarter/" + name + ".npz");
    }

    private static void onDetector(BiConsumer<Vitrail, CountingModel> work) {
        Path file = SharedData.model("keras/yolov3_quarter.h5");
        try (Vitrail vitrail = Vitrail.open();
                CountingModel model = new CountingModel(vitrail.load(file))) {
            work.accept(vitrail, model);
            assertThat(model.open).as("passes left open").isZero();
        }
    }

    private static Explanation explain(Vitrail vitrail, Model model) {
        return vitrail.explain(model, reference("dog").get("input"));
    }

    @Test
    void theSumOverAllBoxesFlowsBackAsInKerasThrough72LeakyRelus() {
        ReferenceArrays all = reference("dog_sigmoid");
        ReferenceArrays first = reference("dog_sigmoid_0");
        onDetector(
                (vitrail, model) -> {
                    Explained found =
                            explain(vitrail, model)
                                    .with("gradient")
                                    .with("guided-backprop")
                                    .target("yolo")
                                    .target("output:0/yolo")
                                    .runAll();

                    Attribution guided = found.attributions().get("guided-backprop");
                    assertThat(guided.notes()).containsEntry("rules", "72");
                    assertThat(model.forward).containsExactly(1L);
                    assertScore(found, 0, all.get("yolo_sigmoid_score"));
                    assertScore(found, 1, first.get("yolo_sigmoid_0_score"));
                    assertClose(found, "gradient@yolo", all.get("yolo_sigmoid_grad"));
                    assertClose(found, "guided-backprop@yolo", all.get("yolo_sigmoid_guided"));
                    assertClose(
                            found, "gradient@output:0/yolo", first.get("yolo_sigmoid_0_grad_s2"));
                    assertClose(
                            found,
                            "guided-backprop@output:0/yolo",
                            first.get("yolo_sigmoid_0_guided_s2"));
                });
    }

    @Test
    void theRawScoreIsThatOfTheFirstOutputAsItStands() {
        ReferenceArrays raw = reference("dog_raw");
        onDetector(
                (vitrail, model) -> {
                    Explained found =
                            explain(vitrail, model)
                                    .with("gradient")
                                    .with("guided-backprop")
                                    .target("yolo-raw")
                                    .runAll();

                    assertScore(found, 0, raw.get("yolo_raw_score"));
                    assertClose(found, "gradient", raw.get("yolo_raw_grad"));
                    assertClose(found, "guided-backprop", raw.get("yolo_raw_guided"));
                });
    }

    @Test
    void oneClassOfAllBoxesFlowsBackAsInKeras() {
        onDetector(
                (vitrail, model) -> {
                    Explained found =
                            explain(vitrail, model)
                                    .with("gradient")
                                    .with("guided-backprop")
                                    .target("yolo:16")
                                    .runAll();

                    // tf_keras in double: sum of sigmoid(confidence) * sigmoid(class 16), and the
                    // Euclidean norms of the quarters top left, top right, bottom left and right
                    assertThat(found.scored().get(0).scores().get(0))
                            .isEqualTo(243.99344, within(1e-2));
                    assertQuarters(found, "gradient", 1181.09, 1304.52, 1052.29, 1163.40);
                    assertQuarters(found, "guided-backprop", 23443.9, 49352.6, 14882.6, 15799.8);
                });
    }

    @Test
    void theBoxesAreThoseOfKerasYolo3() {
        onDetector(
                (vitrail, model) -> {
                    Explained found = explain(vitrail, model).boxes(.985, .02).predict();

                    List<Detection> boxes = found.boxes(0);
                    assertThat(boxes).hasSize(89); // of 94 before suppression
                    assertThat(boxes.stream().mapToLong(Detection::classIndex).sum())
                            .isEqualTo(4096);
                    assertBox(boxes.get(0), 41, .999338, 242.74, 63.98, 253.26, 64.46);
                    assertBox(boxes.get(1), 77, .999062, 218.88, 95.79, 248.15, 96.23);
                    assertBox(boxes.get(2), 34, .998960, 242.74, 63.98, 253.26, 64.46);
                    assertBox(boxes.get(3), 68, .998598, 85.47, 69.05, 378.61, 77.18);
                    assertBox(boxes.get(6), 68, .997932, 0, 71.85, 416, 72.47); // 34,000 wide
                });
    }

    @Test
    void theBoxesOfALetterboxedPictureAreInItsOwnPixels() {
        Path picture = SharedData.picture("dog.jpg"); // 768 x 576: grey above and below
        onDetector(
                (vitrail, model) -> {
                    Explained found =
                            vitrail.explain(model, picture)
                                    .preprocess("unit,letterbox,bicubic,size=416")
                                    .boxes(.985, .02)
                                    .predict();

                    List<Detection> boxes = found.boxes(0);
                    assertThat(boxes).hasSize(89);
                    assertBox(boxes.get(0), 41, .999338, 448.14, 22.11, 467.56, 23.00);
                    assertBox(boxes.get(1), 77, .999062, 404.09, 80.84, 458.13, 81.66);
                    assertBox(boxes.get(3), 68, .998598, 157.79, 31.48, 698.97, 46.49);
                });
    }

    private static void assertBox(Detection box, int classIndex, double score, double... corners) {
        Resampling.Box at = box.box();
        double[] found = {at.left(), at.top(), at.right(), at.bottom()};
        assertThat(box.classIndex()).isEqualTo(classIndex);
        assertThat(box.score()).isEqualTo(score, within(1e-4));
        assertThat(found).containsExactly(corners, within(.2));
    }

    private static void assertScore(Explained found, int target, Values expected) {
        double score = found.scored().get(target).scores().get(0);
        assertThat(score).isEqualTo(expected.get(0), within(1e-4 * Math.abs(expected.get(0))));
    }

    private static void assertClose(Explained found, String key, Values expected) {
        Values map = found.toNamedArrays().get(key);
        Values kept = map.size() == expected.size() ? map : KerasReference.strided(map, 2);
        assertThat(Difference.l2(kept, expected)).as(key).isLessThan(FLIPPED_KINKS);
    }

    private static void assertQuarters(Explained found, String key, double... expected) {
        assertThat(Quarters.norms(found.toNamedArrays().get(key)))
                .containsExactly(expected, within(FLIPPED_KINKS * expected[0]));
    }
}
