package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.vitrail.api.AttributionMethod;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.Stage;
import io.vitrail.runtime.plugin.Plugin.State;
import io.vitrail.testkit.PluginJar;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginIdentityTest {
    @TempDir private Path folder;
    private PluginTrial trial;

    @BeforeEach
    void begin() {
        trial = new PluginTrial(folder);
    }

    @Test
    void theManifestSaysWhoAPluginIs() {
        PluginTrial.plain("said", 2)
                .header("Vitrail-Plugin-Id", "org.example.said")
                .header("Vitrail-Plugin-Version", "1.4")
                .header("Vitrail-Plugin-Vendor", "Example")
                .header("Vitrail-Api", "[0.1,1)")
                .header("Implementation-Version", "77")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            Plugin plugin = vitrail.plugins().get("org.example.said");
            assertThat(plugin)
                    .extracting(Plugin::version, Plugin::vendor, Plugin::apiRange, Plugin::state)
                    .containsExactly("1.4", "Example", "[0.1,1)", State.ACTIVE);
            assertThat(plugin.panes())
                    .extracting(Plugin.Provided::kind, Plugin.Provided::id)
                    .containsExactly(tuple("method", "said"));
            assertThat(plugin.sha256()).matches("[0-9a-f]{64}");
        }
    }

    @Test
    void withoutHeadersTheModuleOrTheFileSaysIt() {
        PluginTrial.modular("module", 2).moduleVersion("3.1").in(trial.plugins());
        PluginTrial.plain("bundle", 2)
                .header("Bundle-SymbolicName", "org.bundle;singleton:=true")
                .header("Bundle-Version", "4.5.6")
                .header("Bundle-Vendor", "Bundlers")
                .in(trial.plugins());
        PluginJar.named("my-file-1.2")
                .source(PluginJar.method("of.file.Method", "file", PluginJar.gradientTimes(1)))
                .service(AttributionMethod.class, "of.file.Method")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(vitrail.plugins().list())
                    .extracting(Plugin::id, Plugin::version, Plugin::vendor)
                    .containsExactly(
                            tuple("my-file", "1.2", ""),
                            tuple("of.module", "3.1", ""),
                            tuple("org.bundle", "4.5.6", "Bundlers"));
            String compiled = vitrail.plugins().get("of.module").compiledAgainst();
            assertThat(compiled).startsWith("0.");
        }
    }

    @Test
    void aPluginForAnotherApiIsRefusedWithBothVersions() {
        PluginTrial.plain("later", 2).header("Vitrail-Api", "[7,8)").in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            Plugin plugin = vitrail.plugins().get("later");
            assertThat(plugin.state()).isEqualTo(State.BROKEN);
            assertThat(plugin.problem().orElseThrow().stage()).isEqualTo(Stage.API);
            assertThat(plugin.problem().orElseThrow().cause())
                    .matches("needs Vitrail's api \\[7,8\\), and this is 0\\..*");
        }
    }

    @Test
    void aPluginCompiledAgainstALaterApiIsRefused() {
        Path api =
                PluginJar.named("io.vitrail.api-9")
                        .source("package io.vitrail.api; public interface AttributionMethod { }")
                        .source("module io.vitrail.api { exports io.vitrail.api; }")
                        .moduleVersion("9.1")
                        .in(folder.resolve("api"));
        PluginJar.only("ninth")
                .against(api)
                .source(
                        "package of.ninth; public class Method implements io.vitrail.api.AttributionMethod { }")
                .source(
                        "module of.ninth { requires io.vitrail.api; provides io.vitrail.api.AttributionMethod with of.ninth.Method; }")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            Plugin plugin = vitrail.plugins().get("of.ninth");
            assertThat(plugin.compiledAgainst()).isEqualTo("9.1");
            assertThat(plugin.problem().orElseThrow().cause())
                    .matches("was compiled against Vitrail's api 9\\.1, and this is 0\\..*");
        }
    }

    @Test
    void ofTwoVersionsTheHigherIsUsedAndTheOtherListed() {
        for (String version : new String[] {"1.9", "1.10"}) {
            int factor = version.equals("1.9") ? 2 : 3;
            PluginTrial.plain("twice-here", factor)
                    .header("Vitrail-Plugin-Id", "twice-here")
                    .header("Vitrail-Plugin-Version", version)
                    .in(trial.plugins().resolve("of-" + version));
        }
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "twice-here")).isEqualTo(.75);
            assertThat(vitrail.plugins().list())
                    .extracting(Plugin::version, Plugin::state)
                    .containsExactly(tuple("1.10", State.ACTIVE), tuple("1.9", State.RESOLVED));
            assertThat(vitrail.plugins().list().get(1).problem().orElseThrow().cause())
                    .startsWith("superseded: version 1.10, is loaded from ")
                    .endsWith("; this is 1.9");
        }
    }

    @Test
    void aLowerVersionStandsInForABrokenOne() {
        PluginTrial.plain("fallback", 2)
                .header("Vitrail-Plugin-Version", "1")
                .in(trial.plugins().resolve("old"));
        PluginJar.named("fallback")
                .service(AttributionMethod.class, "of.fallback.Missing")
                .header("Vitrail-Plugin-Version", "2")
                .in(trial.plugins().resolve("new"));
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "fallback")).isEqualTo(.5);
            assertThat(vitrail.plugins().list())
                    .extracting(Plugin::version, Plugin::state)
                    .containsExactly(tuple("2", State.BROKEN), tuple("1", State.ACTIVE));
        }
    }

    @Test
    void anIdOfTwoPluginsBelongsToNeither() {
        for (String plugin : new String[] {"alpha", "beta"}) {
            PluginTrial.plain("shared", plugin.equals("alpha") ? 2 : 3)
                    .header("Vitrail-Plugin-Id", "org." + plugin)
                    .in(trial.plugins().resolve(plugin));
        }
        try (Vitrail vitrail = trial.open()) {
            assertThatThrownBy(() -> vitrail.method("shared"))
                    .hasMessage(
                            "method 'shared' is claimed by several plugins: 'org.alpha' of "
                                    + trial.plugins().resolve("alpha")
                                    + ", 'org.beta' of "
                                    + trial.plugins().resolve("beta")
                                    + "\n  do: ask for org.alpha:shared or org.beta:shared");
            assertThat(PluginTrial.first(vitrail, "org.alpha:shared")).isEqualTo(.5);
            assertThat(PluginTrial.first(vitrail, "org.beta:shared")).isEqualTo(.75);
            assertThat(vitrail.method("org.beta:shared").id()).isEqualTo("org.beta:shared");
            vitrail.plugins().remove("org.alpha");
            assertThat(PluginTrial.first(vitrail, "shared")).isEqualTo(.75);
        }
    }

    @Test
    void aPluginNeverTakesTheIdOfTheApplications() {
        PluginTrial.plain("fake-gradient", 5)
                .header("Vitrail-Plugin-Id", "pretender")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "fake-gradient")).isEqualTo(.25);
            assertThat(PluginTrial.first(vitrail, "pretender:fake-gradient")).isEqualTo(1.25);
            assertThat(Panes.whole(vitrail.methods()))
                    .extracting(Pane.Whole::id, Pane.Whole::plugin)
                    .contains(
                            tuple("fake-gradient", ""),
                            tuple("pretender:fake-gradient", "pretender"));
        }
    }

    @Test
    void aPluginUsesAnotherThatItNeeds() {
        Path base =
                PluginJar.named("base")
                        .source(
                                "package of.base; public class Six { public static int value() { return 6; } }")
                        .source("module of.base { exports of.base; }")
                        .header("Vitrail-Plugin-Id", "base")
                        .header("Vitrail-Plugin-Version", "1.5")
                        .in(trial.plugins());
        String body = PluginJar.gradientTimes(1).replace("mul(1)", "mul(of.base.Six.value())");
        PluginJar.named("above")
                .against(base)
                .source(PluginJar.method("of.above.Method", "above", body))
                .source(
                        "module of.above { requires io.vitrail.api; requires of.base; provides io.vitrail.api.AttributionMethod with of.above.Method; }")
                .header("Vitrail-Plugin-Needs", "base;version=\"[1.2,2)\"")
                .in(trial.plugins());
        PluginJar.named("plain-above")
                .against(base)
                .source(PluginJar.method("of.plainabove.Method", "plain-above", body))
                .service(AttributionMethod.class, "of.plainabove.Method")
                .header("Vitrail-Plugin-Needs", "base")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "above")).isEqualTo(1.5);
            assertThat(PluginTrial.first(vitrail, "plain-above")).isEqualTo(1.5);
            vitrail.plugins().remove("base");
            assertThat(vitrail.plugins().get("of.above").problem().orElseThrow().cause())
                    .isEqualTo("needs plugin 'base', which is not there");
            vitrail.plugins().install(base);
            assertThat(PluginTrial.first(vitrail, "above")).isEqualTo(1.5);
        }
    }

    @Test
    void aNeedThatIsNotMetBreaks() {
        PluginTrial.plain("circle-a", 1)
                .header("Vitrail-Plugin-Needs", "circle-b")
                .in(trial.plugins());
        PluginTrial.plain("circle-b", 1)
                .header("Vitrail-Plugin-Needs", "circle-a")
                .in(trial.plugins());
        PluginTrial.plain("choosy", 1)
                .header("Vitrail-Plugin-Needs", "old;version=[2,3)")
                .in(trial.plugins());
        PluginTrial.plain("old", 1).header("Vitrail-Plugin-Version", "1.0").in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(vitrail.plugins().list())
                    .filteredOn(plugin -> plugin.state() == State.BROKEN)
                    .allSatisfy(
                            plugin ->
                                    assertThat(plugin.problem().orElseThrow().stage())
                                            .isEqualTo(Stage.NEEDS))
                    .extracting(plugin -> plugin.problem().orElseThrow().cause())
                    .containsExactly(
                            "needs plugin 'old' [2,3), and it is 1.0",
                            "needs plugin 'circle-b', which is broken: plugins need each other in a"
                                    + " circle: circle-a needs circle-b needs circle-a",
                            "plugins need each other in a circle: circle-a needs circle-b needs"
                                    + " circle-a");
            assertThat(vitrail.plugins().get("old").state()).isEqualTo(State.ACTIVE);
        }
    }
}
