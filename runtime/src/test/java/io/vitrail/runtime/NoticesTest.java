package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is chosen for the caller is said, and lists that cannot be meant are refused. */
class NoticesTest {
    private static final float[] ONE = {1, 2, 3, -4, 0, 0, 4, 0};

    private final Vitrail vitrail =
            FakeVitrail.with(
                    new FakeEngine(),
                    FakeMethods.sumOfChannels("fake-cam"),
                    FakeMethods.activation());
    private final Model one = vitrail.load(FakeNetwork.classifier().output("fc"));
    private final Model two = vitrail.load(FakeNetwork.classifier().output("fc").output("pool"));

    private Explanation explain(Model model) {
        return vitrail.explain(model, ONE, 1, 2, 2, 2);
    }

    @Test
    void aGlobMeansTheLayersThatSuitTheMethod() {
        Explained all = explain(one).with("fake-cam").with("fake-activation").layer("*").runAll();

        assertThat(all.layers().get("fake-cam")).containsExactly("relu");
        assertThat(all.layers().get("fake-activation")).containsExactly("relu", "pool", "fc");
        assertThat(all.notices())
                .containsExactly(
                        "fake-cam: 2 of the 3 layers that '*' fits are left out: it cannot explain"
                                + " there");
    }

    @Test
    void aGlobOfNothingSuitableIsRefused() {
        assertThatThrownBy(() -> explain(one).with("fake-cam").layer("f*").run())
                .hasMessage(
                        """
                        fake.net: fake-cam cannot explain at the layer that 'f*' fits
                          such as: relu
                          all:     vitrail layers fake.net""");
    }

    @Test
    void predictedIsSaidToBeAboutTheFirstOfSeveralOutputs() {
        String said =
                "fake.net: 'predicted' is about 'fc', the first of 2 outputs: fc, pool\n"
                        + "  another: -t output:NAME/predicted, output:NAME/sum";

        assertThat(explain(two).with("fake-cam").runAll().notices()).containsExactly(said);
        assertThat(explain(two).with("fake-cam").target("output:pool/predicted").runAll().notices())
                .isEmpty();
        assertThat(explain(one).with("fake-cam").runAll().notices()).isEmpty();
    }

    @Test
    void labelsAreAsManyAsTheClassesOfSomeOutput() {
        List<String> three = List.of("a", "b", "c");
        List<String> four = List.of("a", "b", "c", "d");

        assertThat(explain(one).labels(three).predict().top(0, 1).get(0).label()).isEqualTo("a");
        assertThat(explain(two).labels(List.of("a", "b")).predict().items()).isEqualTo(1);
        assertThatThrownBy(() -> explain(two).labels(four).predict())
                .hasMessageStartingWith("fake.net: 4 labels for 3 or 2 classes\n");
    }
}
