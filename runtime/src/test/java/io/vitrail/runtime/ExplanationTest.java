package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Attribution;
import io.vitrail.api.BackwardRule;
import io.vitrail.api.Model;
import io.vitrail.api.Target;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** The numbers of {@link TargetsTest}; the gradient of a mean over four cells is a quarter. */
class ExplanationTest {
    private static final float[] TWO = {1, 2, 3, -4, 0, 0, 4, 0, 4, 4, 0, 0, 8, 8, 8, 8};

    private final FakeEngine engine = new FakeEngine();
    private final Vitrail vitrail =
            FakeVitrail.with(
                    engine,
                    FakeMethods.gradient(),
                    FakeMethods.sumOfChannels("fake-cam"),
                    FakeMethods.sumOfChannels("fake-cam-2"),
                    FakeMethods.activation(),
                    FakeMethods.ruled("one-rule", "ruled", BackwardRule.GUIDED),
                    FakeMethods.ruled(
                            "two-rules", "ruled", BackwardRule.GUIDED, BackwardRule.DECONVNET),
                    FakeMethods.twice());
    private final Model model = vitrail.load(FakeNetwork.classifier().output("fc"));

    private Explanation two() {
        return vitrail.explain(model, TWO, 2, 2, 2, 2);
    }

    @Test
    void methodsAndTargetsShareOneForwardPass() {
        Explained all =
                two().with("fake-gradient")
                        .with("fake-cam")
                        .with("one-rule")
                        .with("two-rules")
                        .target("class:0")
                        .target("predicted")
                        .runAll();
        assertThat(all.forwardPasses()).isEqualTo(1);
        assertThat(engine.runs).hasSize(1);
        assertThat(all.attributions().keySet())
                .containsExactly("fake-gradient", "fake-cam", "one-rule", "two-rules");
        // class 0 of item 1 is the mean of its first channel
        assertThat(all.toNamedArrays().get("fake-gradient@class:0").item(1).toDoubles())
                .containsExactly(.25, .25, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void warmingUpRunsOnceAsTheRunBehindItDoes() {
        Explanation explanation = two().with("fake-gradient").target("class:0").warmUp();
        assertThat(engine.runs).hasSize(1);

        explanation.runAll();

        assertThat(engine.runs).hasSize(2);
        assertThat(engine.runs.get(1)).isEqualTo(engine.runs.get(0));
    }

    @Test
    void eachMethodSeesItsOwnSweepWhereNamesMeet() {
        Explained all = two().with("one-rule").with("two-rules").runAll();
        assertThat(all.attributions().get("one-rule").values().get(0)).isEqualTo(1);
        assertThat(all.attributions().get("two-rules").values().get(0)).isEqualTo(2);
        assertThat(engine.runs.get(0).sweeps()).containsOnlyKeys("ruled", "two-rules:ruled");
    }

    @Test
    void camsTakeTheLastSpatialLayerAndGradientsTheInput() {
        Explained all = two().with("fake-cam").with("fake-gradient").runAll();
        assertThat(all.toNamedArrays().keySet())
                .containsExactly("fake-cam/relu", "fake-gradient", "output", "target", "score");
        assertThat(all.toNamedArrays().get("fake-cam/relu").item(0).toDoubles())
                .containsExactly(1, 2, 7, 0);
        assertThat(all.toNamedArrays().get("target").toDoubles()).containsExactly(0, 1);
    }

    @Test
    void aMethodWithoutTargetEvaluatesNone() {
        Explained all = two().with("fake-activation").layer("r*").runAll();
        assertThat(all.scored()).isEmpty();
        assertThat(all.toNamedArrays().keySet()).containsExactly("fake-activation/relu", "output");
        assertThatThrownBy(() -> two().with("fake-activation").run())
                .hasMessageContaining("needs layers: choose with -l")
                .hasMessageContaining("such as: relu");
    }

    @Test
    void batchesGiveWhatOneBatchGives() {
        Explained whole = two().with("fake-gradient").target("class:2,1").runAll();
        Explained parts = two().with("fake-gradient").target("class:2,1").batch(1).runAll();
        assertThat(parts.forwardPasses()).isEqualTo(2);
        assertThat(parts.toNamedArrays()).isEqualTo(whole.toNamedArrays());
        assertThat(parts.item(1).toNamedArrays()).isEqualTo(whole.item(1).toNamedArrays());
        assertThat(whole.item(1).scored().get(0).classes()).containsExactly(1L);
        assertThat(parts.top(1, 1).get(0).index()).isEqualTo(1);
    }

    @Test
    void aSessionKeepsTheClassOfTheItemAsItIs() {
        // item 1 pools to .75 and 1: class 1; its negative to 3 and 2, which would be class 0
        float[] data = {1, 2, 3, -4, 0, 0, 4, 0, 1, 1, 1, -12, -4, -4, 2, 2};
        Attribution twice = vitrail.explain(model, data, 2, 2, 2, 2).with("fake-twice").run();
        assertThat(twice.values().item(0).toDoubles())
                .containsExactly(.25, .25, .25, .25, 0, 0, 0, 0);
        assertThat(twice.values().item(1).toDoubles())
                .containsExactly(0, 0, 0, 0, .25, .25, .25, .25);
        assertThat(twice.parts().keySet())
                .containsExactly(Attribution.Part.input("x").forTarget("predicted"));
    }

    @Test
    void twoTargetsOfOneNameStayTwo() {
        Target first = outputs -> outputs.head().get(":, 0");
        Target second = outputs -> outputs.head().get(":, 1");
        Explained all = two().target(first).target(second).predict();
        assertThat(all.scored().stream().map(Scored::target)).containsExactly("custom", "custom#2");
        assertThat(all.toNamedArrays().get("score@custom#2").toDoubles()).containsExactly(1, 8);
        assertThatThrownBy(() -> two().target(outputs -> outputs.head()).predict())
                .hasMessageContaining("must give one score an item, (2)");
    }

    @Test
    void mapsOfZerosAreSaidForTheirItems() {
        float[] dark = {-1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1};
        Explained all =
                vitrail.explain(model, dark, 2, 2, 2, 2)
                        .with("fake-cam")
                        .target("class:0")
                        .batch(1)
                        .runAll();
        assertThat(all.warnings())
                .extracting(Warning::toString)
                .containsExactly("fake-cam at layer 'relu' for class:0: every value is zero");
        assertThat(all.warnings().get(0).item()).isZero();
        assertThat(all.attributions().get("fake-cam").notes()).containsEntry("empty", "true");
        assertThat(all.item(1).attributions().get("fake-cam").notes()).isEmpty();
        assertThat(all.item(1).warnings()).isEmpty();
    }

    @Test
    void aLayerThatCannotReachTheScoreIsSaid() {
        engine.unreachable.add("relu");
        Explained all = two().with("fake-cam").target("class:0").runAll();
        assertThat(all.warnings())
                .extracting(Warning::text)
                .containsOnly("layer 'relu' cannot reach the score 'class:0'");
    }

    @Test
    void optionsReachTheMethodsThatHaveThem() {
        Attribution negated =
                two().with("fake-gradient").option("negate", "true").target("class:1").run();
        assertThat(negated.values().item(1).toDoubles())
                .containsExactly(-0., -0., -0., -0., -.25, -.25, -.25, -.25);
        assertThatThrownBy(() -> two().with("fake-gradient").option("negat", "true").run())
                .hasMessage(
                        "no option 'negat' in fake-gradient\n"
                                + "  nearest: negate\n"
                                + "  options of fake-gradient: negate");
        assertThatThrownBy(() -> two().with("fake-gradient").option("negate", "ja").run())
                .hasMessageContaining("option 'negate' cannot be 'ja'\n  values: true|false");
        assertThatThrownBy(() -> two().with("fake-gradient").option("fake-cam.x", "1").run())
                .hasMessageContaining("method 'fake-cam' is not chosen\n  chosen: fake-gradient");
    }

    @Test
    void unknownNamesAnswerWithTheNearest() {
        assertThatThrownBy(() -> two().with("fake-gradent").run())
                .hasMessageContaining("no method 'fake-gradent'\n  nearest: fake-gradient");
        assertThatThrownBy(() -> two().with("fake-cam").layer("rely").run())
                .hasMessageContaining("no layer 'rely'\n  nearest: relu");
        assertThatThrownBy(() -> two().with("fake-cam").with("fake-gradient").run())
                .hasMessageContaining("runAll()");
        assertThatThrownBy(() -> Score.of("probabilty"))
                .hasMessageContaining("nearest: probability");
    }

    @Test
    void aMethodThatThrowsIsNamed() {
        Vitrail broken =
                FakeVitrail.with(
                        engine,
                        new FakeMethods.Many(
                                "fake-broken",
                                (session, request) -> {
                                    throw new IllegalStateException("no luck");
                                }));
        assertThatThrownBy(() -> broken.explain(model, TWO, 2, 2, 2, 2).with("fake-broken").run())
                .isInstanceOfSatisfying(
                        VitrailException.class,
                        e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.FAILURE))
                .hasMessageContaining("method 'fake-broken' failed on fake.net")
                .hasMessageContaining("no luck");
    }

    @Test
    void progressIsHeardAndCancellingStops() {
        List<String> heard = new ArrayList<>();
        two().with("fake-gradient")
                .batch(1)
                .progress((step, done, total) -> heard.add(step + " " + done + "/" + total))
                .run();
        assertThat(heard)
                .containsExactly(
                        "fake-gradient 1/1", "forward 1/2", "fake-gradient 1/1", "forward 2/2");
        assertThatThrownBy(() -> two().with("fake-gradient").cancelWhen(() -> true).run())
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void optionsAreReportedAsTheyWereUsed() {
        Explained all = two().with("fake-gradient").seed(7).runAll();
        assertThat(all.options()).isEqualTo(Map.of("fake-gradient", Map.of("negate", false)));
        assertThat(all.seed()).isEqualTo(7);
        assertThat(all.score()).isEqualTo(Score.LOGIT);
    }
}
