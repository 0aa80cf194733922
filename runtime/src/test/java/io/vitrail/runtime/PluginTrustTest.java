package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.Stage;
import io.vitrail.runtime.plugin.Plugin.State;
import io.vitrail.runtime.plugin.PluginLock;
import io.vitrail.runtime.plugin.Verification;
import io.vitrail.runtime.plugin.Verification.Outcome;
import io.vitrail.testkit.PluginJar;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a lock is, nothing that it does not list runs. */
class PluginTrustTest {
    @TempDir private Path folder;
    private PluginTrial trial;

    @BeforeEach
    void begin() {
        trial = new PluginTrial(folder);
    }

    private Path lock() {
        return trial.plugins().resolve(PluginLock.FILE_NAME);
    }

    private void lockWhatIsThere() {
        try (Vitrail vitrail = trial.open()) {
            PluginLock.of(vitrail.plugins().list()).write(lock());
        }
    }

    @Test
    void whatIsNotListedDoesNotRun() {
        PluginTrial.plain("listed", 2).in(trial.plugins());
        lockWhatIsThere();
        PluginJar.named("stranger")
                .source(
                        PluginJar.method(
                                "of.stranger.Method",
                                "stranger",
                                "return null;",
                                "static { System.setProperty(\"stranger\", \"ran\"); }"))
                .service(io.vitrail.api.AttributionMethod.class, "of.stranger.Method")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "listed")).isEqualTo(.5);
            Plugin stranger = vitrail.plugins().get("stranger");
            assertThat(stranger.state()).isEqualTo(State.BROKEN);
            Plugin.Problem problem = stranger.problem().orElseThrow();
            assertThat(problem.stage()).isEqualTo(Stage.TRUST);
            assertThat(problem.cause())
                    .isEqualTo(
                            "is not listed in " + lock() + "; its SHA-256 is " + stranger.sha256());
            assertThat(problem.remedy())
                    .endsWith(stranger.sha256() + "  stranger  -  stranger.jar");
            assertThat(System.getProperty("stranger")).isNull();
        }
    }

    @Test
    void aChangedJarIsNoLongerTrusted() throws Exception {
        PluginTrial.plain("changing", 2).in(trial.plugins());
        lockWhatIsThere();
        PluginTrial.plain("changing", 3).in(trial.plugins());
        Files.writeString(
                lock(),
                "f".repeat(64) + "  absent  1.0  absent file.jar\n",
                java.nio.file.StandardOpenOption.APPEND);
        try (Vitrail vitrail = trial.open()) {
            assertThat(vitrail.plugins().get("changing").problem().orElseThrow().cause())
                    .startsWith("its content is not what " + lock() + " lists for 'changing'");
            Verification verification = vitrail.plugins().verify();
            assertThat(verification.sound()).isFalse();
            assertThat(verification.entries())
                    .extracting(Verification.Entry::id, Verification.Entry::outcome)
                    .containsExactly(
                            tuple("changing", Outcome.DIFFERENT), tuple("absent", Outcome.MISSING));
        }
    }

    @Test
    void verifyLooksAtTheOriginals() throws Exception {
        Path jar = PluginTrial.plain("original", 2).in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(outcome(vitrail)).isEqualTo(Outcome.UNLOCKED);
            PluginLock.of(vitrail.plugins().list()).write(lock());
            assertThat(outcome(vitrail)).isEqualTo(Outcome.TRUSTED);
            assertThat(vitrail.plugins().verify().sound()).isTrue();
            PluginTrial.plain("original", 3).in(trial.plugins());
            assertThat(outcome(vitrail)).isEqualTo(Outcome.DIFFERENT);
            Files.delete(lock());
            assertThat(outcome(vitrail)).isEqualTo(Outcome.CHANGED);
            Files.delete(jar);
            assertThat(outcome(vitrail)).isEqualTo(Outcome.MISSING);
        }
    }

    private static Outcome outcome(Vitrail vitrail) {
        return vitrail.plugins().verify().entries().get(0).outcome();
    }

    @Test
    void aLockThatIsMissingOrDamagedTrustsNothing() throws Exception {
        Path jar = PluginTrial.plain("any", 2).in(trial.plugins());
        Path named = folder.resolve("named.lock");
        try (Vitrail vitrail = trial.builder().plugins(trial.plugins()).pluginLock(named).build()) {
            assertThat(vitrail.plugins().get("any").state()).isEqualTo(State.BROKEN);
            assertThat(vitrail.plugins().install(jar).state()).isEqualTo(State.BROKEN);
        }
        Files.writeString(named, "trust everything, please");
        try (Vitrail vitrail = trial.builder().plugins(trial.plugins()).pluginLock(named).build()) {
            assertThat(vitrail.plugins().get("any").problem().orElseThrow().cause())
                    .startsWith(named + ":1: not a line of a lock");
        }
        assertThatThrownBy(() -> PluginLock.read(named)).hasMessageContaining("SHA256  ID");
    }

    @Test
    void aDamagedPrivateCopyIsNotUsed() throws Exception {
        PluginTrial.plain("copied", 2).in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            Path copy = vitrail.plugins().get("copied").copy().orElseThrow();
            Path jar = copy.resolve("copied.jar");
            byte[] bytes = Files.readAllBytes(jar);
            vitrail.plugins().remove("copied");
            bytes[bytes.length / 2]++;
            Path aside = Files.write(folder.resolve("aside"), bytes);
            Files.move(aside, jar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "copied")).isEqualTo(.5);
        }
    }
}
