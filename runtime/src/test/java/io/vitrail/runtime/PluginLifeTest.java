package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.State;
import io.vitrail.runtime.plugin.internal.Fitted;
import io.vitrail.testkit.Footprint;
import io.vitrail.testkit.PluginJar;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins come and go while the program runs. */
class PluginLifeTest {
    private static final float[] ONE = {1, 2, 3, -4, 0, 0, 4, 0};

    @TempDir private Path folder;
    private PluginTrial trial;

    @BeforeEach
    void begin() {
        trial = new PluginTrial(folder);
    }

    @Test
    void aPluginIsInstalledReplacedAndRemovedWhileTheProgramRuns() {
        try (Vitrail vitrail = trial.builder().build()) {
            Path jar = PluginTrial.plain("comes", 2).in(folder);
            assertThat(vitrail.plugins().install(jar).state()).isEqualTo(State.ACTIVE);
            assertThat(PluginTrial.first(vitrail, "comes")).isEqualTo(.5);

            PluginTrial.plain("comes", 3).in(folder);
            assertThat(PluginTrial.first(vitrail, "comes")).isEqualTo(.5);
            assertThat(vitrail.plugins().reload("comes").state()).isEqualTo(State.ACTIVE);
            assertThat(PluginTrial.first(vitrail, "comes")).isEqualTo(.75);

            vitrail.plugins().remove("comes");
            assertThat(vitrail.plugins().get("comes").state()).isEqualTo(State.REMOVED);
            assertThatThrownBy(() -> vitrail.method("comes"))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("no method 'comes'");

            assertThat(vitrail.plugins().reload("comes").state()).isEqualTo(State.ACTIVE);
            assertThat(PluginTrial.first(vitrail, "comes")).isEqualTo(.75);
        }
    }

    @Test
    void anExplanationKeepsThePluginsItBeganWith() {
        try (Vitrail vitrail = trial.builder().build();
                Model model = vitrail.load(FakeNetwork.classifier().output("fc"))) {
            vitrail.plugins().install(PluginTrial.plain("keeps", 2).in(folder));
            Explanation begun =
                    vitrail.explain(model, ONE, 1, 2, 2, 2).with("keeps").target("class:0");
            vitrail.plugins().remove("keeps");
            assertThat(begun.run().values().get(0)).isEqualTo(.5);
        }
    }

    @Test
    void unknownIdsHaveNearestOnes() {
        try (Vitrail vitrail = trial.builder().build()) {
            vitrail.plugins().install(PluginTrial.plain("smooth", 2).in(folder));
            assertThatThrownBy(() -> vitrail.plugins().remove("smoth"))
                    .hasMessage("no plugin 'smoth'\n  nearest: smooth\n  all:     smooth");
            assertThatThrownBy(() -> vitrail.plugins().install(folder.resolve("no.jar")))
                    .hasMessageStartingWith(folder.resolve("no.jar") + ": no such jar or folder");
        }
    }

    @Test
    void aRemovedSourceBreaksItsPluginAtTheNextReload() throws Exception {
        try (Vitrail vitrail = trial.builder().build()) {
            Path jar = PluginTrial.plain("lost", 2).in(folder);
            vitrail.plugins().install(jar);
            Files.delete(jar);
            assertThat(PluginTrial.first(vitrail, "lost")).isEqualTo(.5);
            Plugin plugin = vitrail.plugins().reload("lost");
            assertThat(plugin.state()).isEqualTo(State.BROKEN);
            assertThat(plugin.problem().orElseThrow().cause()).isEqualTo("is no longer there");
        }
    }

    /** {@code 1.2} makes no module: it has a loader of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"module", "plain", "1.2"})
    void theClassesOfARemovedPluginAreCollected(String kind) throws Exception {
        Path jar = jar(kind);
        try (Vitrail vitrail = trial.builder().build()) {
            String id = vitrail.plugins().install(jar).id();
            Attribution result;
            try (Model model = vitrail.load(FakeNetwork.classifier().output("fc"))) {
                result = vitrail.explain(model, ONE, 1, 2, 2, 2).with("leaves").run();
            }
            WeakReference<ClassLoader> loader = loader(vitrail.method("leaves"));
            assertThat(loader.get()).isNotNull();
            vitrail.plugins().remove(id);
            assertThat(collected(loader)).isTrue();
            assertThat(result.method()).isEqualTo("leaves");
        }
    }

    @Test
    void whatIsHeldIsNotCollected() throws Exception {
        try (Vitrail vitrail = trial.builder().build()) {
            vitrail.plugins().install(PluginTrial.plain("held", 2).in(folder));
            AtomicReference<AttributionMethod> held = new AtomicReference<>(vitrail.method("held"));
            WeakReference<ClassLoader> loader = loader(held.get());
            vitrail.plugins().remove("held");
            System.gc();
            assertThat(loader.get()).isNotNull();
            assertThat(held.get().id()).isEqualTo("held");
            held.set(null);
            assertThat(collected(loader)).isTrue();
        }
    }

    private Path jar(String kind) {
        return switch (kind) {
            case "module" -> PluginTrial.modular("leaves", 2).in(folder);
            case "plain" -> PluginTrial.plain("leaves", 2).in(folder);
            default ->
                    PluginJar.named(kind)
                            .source(
                                    PluginJar.method(
                                            "of.leaves.Method",
                                            "leaves",
                                            PluginJar.gradientTimes(2)))
                            .service(AttributionMethod.class, "of.leaves.Method")
                            .in(folder);
        };
    }

    private static WeakReference<ClassLoader> loader(AttributionMethod method) {
        return new WeakReference<>(Fitted.originOf(method).orElseThrow().loader());
    }

    private static boolean collected(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        return reference.get() == null;
    }

    /**
     * Each of 500 rounds is two cycles, of a module and of a plain jar. A loader that stays costs
     * some 4 KiB of metaspace and a file: with all of them held it was 3.5 MB.
     */
    @Test
    void aThousandCyclesLeaveMemoryAndFilesFlat() {
        assumeTrue(Footprint.countsFiles(), "open files can be counted on Linux only");
        Path modular = PluginTrial.modular("cycles", 2).in(folder);
        Path plain = PluginTrial.plain("plain-cycles", 2).in(folder);
        try (Vitrail vitrail = trial.builder().build()) {
            cycle(vitrail, modular, plain, 50);
            long memory = Footprint.metaspace();
            long open = Footprint.openFiles();
            cycle(vitrail, modular, plain, 450);
            assertThat(Footprint.metaspace() - memory).isLessThan(1 << 20);
            assertThat(Footprint.openFiles() - open).isLessThan(10);
        }
    }

    private static void cycle(Vitrail vitrail, Path modular, Path plain, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(vitrail.plugins().install(modular).state()).isEqualTo(State.ACTIVE);
            assertThat(vitrail.plugins().install(plain).state()).isEqualTo(State.ACTIVE);
            vitrail.plugins().remove("of.cycles");
            vitrail.plugins().remove("plain-cycles");
        }
    }

    @Test
    void manyThreadsMayUseAndChangePlugins() throws Exception {
        Path jar = PluginTrial.plain("busy", 2).in(folder);
        Path other = PluginTrial.plain("other", 4).in(folder);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (Vitrail vitrail = trial.builder().build()) {
            vitrail.plugins().install(jar);
            Thread user =
                    new Thread(
                            () -> {
                                while (!done.get()) {
                                    if (PluginTrial.first(vitrail, "busy") != .5) {
                                        throw new IllegalStateException("another number");
                                    }
                                    vitrail.plugins().list().forEach(Plugin::problem);
                                }
                            });
            user.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            user.start();
            for (int i = 0; i < 30; i++) {
                vitrail.plugins().install(other);
                vitrail.plugins().reload("busy");
                vitrail.plugins().remove("other");
            }
            done.set(true);
            user.join();
            assertThat(failure.get()).isNull();
        }
    }
}
