package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.testkit.CrankyEngine;
import io.vitrail.testkit.EndlessMethod;
import io.vitrail.testkit.EndlessMethod.Deed;
import io.vitrail.testkit.HostileMethods;
import io.vitrail.testkit.TestModels;
import io.vitrail.testkit.TinyNetworks;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that never return. */
@Timeout(60)
class DeadlineTest {
    private static final float[] COUNTING = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final Duration SOON = Duration.ofMillis(300);

    private final CrankyEngine engine = new CrankyEngine(TestModels.engine(), 0);
    private final Model model = engine.load(TinyNetworks.m1(), Engine.Settings.defaults());

    @AfterEach
    void close() {
        model.close();
    }

    private Explanation explain(Vitrail vitrail, String method) {
        return vitrail.explain(model, COUNTING, 1, 1, 4, 4).with(method).target("class:0");
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void aMethodThatNeverReturnsIsGivenUpAndRefused(Deed deed) throws Exception {
        EndlessMethod endless = new EndlessMethod(deed);
        try (Vitrail vitrail = Vitrail.builder().fit(endless).open()) {
            assertThatThrownBy(() -> explain(vitrail, HostileMethods.ID).deadline(SOON).run())
                    .isInstanceOfSatisfying(
                            VitrailException.class,
                            e -> assertThat(e.kind()).isEqualTo(VitrailException.Kind.FAILURE))
                    .hasMessageStartingWith(
                            "method 'hostile' did not end within 300ms on m1\n  it was given up");
            Thread abandoned = endless.thread().get();
            assertThat(abandoned.isDaemon()).isTrue();
            assertThat(abandoned.getName()).isEqualTo("vitrail-method-hostile");

            // the abandoned one still spins; the model is everybody else's
            assertThat(explain(vitrail, "guided-backprop").run().values().get(1)).isEqualTo(1);

            if (deed == Deed.SPIN || deed == Deed.SPIN_IN_A_PASS) {
                assertThat(abandoned.isAlive()).isTrue();
                assertThat(engine.openManagers()).isZero(); // it is in no native call
                endless.release();
            }
            assertThat(endless.ended().get(10, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("was given up");
            abandoned.join(10_000);
            assertThat(abandoned.isAlive()).isFalse();
            assertThat(engine.openManagers()).isZero();
        } finally {
            endless.release();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient", "guided-backprop", "grad-cam", "guided-grad-cam"})
    void inTimeADeadlineChangesNothing(String method) {
        try (Vitrail vitrail = Vitrail.open()) {
            assertThat(explain(vitrail, method).deadline(Duration.ofMinutes(1)).run())
                    .isEqualTo(explain(vitrail, method).run());
            assertThat(engine.openManagers()).isZero();
        }
    }

    @Test
    void eachBatchHasItsWholeTime() {
        FakeMethods.Many slow =
                new FakeMethods.Many(
                        "fake-slow",
                        (session, request) -> {
                            sleep(400);
                            return request.attribution(session.inputs());
                        });
        float[] four = new float[64];
        try (Vitrail vitrail = Vitrail.builder().fit(slow).open()) {
            Explanation one =
                    vitrail.explain(model, four, 4, 1, 4, 4)
                            .with("fake-slow")
                            .target("class:0")
                            .deadline(Duration.ofMillis(1000));
            assertThat(one.batch(1).run().values().shape()).containsExactly(4, 1, 4, 4);
            assertThatThrownBy(() -> one.batch(4).run()).hasMessageContaining("within 1s");
        }
    }

    @Test
    void whoWaitsCanBeInterrupted() throws Exception {
        EndlessMethod endless = new EndlessMethod(Deed.SPIN);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        try (Vitrail vitrail = Vitrail.builder().fit(endless).open()) {
            Explanation waiting =
                    explain(vitrail, HostileMethods.ID).deadline(Duration.ofMinutes(1));
            Thread caller =
                    new Thread(
                            () -> {
                                try {
                                    waiting.run();
                                } catch (RuntimeException e) {
                                    thrown.complete(e);
                                }
                            });
            caller.start();
            endless.thread().get();
            caller.interrupt();
            assertThat(thrown.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("method 'hostile'");
        } finally {
            endless.release();
        }
    }

    @Test
    void aDeadlineIsATime() {
        try (Vitrail vitrail = Vitrail.open()) {
            assertThatThrownBy(() -> explain(vitrail, "gradient").deadline(Duration.ZERO))
                    .hasMessageContaining("more than nothing");
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
