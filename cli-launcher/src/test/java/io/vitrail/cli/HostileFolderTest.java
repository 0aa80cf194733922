package io.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vitrail.runtime.Vitrail;
import io.vitrail.runtime.plugin.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More than twenty kinds of broken plugin beside one good one. */
class HostileFolderTest {
    @TempDir private static Path folder;

    private static Path plugins;
    private static Map<String, String> stages;

    @BeforeAll
    static void write() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
        stages =
                new HostileFolder(plugins, Files.createDirectory(folder.resolve("aside")))
                        .write()
                        .stages();
        assertThat(stages).hasSizeGreaterThan(25);
    }

    private static Captured run(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--plugins";
        all[words.length + 1] = plugins.toString();
        return Captured.run(all);
    }

    @Test
    void theGoodOneWorks() throws IOException {
        Captured call =
                run(
                        "explain",
                        DemoModel.model(),
                        DemoModel.picture().toString(),
                        "-m",
                        HostileFolder.GOOD,
                        "-o",
                        folder.resolve("out").toString());

        assertThat(call.code()).as(call.err()).isZero();
        JsonObject record =
                JsonParser.parseString(Files.readString(folder.resolve("out/vitrail.json")))
                        .getAsJsonObject();
        JsonObject used = record.getAsJsonArray("plugins").get(0).getAsJsonObject();
        assertThat(used.get("id").getAsString()).isEqualTo("good");
        assertThat(used.get("version").getAsString()).isEqualTo("1.0");
        assertThat(used.get("sha256").getAsString())
                .isEqualTo(Digest.sha256(plugins.resolve("good.jar")));
        assertThat(folder.resolve("out/scene.good.png")).isNotEmptyFile();
    }

    @Test
    void eachBrokenOneIsListedWithStageCauseAndRemedy() {
        Captured call = run("plugins", "list", "--json");

        assertThat(call.code()).as(call.err()).isZero();
        Map<String, String> found = broken(JsonParser.parseString(call.out()).getAsJsonArray());
        assertThat(found).containsExactlyInAnyOrderEntriesOf(stages);
        assertThat(call.out()).containsPattern("\"id\": \"good\",\\s+\"version\": \"1.0\"");
    }

    private static Map<String, String> broken(JsonArray plugins) {
        Map<String, String> found = new LinkedHashMap<>();
        for (JsonElement each : plugins) {
            JsonObject plugin = each.getAsJsonObject();
            if (plugin.get("state").getAsString().equals("broken")) {
                String id = plugin.get("id").getAsString();
                found.put(id, plugin.get("stage").getAsString());
                assertThat(plugin.get("cause").getAsString()).as(id).isNotBlank();
                assertThat(plugin.get("remedy").getAsString()).as(id).isNotBlank();
            }
        }
        return found;
    }

    @Test
    void theTextNamesThemTooAndDoctorSaysHowToMendThem() {
        Captured list = run("plugins");
        Captured doctor = run("doctor");
        Captured doctorJson = run("doctor", "--json");

        assertThat(list.code()).isZero();
        assertThat(doctor.code()).isEqualTo(5);
        for (Map.Entry<String, String> one : stages.entrySet()) {
            String line = "\nbroken: " + one.getKey() + "( 1\\.0)? of \\S+: " + one.getValue();
            assertThat(list.out()).containsPattern(line + ": .+\n  do:  .+");
            assertThat(doctor.out()).containsPattern(line + ": .+\n  do:  .+");
        }
        assertThat(list.out()).containsPattern("\ngood +1\\.0 +active +method good +\\S+good.jar");
        assertThat(
                        broken(
                                JsonParser.parseString(doctorJson.out())
                                        .getAsJsonObject()
                                        .getAsJsonArray("plugins")))
                .containsExactlyInAnyOrderEntriesOf(stages);
    }

    @Test
    void methodsSaysFromWhichPluginEachComes() {
        Captured text = run("methods");
        Captured json = run("methods", "--json");
        Captured one = run("methods", "good", "--json");

        assertThat(text.code()).isZero();
        assertThat(text.out())
                .containsPattern("\ngood +good 1\\.0 +1 forward, 1 backward +Made by a test\\.\n")
                .containsPattern("\ngrad-cam +- +");
        assertThat(JsonParser.parseString(json.out()).getAsJsonArray())
                .anySatisfy(
                        method -> {
                            JsonObject facts = method.getAsJsonObject();
                            assertThat(facts.get("id").getAsString()).isEqualTo("good");
                            assertThat(facts.get("plugin").getAsString()).isEqualTo("good");
                            assertThat(facts.get("version").getAsString()).isEqualTo("1.0");
                        });
        assertThat(JsonParser.parseString(one.out()).getAsJsonObject().get("plugin").getAsString())
                .isEqualTo("good");
    }

    @Test
    void aBrokenOneIsAFailureAndAnUnknownOneAUsageError() {
        Captured broken = run("plugins", "info", "thrower");
        Captured unknown = run("plugins", "info", "throwe");
        Captured method = run("methods", "mute");

        assertThat(broken.code()).isEqualTo(5);
        assertThat(broken.out()).contains("thrower 1.0: broken", "creation", "  do:  ");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("no plugin 'throwe'", "thrower");
        assertThat(method.code()).isEqualTo(2);
        assertThat(method.err()).contains("no method 'mute'", "mute.jar");
    }

    @Test
    void theLibraryListsThemAlike() {
        try (Vitrail vitrail =
                Vitrail.builder().plugins(plugins).pluginCache(folder.resolve("cache")).build()) {
            Map<String, String> found = new LinkedHashMap<>();
            for (Plugin plugin : vitrail.plugins().list()) {
                if (plugin.state() == Plugin.State.BROKEN) {
                    found.put(
                            plugin.id(),
                            plugin.problem().orElseThrow().stage().name().toLowerCase(Locale.ROOT));
                }
            }
            assertThat(found).containsExactlyInAnyOrderEntriesOf(stages);
            assertThat(vitrail.plugins().get("good").state()).isEqualTo(Plugin.State.ACTIVE);
            assertThat(vitrail.method("good").sentence()).isEqualTo("Made by a test.");
        }
    }
}
