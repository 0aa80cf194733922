package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scores worked out by hand; see {@link FakeNetwork#classifier}. */
class TargetsTest {
    /** Item 0 pools to 1.5 and 1, its logits are 1.5, 1, 0.5; item 1 to 2 and 8: 2, 8, -6. */
    private static final float[] TWO = {1, 2, 3, -4, 0, 0, 4, 0, 4, 4, 0, 0, 8, 8, 8, 8};

    private static final FakeNetwork PLAIN = FakeNetwork.classifier().output("fc");
    private static final FakeNetwork SOFTMAX =
            FakeNetwork.classifier()
                    .stage("softmax", new Operator.Softmax(1), x -> x.softmax(1))
                    .output("softmax");

    private static Explanation explain(FakeNetwork network, float[] data, long... shape) {
        Vitrail vitrail = FakeVitrail.with(new FakeEngine());
        return vitrail.explain(vitrail.load(network), data, shape);
    }

    private static double[] score(FakeNetwork network, String target, Score score) {
        Explanation explanation = explain(network, TWO, 2, 2, 2, 2).target(target).score(score);
        return explanation.predict().scored().get(0).scores().toDoubles();
    }

    private static double[] logit(String target) {
        return score(PLAIN, target, Score.LOGIT);
    }

    @Test
    void aClassHasItsLogit() {
        assertThat(logit("class:2")).containsExactly(0.5, -6);
        assertThat(logit("class:2,1")).containsExactly(0.5, 8);
        assertThat(score(SOFTMAX, "class:2", Score.LOGIT)).containsExactly(0.5, -6);
    }

    @Test
    void aRankIsTheClassThatManyPlacesDownPerItem() {
        assertThat(logit("rank:1")).containsExactly(1.5, 8);
        assertThat(logit("rank:2")).containsExactly(1, 2);
        assertThat(logit("rank:3")).containsExactly(0.5, -6);
        assertThatThrownBy(() -> logit("rank:4"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("no rank '4'")
                .hasMessageContaining("has 3 classes, rank 1 to 3");
        assertThatThrownBy(() -> logit("top:0")).hasMessageContaining("no rank '0'");
    }

    @Test
    void topIsATargetForEachRank() {
        List<Scored> all =
                explain(PLAIN, TWO, 2, 2, 2, 2)
                        .target("output:fc/top:2")
                        .target("output:fc/rank:2")
                        .predict()
                        .scored();
        assertThat(all.stream().map(Scored::target))
                .containsExactly("output:fc/rank:1", "output:fc/rank:2");
        assertThat(all.get(0).classes()).containsExactly(0L, 1L);
        assertThat(all.get(1).classes()).containsExactly(1L, 0L);
        assertThat(all.get(1).scores().toDoubles()).containsExactly(1, 2);
    }

    @Test
    void predictedIsTheLargestPerItem() {
        Scored scored =
                explain(PLAIN, TWO, 2, 2, 2, 2)
                        .target("predicted")
                        .labels(List.of("ant", "bee", "cat"))
                        .predict()
                        .scored()
                        .get(0);
        assertThat(scored.scores().toDoubles()).containsExactly(1.5, 8);
        assertThat(scored.classes()).containsExactly(0L, 1L);
        assertThat(scored.labels()).containsExactly("ant", "bee");
    }

    @Test
    void probabilityIsTheSoftmaxWhetherOrNotTheNetworkEndsInOne() {
        // exp(0, -.5, -1) = 1, .6065307, .3678794; their sum 1.9744101
        for (FakeNetwork network : List.of(PLAIN, SOFTMAX)) {
            assertThat(score(network, "class:1", Score.PROBABILITY)[0])
                    .isEqualTo(.6065307 / 1.9744101, within(1e-6));
            assertThat(score(network, "class:1", Score.CROSS_ENTROPY)[0])
                    .isEqualTo(-Math.log(.6065307 / 1.9744101), within(1e-6));
        }
    }

    @Test
    void oneColumnIsTheLogitOfClassOne() {
        FakeNetwork column =
                FakeNetwork.pooled()
                        .stage("last", new Operator.Linear(), x -> x.get(":, 1:2"))
                        .stage(
                                "sigmoid",
                                new Operator.Sigmoid(),
                                x -> x.getNDArrayInternal().sigmoid())
                        .output("sigmoid");
        assertThat(score(column, "class:1", Score.LOGIT)).containsExactly(1, 8);
        assertThat(score(column, "class:0", Score.LOGIT)).containsExactly(-1, -8);
        assertThat(score(column, "predicted", Score.LOGIT)).containsExactly(1, 8);
        // sigmoid(1) = .7310586
        assertThat(score(column, "class:1", Score.PROBABILITY)[0])
                .isEqualTo(.7310586, within(1e-6));
        assertThat(score(column, "class:0", Score.PROBABILITY)[0])
                .isEqualTo(.2689414, within(1e-6));
        assertThat(score(column, "class:0", Score.CROSS_ENTROPY)[0])
                .isEqualTo(-Math.log(.2689414), within(1e-6));
    }

    @Test
    void sumsLayersChannelsAndNeurons() {
        assertThat(logit("sum")).containsExactly(3, 4);
        assertThat(logit("at:pool/sum")).containsExactly(2.5, 10);
        assertThat(logit("at:pool/class:1")).containsExactly(1, 8);
        assertThat(logit("layer:relu")).containsExactly(10, 40);
        assertThat(logit("channel:relu:0")).containsExactly(1.5, 2);
        assertThat(logit("neuron:relu:1,1,0")).containsExactly(4, 8);
        assertThat(logit("neuron:fc:2")).containsExactly(.5, -6);
    }

    @Test
    void labelsAreFoundByNameCaseAndPart() {
        List<String> labels = List.of("tench, Tinca tinca", "crane", "Crane");
        for (Map.Entry<String, Double> wanted :
                Map.of("crane", 1.0, "Crane", .5, "tinca tinca", 1.5).entrySet()) {
            Explanation explanation =
                    explain(PLAIN, TWO, 2, 2, 2, 2)
                            .labels(labels)
                            .target("label:" + wanted.getKey());
            assertThat(explanation.predict().scored().get(0).scores().get(0))
                    .isEqualTo(wanted.getValue());
        }
        assertThatThrownBy(
                        () ->
                                explain(PLAIN, TWO, 2, 2, 2, 2)
                                        .labels(labels)
                                        .target("label:trench")
                                        .predict())
                .hasMessageContaining("no class is called 'trench'")
                .hasMessageContaining("nearest: tench");
        assertThatThrownBy(
                        () ->
                                explain(PLAIN, TWO, 2, 2, 2, 2)
                                        .labels(labels)
                                        .target("label:CRANE")
                                        .predict())
                .hasMessageContaining("class:1, class:2");
    }

    @Test
    void anOutputIsChosenByNameOrPosition() {
        FakeNetwork two = FakeNetwork.classifier().output("relu").output("fc");
        assertThat(score(two, "output:fc/class:1", Score.LOGIT)).containsExactly(1, 8);
        assertThat(score(two, "output:1/class:1", Score.LOGIT)).containsExactly(1, 8);
        assertThatThrownBy(() -> score(two, "output:fd/class:1", Score.LOGIT))
                .hasMessageContaining("no output 'fd'")
                .hasMessageContaining("nearest: fc");
        assertThatThrownBy(() -> score(two, "predicted", Score.LOGIT))
                .hasMessageContaining("needs a class vector (N, classes), but output 'relu'")
                .hasMessageContaining("targets that fit: output:fc/predicted, sum");
    }

    @Test
    void aLayerWithASlashInItsNameIsFound() {
        FakeNetwork slashed =
                FakeNetwork.pooled()
                        .stage("block/pool", new Operator.Linear(), x -> x.mul(2))
                        .output("block/pool");
        assertThat(score(slashed, "at:block/pool/class:0", Score.LOGIT)).containsExactly(3, 4);
        assertThat(score(slashed, "layer:block/pool", Score.LOGIT)).containsExactly(5, 20);
    }

    /** 2 boxes x (5 + 2 classes) on two cells: channel c holds c in the first, 1 in the second. */
    @Test
    void yoloMultipliesConfidenceAndClassPerBox() {
        float[] data = new float[28];
        for (int c = 0; c < 14; c++) {
            data[2 * c] = c;
            data[2 * c + 1] = 1;
        }
        FakeNetwork squashed =
                new FakeNetwork()
                        .declared(-1, 14, 1, 2)
                        .stage("head", new Operator.Sigmoid(), x -> x.mul(1))
                        .output("head");
        // cell 0: 4*5 + 4*6 + 11*12 + 11*13 = 319, cell 1: 4
        assertThat(yolo(squashed, "yolo", data)).isEqualTo(323);
        assertThat(yolo(squashed, "yolo:1", data)).isEqualTo(24 + 143 + 2);
        // on the tensor as it stands: 4 * (5 + ... + 13) + 9
        assertThat(yolo(squashed, "yolo-raw", data)).isEqualTo(4 * 81 + 9);

        FakeNetwork open =
                new FakeNetwork()
                        .declared(-1, 14, 1, 2)
                        .stage("head", new Operator.Linear(), x -> x.mul(0))
                        .output("head");
        // sigmoid(0)^2 in 2 cells x 2 boxes x 2 classes
        assertThat(yolo(open, "output:0/yolo", data)).isEqualTo(2);
        assertThatThrownBy(() -> yolo(open, "yolo:2", data))
                .hasMessageContaining("no class 2; fake.net has 2 classes, 0 to 1");
    }

    private static double yolo(FakeNetwork network, String target, float[] data) {
        Vitrail vitrail = FakeVitrail.with(new FakeEngine());
        Model model = new LoadedModel(vitrail.load(network), Sidecar.EMPTY.withAnchors(2));
        return vitrail.explain(model, data, 1, 14, 1, 2)
                .target(target)
                .predict()
                .scored()
                .get(0)
                .scores()
                .get(0);
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatDoes() {
        Map<String, String> refused =
                Map.of(
                        "class:3", "no class 3; fake.net has 3 classes, 0 to 2",
                        "class:x", "'x' is no class number",
                        "class:0,1,2", "3 classes for 2 items",
                        "clas:1", "nearest: class:",
                        "channel:relu:2", "no channel 2 on axis 1",
                        "neuron:relu:1,1", "needs 3 indices behind the batch, not 2",
                        "neuron:relu:0,0,2", "no index 2 on axis 3",
                        "layer:relo", "nearest: relu",
                        "yolo", "needs a grid of cells",
                        "label:cat", "have no names");
        refused.forEach(
                (target, message) ->
                        assertThatThrownBy(() -> logit(target))
                                .as(target)
                                .isInstanceOfSatisfying(
                                        VitrailException.class,
                                        e ->
                                                assertThat(e.kind())
                                                        .isEqualTo(VitrailException.Kind.USAGE))
                                .hasMessageContaining(message));
    }
}
