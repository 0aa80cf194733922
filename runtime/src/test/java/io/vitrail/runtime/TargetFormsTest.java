package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import io.vitrail.api.Target;
import io.vitrail.api.TargetForm;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Operator;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Forms of targets that plugins add; the numbers are those of {@link TargetsTest}. */
class TargetFormsTest {
    /** Item 0 pools to 1.5 and 1, its logits are 1.5, 1, 0.5; item 1 to 2 and 8: 2, 8, -6. */
    private static final float[] TWO = {1, 2, 3, -4, 0, 0, 4, 0, 4, 4, 0, 0, 8, 8, 8, 8};

    private record Form(String head, String form, Function<Question, Target> binding)
            implements TargetForm {
        @Override
        public String sentence() {
            return "Test.";
        }

        @Override
        public Target bind(Question question) {
            return binding.apply(question);
        }
    }

    /** {@code margin:A,B}: how far a class is ahead of another. */
    private static final Form MARGIN =
            new Form(
                    "margin",
                    "margin:A,B",
                    question -> {
                        String[] words = question.rest().split(",");
                        if (words.length != 2) {
                            throw new IllegalArgumentException("two classes, please");
                        }
                        return question.combined(
                                List.of(part(words[0]), part(words[1])),
                                scores -> scores.get(0).sub(scores.get(1)));
                    });

    private static String part(String word) {
        return word.equals("predicted")
                ? word
                : (word.matches("\\d+") ? "class:" : "label:") + word;
    }

    /** The first column of what the prefix names, as it stands. */
    private static final Form FIRST =
            new Form("first", "first", question -> values -> values.head().get(":, 0"));

    private static final FakeNetwork PLAIN = FakeNetwork.classifier().output("fc");

    private static Explanation explain(FakeNetwork network, TargetForm form) {
        Vitrail vitrail =
                Vitrail.builder()
                        .fit(new FakeEngine())
                        .fit(FakeMethods.gradient())
                        .fit(FakeMethods.twice())
                        .fit(form)
                        .open();
        return vitrail.explain(vitrail.load(network), TWO, 2, 2, 2, 2);
    }

    private static double[] score(FakeNetwork network, TargetForm form, String target) {
        return explain(network, form).target(target).predict().scored().get(0).scores().toDoubles();
    }

    private static double[] margin(String target) {
        return score(PLAIN, MARGIN, target);
    }

    @Test
    void aFormIsMadeOfOthers() {
        assertThat(margin("margin:0,1")).containsExactly(.5, -6);
        assertThat(margin("margin:predicted,2")).containsExactly(1, 14);
    }

    @Test
    void itsClassesAreLogitsProbabilitiesOrLosses() {
        FakeNetwork softmax =
                FakeNetwork.classifier()
                        .stage("softmax", new Operator.Softmax(1), x -> x.softmax(1))
                        .output("softmax");
        assertThat(score(softmax, MARGIN, "margin:0,1")).containsExactly(.5, -6);
        for (FakeNetwork network : List.of(PLAIN, softmax)) {
            Explanation explanation = explain(network, MARGIN).target("margin:0,1");
            // exp(0, -.5, -1) = 1, .6065307, .3678794; their sum 1.9744101
            assertThat(explanation.score(Score.PROBABILITY).predict().scored().get(0).scores())
                    .satisfies(
                            scores ->
                                    assertThat(scores.get(0))
                                            .isEqualTo(.3934693 / 1.9744101, within(1e-6)));
            assertThat(explanation.score(Score.CROSS_ENTROPY).predict().scored().get(0).scores())
                    .satisfies(scores -> assertThat(scores.get(0)).isEqualTo(-.5, within(1e-6)));
        }
    }

    @Test
    void itsClassesHaveNames() {
        Scored scored =
                explain(PLAIN, MARGIN)
                        .labels(List.of("ant", "bee", "cat"))
                        .target("margin:bee,cat")
                        .predict()
                        .scored()
                        .get(0);
        assertThat(scored.target()).isEqualTo("margin:bee,cat");
        assertThat(scored.scores().toDoubles()).containsExactly(.5, 14);
        assertThat(scored.labels()).containsExactly("bee", "bee");
    }

    @Test
    void aPrefixSaysWhatItReads() {
        FakeNetwork two = FakeNetwork.classifier().output("pool").output("fc");
        assertThat(score(two, MARGIN, "margin:1,0")).containsExactly(-.5, 6);
        assertThat(score(two, MARGIN, "output:fc/margin:0,2")).containsExactly(1, 8);
        assertThat(score(two, MARGIN, "output:1/margin:0,2")).containsExactly(1, 8);
        assertThat(margin("at:pool/margin:1,0")).containsExactly(-.5, 6);
        assertThat(score(two, FIRST, "first")).containsExactly(1.5, 2);
        assertThat(score(two, FIRST, "output:fc/first")).containsExactly(1.5, 2);
        assertThat(score(PLAIN, FIRST, "at:pool/first")).containsExactly(1.5, 2);
    }

    @Test
    void aLayerOfItsOwnIsReadWhateverThePrefix() {
        Form both =
                new Form(
                        "both",
                        "both",
                        question ->
                                question.combined(
                                        List.of("channel:relu:0", "class:1"),
                                        scores -> scores.get(0).add(scores.get(1))));
        assertThat(score(PLAIN, both, "at:pool/both")).containsExactly(2.5, 10);
    }

    /**
     * Predicted is class 0 of the item and class 1 of its negative; about the item it stays class
     * 0, so that {@code margin:predicted,2} is the mean of the second channel in both.
     */
    @Test
    void thePredictedClassIsThatOfTheItemWhateverAMethodMakesOfIt() {
        Vitrail vitrail =
                Vitrail.builder().fit(new FakeEngine()).fit(FakeMethods.twice()).fit(MARGIN).open();
        float[] item = {4, -1, 0, 0, 1, -8, 0, 0};
        assertThat(
                        vitrail.explain(vitrail.load(PLAIN), item, 1, 2, 2, 2)
                                .with("fake-twice")
                                .target("margin:predicted,2")
                                .run()
                                .values()
                                .toDoubles())
                .containsExactly(0, 0, 0, 0, .25, .25, 0, 0);
    }

    @Test
    void aFormIsDifferentiatedLikeAnyOther() {
        // margin:1,0 is the second channel's mean less the first's
        assertThat(
                        explain(PLAIN, MARGIN)
                                .with("fake-gradient")
                                .target("margin:1,0")
                                .run()
                                .values()
                                .item(0)
                                .toDoubles())
                .containsExactly(-.25, -.25, -.25, 0, 0, 0, .25, 0);
    }

    private static void assertRefused(
            TargetForm form, String target, VitrailException.Kind kind, String message) {
        assertThatThrownBy(() -> score(PLAIN, form, target))
                .as(target)
                .isInstanceOfSatisfying(
                        VitrailException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    @Test
    void whatDoesNotFitIsRefusedInTheWordsOfItsParts() {
        VitrailException.Kind usage = VitrailException.Kind.USAGE;
        assertRefused(MARGIN, "margin:0", usage, "target 'margin:0': two classes, please");
        assertRefused(MARGIN, "margin:0", usage, "\n  form:    margin:A,B");
        assertRefused(MARGIN, "margin", usage, "two classes, please");
        assertRefused(MARGIN, "margin:0,3", usage, "'margin:0,3': no class 3; fake.net has 3");
        assertRefused(MARGIN, "at:relu/margin:0,1", usage, "needs a class vector (N, classes)");
        assertRefused(MARGIN, "margn:0,1", usage, "nearest: margin:");
        assertRefused(MARGIN, "margn:0,1", usage, "box:N, margin:A,B\n  in front:");
    }

    @Test
    void aFormThatFailsIsNamed() {
        VitrailException.Kind failure = VitrailException.Kind.FAILURE;
        Form thrower =
                new Form(
                        "thrower",
                        "thrower",
                        question -> {
                            throw new IllegalStateException("out of order");
                        });
        String of = "\n  of:      " + Form.class.getName();
        assertRefused(
                thrower,
                "thrower",
                failure,
                "target 'thrower' failed on fake.net: java.lang.IllegalStateException: out of"
                        + " order"
                        + of);
        Form late =
                new Form(
                        "late",
                        "late",
                        question ->
                                values -> {
                                    throw new IllegalStateException("too late");
                                });
        assertRefused(late, "late", failure, "too late" + of);
        Form none = new Form("none", "none", question -> new NDList().isEmpty() ? null : v -> null);
        assertRefused(none, "none", failure, "it made no target" + of);
        Form loop = new Form("loop", "loop", question -> question.target("loop"));
        assertRefused(loop, "loop", failure, "'loop', which is no form that is built in");
    }

    private static Pane.Broken<TargetForm> broken(Form form) {
        List<Pane<TargetForm>> found =
                Vitrail.builder().fit(new FakeEngine()).fit(form).open().targets();
        assertThat(found).singleElement().isInstanceOf(Pane.Broken.class);
        return (Pane.Broken<TargetForm>) found.get(0);
    }

    @Test
    void everyBuiltInHeadIsKnownToTheApi() {
        List<String> heads =
                TargetForms.BUILT_IN.beginnings().stream().map(b -> b.replace(":", "")).toList();
        assertThat(TargetForm.BUILT_IN).containsAll(heads).contains("output", "at");
    }

    @Test
    void noFormTakesThePlaceOfABuiltIn() {
        for (String head : List.of("class", "predicted", "yolo-raw", "box", "at", "output")) {
            Pane.Broken<TargetForm> broken = broken(new Form(head, head + ":X", MARGIN.binding));
            assertThat(broken.stage()).isEqualTo(Pane.Stage.DUPLICATE);
            assertThat(broken.cause())
                    .isEqualTo(
                            "the target '" + head + "' is built in, and no plugin takes its place");
        }
        assertThat(score(PLAIN, new Form("class", "class:X", MARGIN.binding), "class:1"))
                .containsExactly(1, 8);
    }

    @Test
    void aFormThatDoesNotSayHowItIsTypedIsBroken() {
        assertThat(broken(new Form("margin", "A,B", MARGIN.binding)).cause())
                .isEqualTo("its form 'A,B' is not 'margin' or 'margin:...'");
        assertThat(broken(new Form("Margin", "Margin", MARGIN.binding)).stage())
                .isEqualTo(Pane.Stage.IDENTITY);
        assertRefused(
                new Form("margin", "A,B", MARGIN.binding),
                "margin:0,1",
                VitrailException.Kind.USAGE,
                "\n  broken:  " + Form.class.getName());
    }
}
