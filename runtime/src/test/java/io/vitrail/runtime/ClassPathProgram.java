package io.vitrail.runtime;

import io.vitrail.runtime.plugin.Plugin;
import java.nio.file.Path;

/** What {@link PluginsOnClassPathTest} runs: every class of Vitrail in the unnamed module. */
final class ClassPathProgram {
    private ClassPathProgram() {}

    /**
     * @param arguments a folder, then ids of methods
     */
    public static void main(String[] arguments) {
        PluginTrial trial = new PluginTrial(Path.of(arguments[0]));
        System.out.println("named " + Vitrail.class.getModule().isNamed());
        try (Vitrail vitrail = trial.open()) {
            for (Plugin plugin : vitrail.plugins().list()) {
                System.out.println(
                        plugin.id()
                                + " "
                                + plugin.state()
                                + " "
                                + plugin.problem().map(Plugin.Problem::cause).orElse("")
                                + (plugin.compiledAgainst().isEmpty() ? "" : "compiled"));
            }
            for (int i = 1; i < arguments.length; i++) {
                System.out.println(arguments[i] + " " + PluginTrial.first(vitrail, arguments[i]));
            }
        }
    }
}
