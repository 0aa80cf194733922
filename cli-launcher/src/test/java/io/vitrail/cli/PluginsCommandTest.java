package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.api.AttributionMethod;
import io.vitrail.testkit.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins as the command line installs, removes, checks and uses them. */
class PluginsCommandTest {
    @TempDir private Path folder;

    private Path plugins;
    private Path shop;

    @BeforeEach
    void prepare() throws IOException {
        plugins = folder.resolve("plugins");
        shop = Files.createDirectory(folder.resolve("shop"));
    }

    private Captured run(String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("--plugins", plugins.toString()));
        return Captured.run(all.toArray(String[]::new));
    }

    private Captured explain(String... words) {
        List<String> all =
                new ArrayList<>(
                        List.of("explain", DemoModel.model(), DemoModel.picture().toString()));
        all.addAll(List.of("-o", folder.resolve("out").toString()));
        all.addAll(Arrays.asList(words));
        return run(all.toArray(String[]::new));
    }

    private static JsonElement json(Captured call) {
        return JsonParser.parseString(call.out());
    }

    /** A plugin with a method of any id. */
    private static PluginJar plugin(String id, String method, String body) {
        String type = "of." + id + ".Method";
        return PluginJar.named(id)
                .header("Vitrail-Plugin-Id", id)
                .header("Vitrail-Plugin-Version", "1.0")
                .header("Vitrail-Plugin-Vendor", "Glaziers")
                .source(PluginJar.method(type, method, body))
                .service(AttributionMethod.class, type);
    }

    private static PluginJar doubled(String id) {
        return plugin(id, id, PluginJar.gradientTimes(2));
    }

    @Test
    void whatIsInstalledIsThereUntilItIsRemoved() throws IOException {
        Path jar = doubled("twice").in(shop);

        Captured installed = run("plugins", "install", jar.toString());
        assertThat(installed.code()).as(installed.err()).isZero();
        assertThat(installed.out())
                .startsWith("installed twice 1.0: " + plugins.resolve("twice.jar") + "\n");
        assertThat(installed.err()).contains("a plugin is code: it may do whatever you may do");
        assertThat(plugins.resolve("plugins.lock")).doesNotExist();

        Files.delete(jar);
        assertThat(run("methods").out()).contains("\ntwice ");
        Captured info = run("plugins", "info", "twice");
        assertThat(info.code()).isZero();
        assertThat(info.out())
                .startsWith("twice 1.0: active\n  vendor:   Glaziers\n")
                .contains("  provides: method twice\n");

        Captured removed = run("plugins", "remove", "twice");
        assertThat(removed.code()).as(removed.err()).isZero();
        assertThat(removed.out()).isEqualTo("removed " + plugins.resolve("twice.jar") + "\n");
        assertThat(plugins).isEmptyDirectory();
        assertThat(run("plugins").out()).startsWith("no plugins");
    }

    @Test
    void aFolderOfJarsIsCopiedAndRemovedWhole() throws IOException {
        Path several = shop.resolve("several");
        doubled("twice").in(several);
        PluginJar.named("library").source("package of.library; public class Sum {}").in(several);
        Files.createDirectory(several.resolve("sources"));

        assertThat(run("plugins", "install", several.toString()).code()).isZero();
        try (Stream<Path> files = Files.list(plugins.resolve("several"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("twice.jar", "library.jar");
        }
        assertThat(run("plugins", "remove", "twice").code()).isZero();
        assertThat(plugins).isEmptyDirectory();
    }

    @Test
    void aBrokenOneIsNotInstalled() throws IOException {
        Path jar = doubled("twice").header("Vitrail-Api", "[9,10)").in(shop);

        Captured call = run("plugins", "install", jar.toString());

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err()).contains("twice 1.0 of " + jar + ": api: ", "it was not installed");
        assertThat(plugins).isEmptyDirectory();
        assertThat(run("plugins", "install", folder.resolve("none.jar").toString()).code())
                .isEqualTo(2);
    }

    @Test
    void anOlderVersionIsReplacedUnderItsName() {
        run("plugins", "install", doubled("twice").in(shop).toString());
        Path newer = doubled("twice").header("Vitrail-Plugin-Version", "2.0").in(shop);

        Captured call = run("plugins", "install", newer.toString());

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(run("plugins").out())
                .containsPattern("\ntwice +2\\.0 +active ")
                .doesNotContain("1.0");
    }

    @Test
    void aLockIsWrittenWhenAskedForAndKeptInStep() throws IOException {
        Path lock = plugins.resolve("plugins.lock");
        Captured first = run("plugins", "install", "--lock", doubled("twice").in(shop).toString());
        assertThat(first.out()).endsWith("locked in " + lock + "\n");
        assertThat(lock)
                .content()
                .contains(Digest.sha256(plugins.resolve("twice.jar")) + "  twice  1.0  twice.jar");

        run("plugins", "install", doubled("thrice").in(shop).toString());
        assertThat(lock).content().contains("  thrice  1.0  thrice.jar");
        Captured sound = run("plugins", "verify", "--json");
        assertThat(sound.code()).isZero();
        assertThat(json(sound).getAsJsonObject().get("sound").getAsBoolean()).isTrue();

        doubled("stranger").in(plugins);
        Captured stranger = run("plugins", "verify");
        assertThat(stranger.code()).isEqualTo(5);
        assertThat(stranger.out())
                .containsPattern("\nstranger +1\\.0 +unlisted ")
                .containsPattern("\ntwice +1\\.0 +trusted ");
        assertThat(explain("-m", "stranger").code()).isEqualTo(2);
        assertThat(run("plugins", "info", "stranger").out()).contains("trust: is not listed in");

        run("plugins", "remove", "stranger");
        run("plugins", "remove", "thrice");
        assertThat(lock).content().contains("twice").doesNotContain("thrice");
        assertThat(run("plugins", "verify").code()).isZero();
    }

    @Test
    void onlyWhatLiesInTheFolderIsRemoved() {
        Path elsewhere = folder.resolve("elsewhere");
        doubled("twice").in(elsewhere);
        doubled("thrice").in(plugins);

        Captured unknown = run("plugins", "remove", "once");
        Captured far =
                Captured.with(
                        binder ->
                                binder.bind(PluginSources.class)
                                        .toInstance(
                                                new PluginSources(
                                                        plugins,
                                                        false,
                                                        java.util.Optional.of(
                                                                folder.resolve("cache")),
                                                        java.util.Optional.of(elsewhere))),
                        "plugins",
                        "remove",
                        "twice");

        assertThat(unknown.code()).isEqualTo(2);
        assertThat(far.code()).isEqualTo(2);
        assertThat(far.err())
                .contains("plugin 'twice' lies elsewhere: " + elsewhere.resolve("twice.jar"));
        assertThat(elsewhere.resolve("twice.jar")).exists();
    }

    @Test
    void everyAnswerIsADocument() {
        String jar = doubled("twice").in(shop).toString();
        JsonObject installed = json(run("plugins", "install", jar, "--json")).getAsJsonObject();
        assertThat(installed.get("installed").getAsString())
                .isEqualTo(plugins.resolve("twice.jar").toString());
        assertThat(installed.get("locked").getAsBoolean()).isFalse();
        JsonObject listed =
                json(run("plugins", "--json")).getAsJsonArray().get(0).getAsJsonObject();
        assertThat(listed.get("state").getAsString()).isEqualTo("active");
        assertThat(listed.get("vendor").getAsString()).isEqualTo("Glaziers");
        assertThat(listed.get("sha256").getAsString()).hasSize(64);
        assertThat(json(run("plugins", "info", "twice", "--json"))).isEqualTo(listed);
        assertThat(
                        json(run("plugins", "remove", "twice", "--json"))
                                .getAsJsonObject()
                                .getAsJsonArray("removed"))
                .hasSize(1);
    }

    @Test
    void aNameThatIsTakenIsReachedThroughItsPlugin() {
        plugin("glass", "gradient", PluginJar.gradientTimes(-1)).in(plugins);

        Captured both = explain("-m", "gradient", "-m", "glass:gradient");

        assertThat(both.code()).as(both.err()).isZero();
        assertThat(folder.resolve("out/scene.gradient.png")).isNotEmptyFile();
        assertThat(folder.resolve("out/scene.glass_gradient.png")).isNotEmptyFile();
        assertThat(run("methods", "--json").out()).contains("\"id\": \"glass:gradient\"");
        assertThat(run("methods", "glass:gradient").out())
                .startsWith("glass:gradient: Made by a test.\n  plugin: glass 1.0\n");
    }

    @Test
    void aNameThatTwoClaimBelongsToNeither() {
        plugin("red", "ray", PluginJar.gradientTimes(1)).in(plugins);
        plugin("blue", "ray", PluginJar.gradientTimes(2)).in(plugins);

        Captured claimed = explain("-m", "ray");

        assertThat(claimed.code()).isEqualTo(2);
        assertThat(claimed.err()).contains("red.jar", "blue.jar", "red:ray", "blue:ray");
        assertThat(explain("-m", "red:ray").code()).isZero();
    }

    @Test
    void whatFailsWhileItRunsNamesItsPlugin() {
        plugin("bad", "bad-one", "throw new IllegalStateException(\"no luck\");").in(plugins);

        Captured call = explain("-m", "bad-one");

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err())
                .contains(
                        "method 'bad-one' of plugin 'bad' (" + plugins.resolve("bad.jar") + ")",
                        "IllegalStateException: no luck");
    }

    @Test
    void whatNeverReturnsIsGivenUpAtTheDeadline() {
        // on the thread that is given up, for the tests go on
        String sleeping =
                "while (true) { try { Thread.sleep(1000); } catch (InterruptedException e) { throw"
                        + " new IllegalStateException(e); } }";
        plugin("slow", "slow-one", sleeping).in(plugins);

        Captured call = explain("-m", "slow-one", "--deadline", "500ms");

        assertThat(call.code()).isEqualTo(5);
        assertThat(call.err())
                .contains("method 'slow-one' of plugin 'slow'", "did not end within 500ms");
        assertThat(explain("-m", "gradient", "--deadline", "10m").code()).isZero();
    }
}
