package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.ndarray.NDManager;
import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.api.ManyPassMethod;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.CrankyEngine;
import io.vitrail.testkit.HostileMethods;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods that do what a method must not: each is named, nothing stays, the next one runs. */
class HostileMethodsTest {
    private static final float[] COUNTING = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private final CrankyEngine engine = new CrankyEngine(TestModels.engine(), 0);
    private final Model model = engine.load(TinyNetworks.m1(), Engine.Settings.defaults());

    @AfterEach
    void close() {
        model.close();
    }

    private static Vitrail with(AttributionMethod method) {
        return Vitrail.builder().fit(method).open();
    }

    private Explanation hostile(Vitrail vitrail) {
        return vitrail.explain(model, COUNTING, 1, 1, 4, 4)
                .with(HostileMethods.ID)
                .target("class:0");
    }

    static Stream<Arguments> failing() {
        String failed = "method 'hostile' failed on m1: ";
        return Stream.of(
                arguments(
                        HostileMethods.throwing(() -> new IllegalStateException("no luck")),
                        failed + "IllegalStateException: no luck"),
                arguments(
                        HostileMethods.throwing(() -> new IOException("no disk")),
                        failed + "IOException: no disk"),
                arguments(
                        HostileMethods.throwing(() -> new NoSuchMethodError("of an older api")),
                        failed + "NoSuchMethodError: of an older api"),
                arguments(
                        HostileMethods.throwing(() -> new OutOfMemoryError("Java heap space")),
                        failed + "OutOfMemoryError: Java heap space"),
                arguments(
                        HostileMethods.throwing(() -> new AssertionError("never")),
                        failed + "AssertionError: never"),
                arguments(
                        HostileMethods.throwing(() -> new CancellationException("not asked for")),
                        failed + "CancellationException: not asked for"),
                arguments(
                        HostileMethods.throwing(() -> VitrailException.input("your picture")),
                        failed + "your picture"),
                arguments(
                        HostileMethods.throwingWhenProbed(() -> new LinkageError("no class")),
                        failed + "LinkageError: no class"),
                arguments(
                        HostileMethods.throwingInAPass(() -> new IllegalStateException("halfway")),
                        failed + "IllegalStateException: halfway"),
                arguments(
                        HostileMethods.throwingInARule(() -> new IllegalStateException("the rule")),
                        failed + "IllegalStateException: the rule"),
                arguments(
                        HostileMethods.throwingWhereARuleStands(
                                () -> new IllegalStateException("which layer")),
                        failed + "IllegalStateException: which layer"),
                arguments(
                        HostileMethods.throwingInAReplacement(
                                () -> new IllegalStateException("instead")),
                        failed + "IllegalStateException: instead"),
                arguments(HostileMethods.recursing(), failed + "it calls itself without end"),
                arguments(HostileMethods.probingNothing(), "method 'hostile' returned no probe"),
                arguments(HostileMethods.returningNull(), "method 'hostile' returned null"),
                arguments(
                        HostileMethods.returningNoMap(),
                        "method 'hostile' returned no map at input 'x'"),
                arguments(
                        HostileMethods.returningInAnotherName(),
                        "method 'hostile' returned maps in the name of 'gradient'"),
                arguments(
                        HostileMethods.returningAnUnaskedLayer(),
                        "method 'hostile' returned a map at layer 'conv1', unasked"),
                arguments(
                        HostileMethods.returningAWrongShape(),
                        "method 'hostile' returned shape [7] at input 'x'; the first axis must be"
                                + " the items, 1"),
                arguments(HostileMethods.returningAClosedArray(), failed),
                arguments(HostileMethods.feedingAWrongShape(), failed),
                arguments(HostileMethods.keepingAPass(), "this pass of 'm1' is closed"));
    }

    @ParameterizedTest
    @MethodSource("failing")
    void aMethodThatFailsIsNamedAndLeavesNothing(AttributionMethod method, String said) {
        try (Vitrail vitrail = with(method)) {
            assertThatThrownBy(() -> hostile(vitrail).run())
                    .isInstanceOfSatisfying(
                            VitrailException.class,
                            e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.FAILURE))
                    .hasMessageContaining("method 'hostile'")
                    .hasMessageContaining(said);
            assertThat(engine.openManagers()).isZero();
            assertThatTheNextOneRuns(vitrail);
        }
    }

    @ParameterizedTest
    @MethodSource("failing")
    void withADeadlineToo(AttributionMethod method, String said) {
        try (Vitrail vitrail = with(method)) {
            assertThatThrownBy(() -> hostile(vitrail).deadline(Duration.ofMinutes(1)).run())
                    .isInstanceOfSatisfying(
                            VitrailException.class,
                            e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.FAILURE))
                    .hasMessageContaining(said);
            assertThat(engine.openManagers()).isZero();
        }
    }

    /** Class 0 of m1 at 0..15, as {@link TinyNetworks#m1} says it. */
    private void assertThatTheNextOneRuns(Vitrail vitrail) {
        assertThat(
                        vitrail.explain(model, COUNTING, 1, 1, 4, 4)
                                .with("guided-backprop")
                                .target("class:0")
                                .run()
                                .values()
                                .toDoubles())
                .containsExactly(0, 1, 1, 1, 1, 3, 3, 2, 1, 3, 3, 2, 1, 2, 2, 1);
    }

    @Test
    void valuesThatAreNoNumbersAreSaid() {
        try (Vitrail vitrail = with(HostileMethods.returningNaN())) {
            Explained explained = hostile(vitrail).runAll();
            assertThat(explained.notices())
                    .singleElement()
                    .asString()
                    .startsWith("hostile: NaN or infinite: 2 of 16 values at input 'x'");
        }
    }

    @Test
    void whatAMethodLeavesOpenIsClosedForIt() {
        try (Vitrail vitrail = with(HostileMethods.leakingArrays(100))) {
            Attribution found = hostile(vitrail).run();
            assertThat(found.values().size()).isEqualTo(16);
            assertThat(engine.openArrays()).isZero();
            assertThat(engine.openManagers()).isZero();
        }
    }

    @Test
    void aPassThatAMethodClosesStaysOpenForTheOthers() {
        try (Vitrail vitrail = with(HostileMethods.closingThePass())) {
            Explained both = hostile(vitrail).with("guided-backprop").runAll();
            assertThat(both.attributions()).containsOnlyKeys("hostile", "guided-backprop");
            assertThat(both.attributions().get("guided-backprop").values().get(1)).isEqualTo(1);
        }
    }

    @Test
    void memoryThatStaysIsSaid() {
        List<byte[]> heap = new ArrayList<>();
        ManyPassMethod hoarder = (ManyPassMethod) HostileMethods.hoarding(heap, 64);
        // only a collection tells what is alive
        FakeMethods.Many collected =
                new FakeMethods.Many(
                        HostileMethods.ID,
                        (session, request) -> {
                            Attribution found = hoarder.attribute(session, request);
                            System.gc();
                            return found;
                        });
        try (Vitrail vitrail = with(collected)) {
            System.gc();
            Explanation explanation = hostile(vitrail);
            explanation.appetite = new Appetite.Bounds(48L << 20, Long.MAX_VALUE);
            assertThat(explanation.runAll().notices())
                    .singleElement()
                    .asString()
                    .matches(
                            "hostile: while it ran, the process took 0\\.1 GiB of Java's heap that"
                                    + " it did not give back.*");
            assertThat(heap).hasSize(64);
        }
    }

    @Test
    void nativeMemoryThatStaysIsSaid() throws InterruptedException {
        List<NDManager> natives = new ArrayList<>();
        try (Vitrail vitrail = with(HostileMethods.hoardingNatively(natives, 1024))) {
            Explanation explanation = hostile(vitrail);
            explanation.appetite = new Appetite.Bounds(Long.MAX_VALUE, 256L << 20);
            letTheHeapShrink();
            assertThat(explanation.runAll().notices())
                    .singleElement()
                    .asString()
                    .contains("GiB of native memory");
        } finally {
            natives.forEach(NDManager::close);
        }
    }

    /**
     * Give back what the heap has and does not use: it would count as touched meanwhile, and its
     * return, which Java does in the background, as less memory in use.
     */
    private static void letTheHeapShrink() throws InterruptedException {
        System.gc();
        long before = Long.MAX_VALUE;
        for (int still = 0; still < 5; Thread.sleep(100)) {
            long now = Appetite.now().resident();
            still = now < before ? 0 : still + 1;
            before = Math.min(now, before);
        }
    }

    @Test
    void whatIsUsualIsNotWorthAWord() {
        try (Vitrail vitrail = with(HostileMethods.leakingArrays(1))) {
            assertThat(hostile(vitrail).runAll().notices()).isEmpty();
        }
    }
}
