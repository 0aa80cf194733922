package io.vitrail.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.Stage;
import io.vitrail.runtime.plugin.Plugin.State;
import io.vitrail.testkit.PluginJar;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every stage can fail; the good plugin beside works, and each fault has cause and remedy. */
class PluginFaultsTest {
    @TempDir private Path folder;
    private PluginTrial trial;
    private final Map<String, Stage> expected = new LinkedHashMap<>();

    @BeforeEach
    void begin() {
        trial = new PluginTrial(folder);
    }

    /** Expect a plugin to break; by its id. */
    private Path breaking(String id, Stage stage) {
        expected.put(id, stage);
        return trial.plugins();
    }

    private static PluginJar method(String id, String more) {
        String type = "of." + id.replace("-", "") + ".Method";
        return PluginJar.named(id)
                .source(PluginJar.method(type, id, "return null;", more))
                .service(AttributionMethod.class, type);
    }

    /** A method whose one member is replaced by a text. */
    private static PluginJar saying(String id, String member, String instead) {
        String type = "of." + id.replace("-", "") + ".Method";
        String source = PluginJar.method(type, id, "return null;");
        String changed = source.replaceFirst("(?m)^.* " + member + "\\(\\).*$", instead);
        assertThat(changed).isNotEqualTo(source);
        return PluginJar.named(id).source(changed).service(AttributionMethod.class, type);
    }

    @Test
    void eachFaultIsContainedAndListed() throws IOException {
        PluginTrial.plain("good", 2).in(trial.plugins());
        files();
        headers();
        modules();
        providers();
        facts();
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "good")).isEqualTo(.5);
            Map<String, Stage> found = new LinkedHashMap<>();
            for (Plugin plugin : vitrail.plugins().list()) {
                if (plugin.state() != State.ACTIVE) {
                    assertThat(plugin.state()).isEqualTo(State.BROKEN);
                    Plugin.Problem problem = plugin.problem().orElseThrow();
                    assertThat(problem.cause()).isNotBlank();
                    assertThat(problem.remedy()).isNotBlank();
                    found.put(plugin.id(), problem.stage());
                }
            }
            assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
            assertThat(vitrail.plugins().get("static").problem().orElseThrow().cause())
                    .isEqualTo("of.thestatic.Method: IllegalStateException: no start");
        }
    }

    private void files() throws IOException {
        Files.createDirectories(trial.plugins());
        Files.writeString(breaking("text", Stage.READING).resolve("text.jar"), "not a jar");
        Files.createDirectories(breaking("empty", Stage.READING).resolve("empty"));
        Path whole = PluginTrial.plain("truncated", 1).in(folder.resolve("aside"));
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(
                breaking("truncated", Stage.READING).resolve("truncated.jar"),
                Arrays.copyOf(bytes, bytes.length / 2));
        Path bomb = breaking("bomb", Stage.READING).resolve("bomb.jar");
        try (OutputStream out = Files.newOutputStream(bomb);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(
                    new ZipEntry("META-INF/services/" + AttributionMethod.class.getName()));
            zip.write(new byte[64 << 20]); // 64 MiB of zeros, packed to 64 KiB
        }
    }

    private void headers() {
        PluginTrial.plain("headers", 1)
                .header("Vitrail-Plugin-Id", "not an id")
                .in(breaking("headers", Stage.HEADERS));
        PluginTrial.plain("versions", 1)
                .header("Vitrail-Plugin-Version", "banana")
                .in(breaking("versions", Stage.HEADERS));
        PluginTrial.plain("ranges", 1)
                .header("Vitrail-Api", "[1")
                .in(breaking("ranges", Stage.HEADERS));
        PluginTrial.plain("needing", 1)
                .header("Vitrail-Plugin-Needs", "nobody")
                .in(breaking("needing", Stage.NEEDS));
        PluginTrial.plain("future", 1)
                .header("Vitrail-Api", "[9,10)")
                .in(breaking("future", Stage.API));
    }

    private void modules() {
        Path library =
                PluginJar.named("absent")
                        .source("module absent.library { }")
                        .in(folder.resolve("aside"));
        PluginTrial.modular("unresolved", 1, "requires absent.library;")
                .against(library)
                .in(breaking("of.unresolved", Stage.RESOLUTION));
        PluginTrial.modular("mangled", 1)
                .entry("module-info.class", new byte[] {1, 2, 3})
                .in(breaking("mangled", Stage.RESOLUTION));
        PluginJar.named("twice-1")
                .source("package a.b; class C { }")
                .in(breaking("twice", Stage.RESOLUTION).resolve("twice"));
        PluginJar.named("twice-2")
                .source("package a.b; class D { }")
                .in(trial.plugins().resolve("twice"));
        PluginJar.named("undeclared")
                .source("module of.undeclared { requires io.vitrail.api; }")
                .source(PluginJar.method("of.undeclared.Method", "undeclared", "return null;"))
                .service(AttributionMethod.class, "of.undeclared.Method")
                .in(breaking("of.undeclared", Stage.DISCOVERY));
        PluginJar.named("library")
                .source("package some.library; public class Thing { }")
                .in(breaking("library", Stage.DISCOVERY));
    }

    private void providers() {
        PluginJar.named("missing")
                .service(AttributionMethod.class, "no.such.Method")
                .in(breaking("missing", Stage.DISCOVERY));
        PluginJar.named("unknown")
                .service("io.vitrail.api.NoSuchService", "no.such.Method")
                .in(breaking("unknown", Stage.DISCOVERY));
        PluginJar.named("stranger")
                .source("package of.stranger; public class Method { }")
                .service(AttributionMethod.class, "of.stranger.Method")
                .in(breaking("stranger", Stage.DISCOVERY));
        method("hidden", "private Method() { }").in(breaking("hidden", Stage.DISCOVERY));
        method("corrupt", "")
                .entry("of/corrupt/Method.class", new byte[] {0, 1, 2, 3})
                .in(breaking("corrupt", Stage.DISCOVERY));
        method("throwing", "public Method() { throw new IllegalStateException(\"no\"); }")
                .in(breaking("throwing", Stage.CREATION));
        PluginJar.named("static")
                .source(
                        PluginJar.method(
                                "of.thestatic.Method",
                                "static",
                                "return null;",
                                "static { if (true) throw new IllegalStateException(\"no start\"); }"))
                .service(AttributionMethod.class, "of.thestatic.Method")
                .in(breaking("static", Stage.CREATION));
        method("overflow", "public Method() { new Method(); }")
                .in(breaking("overflow", Stage.CREATION));
        method(
                        "hungry",
                        "public Method() { long[] all = new long[Integer.MAX_VALUE]; all[0] = 1; }")
                .in(breaking("hungry", Stage.CREATION));
        method("unlinked", "public Method() { throw new NoSuchMethodError(\"api\"); }")
                .in(breaking("unlinked", Stage.CREATION));
        method(
                        "checked",
                        "public Method() throws Exception { throw new Exception() { public String getMessage() { throw new RuntimeException(); } }; }")
                .in(breaking("checked", Stage.CREATION));
        PluginJar.named("engine")
                .service(Engine.class, "of.engine.Any")
                .in(breaking("engine", Stage.SERVICE));
    }

    private void facts() {
        saying("no-id", "id", "public String id() { return null; }")
                .in(breaking("no-id", Stage.IDENTITY));
        saying("odd-id", "id", "public String id() { return \"../Up\"; }")
                .in(breaking("odd-id", Stage.IDENTITY));
        saying("id-throws", "id", "public String id() { throw new Error(\"id\"); }")
                .in(breaking("id-throws", Stage.IDENTITY));
        saying("no-sentence", "sentence", "public String sentence() { return \" \"; }")
                .in(breaking("no-sentence", Stage.IDENTITY));
        saying("no-place", "place", "public Place place() { return null; }")
                .in(breaking("no-place", Stage.IDENTITY));
        method("no-options", "public List<Option<?>> options() { return null; }")
                .in(breaking("no-options", Stage.IDENTITY));
        method("options-throw", "public List<Option<?>> options() { return options(); }")
                .in(breaking("options-throw", Stage.IDENTITY));
        method(
                        "two-options",
                        "public List<Option<?>> options() { Option<?> one = Option.flag(\"a\", true, \"Is.\"); return List.of(one, one); }")
                .in(breaking("two-options", Stage.IDENTITY));
        method("doubled", "public static class Twin extends Method { public Twin() { } }")
                .service(AttributionMethod.class, "of.doubled.Method$Twin")
                .in(breaking("doubled", Stage.DUPLICATE));
    }

    @Test
    void aBrokenPaneLeavesTheOthersOfItsPlugin() {
        PluginTrial.plain("half", 2)
                .service(AttributionMethod.class, "of.half.Missing")
                .in(trial.plugins());
        try (Vitrail vitrail = trial.open()) {
            assertThat(PluginTrial.first(vitrail, "half")).isEqualTo(.5);
            Plugin plugin = vitrail.plugins().get("half");
            assertThat(plugin.state()).isEqualTo(State.ACTIVE);
            assertThat(plugin.problem().orElseThrow().cause())
                    .isEqualTo(
                            "of.half.Missing: is promised, and no jar of the plugin has such a"
                                    + " class");
        }
    }

    @Test
    void aFormatThatClaimsEverythingTakesNothingAway() throws IOException {
        PluginJar.named("greedy")
                .source(
                        """
                        package of.greedy;
                        public class Format implements io.vitrail.api.ModelFormat {
                            public String id() { return "greedy"; }
                            public String sentence() { return "All."; }
                            public java.util.List<String> suffixes() { return java.util.List.of(".x"); }
                            public boolean claims(java.nio.file.Path file) { return true; }
                            public io.vitrail.api.GraphSource open(java.nio.file.Path file) {
                                throw new IllegalStateException("greedy");
                            }
                        }
                        """)
                .service(io.vitrail.api.ModelFormat.class, "of.greedy.Format")
                .in(trial.plugins());
        Path torch = Files.writeString(folder.resolve("model.pt"), "no archive");
        Path own = Files.writeString(folder.resolve("model.x"), "anything");
        try (Vitrail vitrail = trial.open()) {
            assertThat(message(vitrail, torch)).doesNotContain("greedy");
            assertThat(message(vitrail, own))
                    .contains("format 'greedy' of plugin 'greedy' (" + trial.plugins())
                    .contains("failed: IllegalStateException: greedy");
        }
    }

    private static String message(Vitrail vitrail, Path file) {
        return org.assertj.core.api.Assertions.catchThrowable(() -> vitrail.load(file).close())
                .getMessage();
    }
}
