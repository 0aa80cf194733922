package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDList;
import io.vitrail.api.Attribution;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.MethodCall;
import io.vitrail.api.Option;
import io.vitrail.api.Request;
import io.vitrail.api.Session;
import io.vitrail.api.VitrailException;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Methods that call others. */
class CompositionTest {
    private static final float[] ITEM = {1, 2, 3, -4, 0, 0, 4, 0};

    /** Calls the method of its option on its inputs, and returns what that found. */
    private record Caller(String id, String calls) implements ManyPassMethod {
        @Override
        public String sentence() {
            return "Test.";
        }

        @Override
        public Place place() {
            return Place.INPUT_OR_LAYERS;
        }

        private Option<MethodCall> method() {
            return Option.method("method", calls, "What is called.");
        }

        @Override
        public List<Option<?>> options() {
            return List.of(method());
        }

        @Override
        public Attribution attribute(Session session, Request request) {
            MethodCall call = request.option(method());
            return Attribution.of(id, session.call(call, session.inputs(), request).parts());
        }
    }

    private final FakeEngine engine = new FakeEngine();
    private final Vitrail vitrail =
            FakeVitrail.with(
                    engine,
                    FakeMethods.gradient(),
                    FakeMethods.sumOfChannels("fake-cam"),
                    FakeMethods.activation(),
                    FakeMethods.twice(),
                    new FakeMethods.Many(
                            "endless",
                            (session, request) ->
                                    session.call("endless", session.inputs(), request)),
                    new FakeMethods.Many(
                            "batched",
                            (session, request) -> {
                                NDList three = new NDList(session.inputs().head().repeat(0, 3));
                                three.attach(session.manager());
                                Attribution found = session.call("fake-gradient", three, request);
                                return Attribution.of(
                                        "batched",
                                        Map.of(
                                                Attribution.Part.input("x"),
                                                found.values().item(2)));
                            }),
                    new FakeMethods.Many(
                            "defect",
                            (session, request) -> {
                                throw new IllegalStateException("out of order");
                            }),
                    new Caller("caller", "fake-gradient"),
                    new Caller("there", "back"),
                    new Caller("back", "there"));

    private Explanation one(String method) {
        return vitrail.explain(
                        vitrail.load(FakeNetwork.classifier().output("fc")), ITEM, 1, 2, 2, 2)
                .with(method)
                .target("class:0");
    }

    private static void assertRefused(
            ThrowingCallable call, VitrailException.Kind kind, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VitrailException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    @Test
    void aMethodIsCalledByItsId() {
        // class 0 is the mean of the first channel's positive part
        assertThat(one("caller").run().values().toDoubles())
                .containsExactly(.25, .25, .25, 0, 0, 0, 0, 0);
    }

    @Test
    void theCalledMethodGetsItsOptions() {
        Explained explained = one("caller").option("method", "fake-gradient,negate=true").runAll();
        assertThat(explained.attributions().get("caller").values().toDoubles())
                .containsExactly(-.25, -.25, -.25, -0., -0., -0., -0., -0.);
        assertThat(explained.options().get("caller").get("method"))
                .hasToString("fake-gradient,negate=true");
    }

    @Test
    void oneThatNeedsALayerGetsItsUsualOne() {
        Attribution found = one("caller").option("method", "fake-cam").run();
        assertThat(found.parts().keySet())
                .containsExactly(Attribution.Part.layer("relu").forTarget("class:0"));
        // 1 + 0, 2 + 0, 3 + 4, 0 + 0
        assertThat(found.values().toDoubles()).containsExactly(1, 2, 7, 0);
    }

    @Test
    void oneThatNeedsTheCallersChoiceSaysSo() {
        assertRefused(
                () -> one("caller").option("method", "fake-activation").run(),
                VitrailException.Kind.USAGE,
                "fake-activation needs layers: choose with -l");
    }

    @Test
    void oneOfSeveralPassesGetsASessionOfItsOwn() {
        // fake-twice adds the gradient at the negative: there only -4 is let through
        assertThat(one("caller").option("method", "fake-twice").run().values().toDoubles())
                .containsExactly(.25, .25, .25, .25, 0, 0, 0, 0);
    }

    @Test
    void severalItemsAreExplainedAtOnceAndInChunks() {
        assertThat(one("batched").run().values().toDoubles())
                .containsExactly(.25, .25, .25, 0, 0, 0, 0, 0);
        int atOnce = engine.runs.size();
        assertThat(one("batched").batch(2).run().values().toDoubles())
                .containsExactly(.25, .25, .25, 0, 0, 0, 0, 0);
        assertThat(engine.runs.size() - atOnce).isEqualTo(atOnce + 1);
    }

    @Test
    void whatCannotBeCalledIsRefusedBeforeAnythingRuns() {
        assertRefused(
                () -> one("caller").option("method", "fake-gradent").run(),
                VitrailException.Kind.USAGE,
                "no method 'fake-gradent'\n  nearest: fake-gradient");
        assertRefused(
                () -> one("caller").option("method", "fake-gradient,negat=true").run(),
                VitrailException.Kind.USAGE,
                "no option 'negat' in fake-gradient\n  nearest: negate");
        assertRefused(
                () -> one("caller").option("method", "fake-gradient,negate=maybe").run(),
                VitrailException.Kind.USAGE,
                "fake-gradient: option 'negate' cannot be 'maybe'");
        assertRefused(
                () -> one("caller").option("method", "caller").run(),
                VitrailException.Kind.USAGE,
                "option 'caller.method': caller cannot call itself");
        assertThat(engine.runs).isEmpty();
    }

    @Test
    void whatWouldNeverEndIsStopped() {
        assertRefused(
                () -> one("endless").run(),
                VitrailException.Kind.FAILURE,
                "method 'endless' calls itself and would never end: endless calls endless");
        assertRefused(
                () -> one("there").run(),
                VitrailException.Kind.FAILURE,
                "there calls back calls there");
    }

    @Test
    void theMethodThatFailsIsNamedAndNotItsCaller() {
        assertRefused(
                () -> one("caller").option("method", "defect").run(),
                VitrailException.Kind.FAILURE,
                "method 'defect' failed on fake.net");
    }
}
