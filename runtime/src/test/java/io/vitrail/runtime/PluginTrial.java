package io.vitrail.runtime;

import io.vitrail.api.Attribution;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Model;
import io.vitrail.testkit.PluginJar;
import java.nio.file.Path;

/**
 * Plugins in a folder, and a Vitrail that loads them and runs on a fake engine.
 *
 * @param folder of a test
 */
record PluginTrial(Path folder) {
    private static final float[] ONE = {1, 2, 3, -4, 0, 0, 4, 0};

    Path plugins() {
        return folder.resolve("plugins");
    }

    Vitrail.Builder builder() {
        return Vitrail.builder()
                .fit(new FakeEngine())
                .fit(FakeMethods.gradient())
                .pluginCache(folder.resolve("cache"));
    }

    Vitrail open() {
        plugins().toFile().mkdirs();
        return builder().plugins(plugins()).build();
    }

    /** Return the first number of a method's map: a quarter, times what the method makes of it. */
    static double first(Vitrail vitrail, String method) {
        try (Model model = vitrail.load(FakeNetwork.classifier().output("fc"))) {
            Attribution found =
                    vitrail.explain(model, ONE, 1, 2, 2, 2).with(method).target("class:0").run();
            return found.values().get(0);
        }
    }

    /** Begin a plain jar of one method, {@code ID.Method}, that returns FACTOR times a gradient. */
    static PluginJar plain(String id, int factor) {
        return PluginJar.named(id)
                .source(
                        PluginJar.method(
                                "of." + name(id) + ".Method", id, PluginJar.gradientTimes(factor)))
                .service(AttributionMethod.class, "of." + name(id) + ".Method");
    }

    /** Begin a module of one method. */
    static PluginJar modular(String id, int factor) {
        return modular(id, factor, "");
    }

    /**
     * @param more further directives: {@code requires x;}
     */
    static PluginJar modular(String id, int factor, String more) {
        String type = "of." + name(id) + ".Method";
        return PluginJar.named(id)
                .source(PluginJar.method(type, id, PluginJar.gradientTimes(factor)))
                .source(
                        "module of."
                                + name(id)
                                + " { requires io.vitrail.api; "
                                + more
                                + " provides io.vitrail.api.AttributionMethod with "
                                + type
                                + "; }");
    }

    private static String name(String id) {
        return id.replace("-", "");
    }
}
