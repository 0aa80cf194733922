package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import io.vitrail.picture.Picture;
import io.vitrail.picture.Resampling;
import io.vitrail.testkit.ReferenceArrays;
import io.vitrail.testkit.SharedData;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Boxes worked out by hand on a detector with one box a cell, 2 classes and two cells of 2x2
 * pixels.
 *
 * <p>Logits of ln 9, ln 3, 0 and -ln 3 are probabilities of .9, .75, .5 and .25. A box with x = y =
 * w = h = 0 is as large as its anchor, 2x2, in the middle of its cell: 0,0 to 2,2 in the first, 2,0
 * to 4,2 in the second.
 */
class BoxesTest {
    private static final float LN3 = (float) Math.log(3);
    private static final float LN9 = (float) Math.log(9);

    /** x, y, w, h, confidence, two classes: .9 x .75 = .675 for class 0, .225 for class 1. */
    private static final float[] FIRST = {0, 0, 0, 0, LN9, LN3, -LN3};

    /** .75 x .5 = .375 for class 0, .75 x .75 = .5625 for class 1; three times as wide. */
    private static final float[] SECOND = {0, 0, LN3, 0, LN3, 0, LN3};

    private static final Sidecar SIDECAR =
            Sidecar.EMPTY.withAnchorSizes(List.of(List.of(new Anchor(2, 2))));

    /** The first row and two of four columns of its input are its two cells. */
    private static FakeNetwork network() {
        return new FakeNetwork()
                .declared(-1, 7, 2, 4)
                .stage("head", new Operator.Identity(), x -> x.get(":, :, :1, :2"))
                .output("head");
    }

    /** Numbers of (1, 7, 2, 4) whose two cells are these. */
    private static float[] numbers(float[] left, float[] right) {
        float[] numbers = new float[7 * 8];
        for (int c = 0; c < 7; c++) {
            numbers[8 * c] = left[c];
            numbers[8 * c + 1] = right[c];
        }
        return numbers;
    }

    private static float[] both(float[] one, float[] other) {
        float[] both = java.util.Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static Explanation explain(float[] numbers, AttributionMethod... methods) {
        Vitrail vitrail = FakeVitrail.with(new FakeEngine(), methods);
        Model model = new LoadedModel(vitrail.load(network()), SIDECAR);
        return vitrail.explain(model, numbers, numbers.length / 56, 7, 2, 4);
    }

    private static Explanation explain() {
        return explain(numbers(FIRST, SECOND)).labels(List.of("cat", "dog"));
    }

    private static void assertBox(
            Detection box, int number, int classIndex, double score, double... corners) {
        assertThat(box.number()).isEqualTo(number);
        assertThat(box.classIndex()).isEqualTo(classIndex);
        assertThat(box.score()).isEqualTo(score, within(1e-6));
        Resampling.Box at = box.box();
        assertThat(new double[] {at.left(), at.top(), at.right(), at.bottom()})
                .containsExactly(corners, within(1e-5));
    }

    @Test
    void boxesComeBestFirstOncePerClassAndCutAtTheBorders() {
        Explained seen = explain().predict();

        assertThat(seen.isDetector()).isTrue();
        List<Detection> boxes = seen.boxes(0);
        assertThat(boxes).hasSize(3);
        assertBox(boxes.get(0), 0, 0, .675, 0, 0, 2, 2);
        assertBox(boxes.get(1), 1, 1, .5625, 0, 0, 4, 2);
        assertBox(boxes.get(2), 2, 0, .375, 0, 0, 4, 2);
        assertThat(boxes).extracting(Detection::label).containsExactly("cat", "dog", "cat");
    }

    @Test
    void theThresholdAndTheOverlapSayWhichCount() {
        assertThat(explain().boxes(.3, .3).predict().boxes(0)) // 4 of 12 pixels are shared
                .extracting(Detection::classIndex)
                .containsExactly(0L, 1L);
        assertThat(explain().boxes(.3, .34).predict().boxes(0)).hasSize(3);
        assertThat(explain().boxes(.2, .45).predict().boxes(0)).hasSize(4);
        assertThat(explain().boxes(.6, .45).predict().boxes(0)).hasSize(1);
        assertThatThrownBy(() -> explain().boxes(1.1, .45))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("0 to 1, please");
    }

    @Test
    void aLetterboxIsUndone() {
        // a square of 2x2 in the middle of 4x2, a grey column at either side
        FakeNetwork network =
                new FakeNetwork()
                        .declared(-1, 3, 2, 4)
                        .stage(
                                "head",
                                new Operator.Identity(),
                                x -> x.get(":, :1, :1, :2").mul(0).add(cells(x, FIRST, SECOND)))
                        .output("head");
        Vitrail vitrail = FakeVitrail.with(new FakeEngine());
        Model model = new LoadedModel(vitrail.load(network), SIDECAR);

        Explained seen =
                vitrail.explain(model, Picture.of(2, 2, new byte[12]))
                        .preprocess("unit,letterbox,size=4x2")
                        .predict();

        assertBox(seen.boxes(0).get(0), 0, 0, .675, 0, 0, 1, 2);
        assertBox(seen.boxes(0).get(1), 1, 1, .5625, 0, 0, 2, 2);
    }

    private static NDArray cells(NDArray like, float[] left, float[] right) {
        float[] numbers = new float[14];
        for (int c = 0; c < 7; c++) {
            numbers[2 * c] = left[c];
            numbers[2 * c + 1] = right[c];
        }
        return like.getManager().create(numbers, new ai.djl.ndarray.types.Shape(1, 7, 1, 2));
    }

    @Test
    void eachItemIsExplainedAtItsOwnBox() {
        float[] two = both(numbers(FIRST, SECOND), numbers(SECOND, FIRST));

        Explained found =
                explain(two, FakeMethods.gradient())
                        .with("fake-gradient")
                        .target("box:0")
                        .target("box:1")
                        .runAll();

        assertThat(found.forwardPasses()).isEqualTo(1);
        assertThat(found.scored().get(0).scores().toDoubles())
                .containsExactly(new double[] {.675, .675}, within(1e-6));
        assertThat(found.scored().get(1).classes()).containsExactly(1L, 1L);
        Values best =
                found.attributions()
                        .get("fake-gradient")
                        .parts()
                        .get(io.vitrail.api.Attribution.Part.input("x").forTarget("box:0"));
        double[] wanted = new double[112];
        for (int at : new int[] {0, 57}) { // the first cell of item 0, the second of item 1
            wanted[at + 8 * 4] = .9 * .1 * .75;
            wanted[at + 8 * 5] = .9 * .75 * .25;
        }
        assertThat(best.toDoubles()).containsExactly(wanted, within(1e-6));
        assertThat(found.boxes(0, "box:1")).containsExactly(found.boxes(0).get(1));
        assertThat(found.item(1).boxes(0, "box:0")).containsExactly(found.boxes(1).get(0));
    }

    @Test
    void aMethodOfManyPassesStaysAtTheBoxOfThePictureAsItIs() {
        Explanation twice =
                explain(numbers(FIRST, SECOND), FakeMethods.twice())
                        .with("fake-twice")
                        .target("box:0");

        Values found = twice.run().values();

        // with all signs turned the confidence is .1 and the class .25, and no box is left
        assertThat(found.get(8 * 4)).isEqualTo(.9 * .1 * .75 + .1 * .9 * .25, within(1e-6));
    }

    @Test
    void yoloTargetsAreAboutTheBoxesOfTheirClass() {
        Explained all = explain().target("yolo").target("yolo:dog").target("sum").predict();

        assertThat(all.boxes(0, "yolo")).hasSize(3);
        assertThat(all.boxes(0, "yolo:dog")).containsExactly(all.boxes(0).get(1));
        assertThat(all.boxes(0, "sum")).isEmpty();
    }

    @Test
    void aBoxThatIsNotThereIsTheInputsFault() {
        assertThatThrownBy(() -> explain().target("box:3").predict())
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.INPUT))
                .hasMessage(
                        "fake.net: target 'box:3': the boxes are box:0 to box:2 with a score of 0.3"
                                + " or more\n  do:  see them with vitrail predict, or lower"
                                + " --threshold");
        assertThatThrownBy(() -> explain(new float[56]).target("box:0").predict())
                .hasMessageContaining("no box is predicted with a score of 0.3 or more");
        assertThatThrownBy(() -> explain().labels(List.of("cat")).predict())
                .hasMessageContaining("1 label for 2 classes");
        assertThatThrownBy(() -> explain().target("box:x").predict())
                .hasMessageContaining("write box:N");
        assertThatThrownBy(() -> explain().target("output:0/box:1").predict())
                .hasMessageContaining("leave the prefix out");
    }

    @Test
    void aNetworkThatIsNoDetectorHasNoBoxes() {
        Vitrail vitrail = FakeVitrail.with(new FakeEngine());
        Model classifier = vitrail.load(FakeNetwork.classifier().output("fc"));
        float[] numbers = new float[8];

        Explained seen = vitrail.explain(classifier, numbers, 1, 2, 2, 2).predict();

        assertThat(seen.isDetector()).isFalse();
        assertThat(seen.boxes(0)).isEmpty();
        assertThatThrownBy(
                        () ->
                                vitrail.explain(classifier, numbers, 1, 2, 2, 2)
                                        .target("box:0")
                                        .predict())
                .hasMessageContaining("needs a detector: output 'fc' (1, 3) is no grid of cells");
        // one output and three boxes: a map of 21 classes at stride 2 looks the same
        Model unsized = new LoadedModel(vitrail.load(network()), Sidecar.EMPTY.withAnchors(1));
        assertThatThrownBy(
                        () ->
                                vitrail.explain(unsized, new float[56], 1, 7, 2, 4)
                                        .target("box:0")
                                        .predict())
                .hasMessageContaining("the sizes of its boxes are not known");
    }

    /**
     * YOLOv3 in small on a photograph. Boxes from the reference's outputs by numpy in double
     * precision: keras-yolo3's yolo_head, then per class the best box and those that share no more
     * than .45 with it. There are 16 with a score of .7 or more.
     */
    @Test
    void aRealDetectorHasTheBoxesThatNumpyFinds() {
        ReferenceArrays reference = SharedData.reference("torch/detector/dog_class0.npz");
        try (Vitrail vitrail = Vitrail.open();
                Model model = vitrail.load(SharedData.model("torchscript/detector_traced.pt"))) {
            Explained seen =
                    vitrail.explain(model, reference.get("input"))
                            .boxes(.7, .45)
                            .target("box:2")
                            .with("gradient")
                            .runAll();

            List<Detection> boxes = seen.boxes(0);
            assertThat(boxes).hasSize(16);
            assertReal(boxes.get(0), 3, .832502, 1.4871, 0, 55.4802, 79.4563);
            assertReal(boxes.get(1), 3, .820053, 60.7004, 3.9806, 62.9679, 22.8945);
            assertReal(boxes.get(2), 0, .793985, 38.4233, 20.3228, 76.368, 41.7307);
            assertReal(boxes.get(5), 1, .771427, 0, 0, 96, 48.5085);
            assertReal(boxes.get(11), 1, .720125, 16.7052, 17.2211, 23.5185, 20.3723);
            assertThat(seen.scored().get(0).scores().get(0)).isEqualTo(.793985, within(1e-5));
            assertThat(seen.scored().get(0).classes()).containsExactly(0L);
            assertThat(seen.attributions().get("gradient").values().isZero()).isFalse();
        }
    }

    private static void assertReal(Detection box, int classIndex, double score, double... corners) {
        assertThat(box.classIndex()).isEqualTo(classIndex);
        assertThat(box.score()).isEqualTo(score, within(1e-5));
        Resampling.Box at = box.box();
        assertThat(new double[] {at.left(), at.top(), at.right(), at.bottom()})
                .containsExactly(corners, within(1e-3));
    }
}
