package io.vitrail.cli;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Engine;
import io.vitrail.testkit.PluginJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A folder of plugins, broken in every way that one may meet, and a good one among them. */
final class HostileFolder {
    /** The good one's id, and that of its method. */
    static final String GOOD = "good";

    private final Path folder;
    private final Path aside;
    private final Map<String, String> stages = new LinkedHashMap<>();

    /**
     * @param folder is filled with plugins
     * @param aside for what must not be in it
     */
    HostileFolder(Path folder, Path aside) {
        this.folder = folder;
        this.aside = aside;
    }

    /** Return the stage at which each broken one breaks, by its id. */
    Map<String, String> stages() {
        return stages;
    }

    /** Write all of them. */
    HostileFolder write() throws IOException {
        good(GOOD).in(folder);
        files();
        headers();
        needs();
        classes();
        objects();
        answers();
        return this;
    }

    static PluginJar good(String id) {
        return plugin(id, PluginJar.method(type(id), id, PluginJar.gradientTimes(2)));
    }

    private static PluginJar plugin(String id, String source) {
        return PluginJar.named(id)
                .header("Vitrail-Plugin-Id", id)
                .header("Vitrail-Plugin-Version", "1.0")
                .source(source)
                .service(AttributionMethod.class, type(id));
    }

    private static String type(String id) {
        return "of." + id.replace("-", "") + ".Method";
    }

    private PluginJar broken(String id, String stage) {
        stages.put(id, stage);
        return good(id);
    }

    /** Break by members that take the place of a method's own. */
    private void answering(String id, String stage, String member, String instead) {
        stages.put(id, stage);
        String source = PluginJar.method(type(id), id, PluginJar.gradientTimes(2));
        if (!source.contains(member)) {
            throw new IllegalArgumentException(member + " is not in " + source);
        }
        plugin(id, source.replace(member, instead)).in(folder);
    }

    private void files() throws IOException {
        stages.put("no-jar", "reading");
        Files.writeString(folder.resolve("no-jar.jar"), "I am a text");
        stages.put("empty-file", "reading");
        Files.createFile(folder.resolve("empty-file.jar"));
        stages.put("cut-off", "reading");
        byte[] whole = Files.readAllBytes(good("cut-off").in(aside));
        Files.write(folder.resolve("cut-off.jar"), Arrays.copyOf(whole, whole.length / 2));
        stages.put("empty-folder", "reading");
        Files.createDirectory(folder.resolve("empty-folder"));
        stages.put("no-descriptor", "resolution");
        good("no-descriptor")
                .entry("module-info.class", "no class".getBytes(StandardCharsets.UTF_8))
                .in(folder);
        stages.put("two-in-one", "headers");
        good("one-of-two").in(folder.resolve("two-in-one"));
        good("other-of-two").in(folder.resolve("two-in-one"));
    }

    private void headers() {
        broken("api-of-old", "api").header("Vitrail-Api", "[0.0.1,0.0.2)").in(folder);
        broken("api-of-future", "api").header("Vitrail-Api", "[9,10)").in(folder);
        broken("api-no-range", "headers").header("Vitrail-Api", "sometimes").in(folder);
        broken("no-version", "headers").header("Vitrail-Plugin-Version", "new!").in(folder);
    }

    private void needs() {
        broken("lonely", "needs").header("Vitrail-Plugin-Needs", "nobody").in(folder);
        broken("picky", "needs").header("Vitrail-Plugin-Needs", "good;version=[2,3)").in(folder);
        broken("hen", "needs").header("Vitrail-Plugin-Needs", "egg").in(folder);
        broken("egg", "needs").header("Vitrail-Plugin-Needs", "hen").in(folder);
        stages.put("unresolved", "resolution");
        PluginJar.named("unresolved")
                .header("Vitrail-Plugin-Id", "unresolved")
                .source(
                        PluginJar.method(
                                type("unresolved"), "unresolved", PluginJar.gradientTimes(2)))
                .source(
                        "module of.unresolved { requires io.vitrail.api; requires of.lost; provides"
                                + " io.vitrail.api.AttributionMethod with of.unresolved.Method; }")
                .against(
                        PluginJar.named("lost")
                                .source("package of.lost; public class Lost {}")
                                .source("module of.lost { exports of.lost; }")
                                .in(aside))
                .in(folder);
    }

    private void classes() throws IOException {
        stages.put("promised", "discovery");
        PluginJar.named("promised")
                .header("Vitrail-Plugin-Id", "promised")
                .service(AttributionMethod.class, "of.promised.Nothing")
                .in(folder);
        stages.put("pretender", "discovery");
        plugin("pretender", "package of.pretender; public class Method {}").in(folder);
        stages.put("hidden", "discovery");
        answering("hidden", "discovery", "public class Method", "class Method");
        stages.put("of-tomorrow", "discovery");
        good("of-tomorrow")
                .entry("of/oftomorrow/Method.class", ofJava(99, good("of-tomorrow").in(aside)))
                .in(folder);
        stages.put("without-library", "creation");
        Path library =
                PluginJar.named("library")
                        .source(
                                "package of.library; public class Sum { public int two() { return 2; } }")
                        .in(aside);
        plugin(
                        "without-library",
                        PluginJar.method(
                                type("without-library"),
                                "without-library",
                                PluginJar.gradientTimes(2),
                                "private final int two = new of.library.Sum().two();"))
                .against(library)
                .in(folder);
        stages.put("engine", "service");
        PluginJar.named("engine")
                .header("Vitrail-Plugin-Id", "engine")
                .source(
                        """
                        package of.engine;
                        import io.vitrail.api.*;
                        public class Own implements Engine {
                            public String name() { return "own"; }
                            public String missing() { return ""; }
                            public String version() { return "1"; }
                            public Model load(GraphSource source, Settings settings) { return null; }
                        }
                        """)
                .service(Engine.class, "of.engine.Own")
                .in(folder);
    }

    private static byte[] ofJava(int release, Path jar) throws IOException {
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(jar.toFile());
                java.io.InputStream in =
                        zip.getInputStream(zip.getEntry("of/oftomorrow/Method.class"))) {
            byte[] bytes = in.readAllBytes();
            bytes[7] = (byte) release; // the major version's low byte
            return bytes;
        }
    }

    private void objects() {
        creating(
                "thrower",
                "creation",
                "public Method() { throw new IllegalStateException(\"no\"); }");
        creating("static-thrower", "creation", "static final int N = Integer.parseInt(\"x\");");
        creating("deep", "creation", "private final Method inner = new Method();");
        creating("greedy", "creation", "public Method() { throw new OutOfMemoryError(\"much\"); }");
        creating("parametrised", "discovery", "public Method(int size) {}");
    }

    private void creating(String id, String stage, String more) {
        stages.put(id, stage);
        plugin(id, PluginJar.method(type(id), id, PluginJar.gradientTimes(2), more)).in(folder);
    }

    private void answers() {
        answering("id-thrower", "identity", "return \"id-thrower\";", "throw new Error(\"me?\");");
        answering("nameless", "identity", "return \"nameless\";", "return null;");
        answering("misnamed", "identity", "return \"misnamed\";", "return \"Mis Named\";");
        answering("mute", "identity", "return \"Made by a test.\";", "return \"\";");
        answering("placeless", "identity", "return Place.INPUT_OR_LAYERS;", "return null;");
        creating("no-options", "identity", "public List<Option<?>> options() { return null; }");
        creating(
                "same-options",
                "identity",
                "public List<Option<?>> options() { return List.of(Option.flag(\"a\", true, \"A.\"),"
                        + " Option.flag(\"a\", true, \"A.\")); }");
    }
}
