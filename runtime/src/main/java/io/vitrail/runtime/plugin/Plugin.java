package io.vitrail.runtime.plugin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a plugin: a jar, or a folder of jars, that was plugged in.
 *
 * <p>A value: it holds no class of the plugin's and does not change; ask {@link Plugins} anew.
 *
 * @param id from {@code Vitrail-Plugin-Id}, else the module's name, else what the manifest or the
 *     file is called
 * @param version empty where nothing says it
 * @param vendor empty where nothing says it
 * @param apiRange the versions of Vitrail's api that it works with: {@code [0.1,1)}; empty where
 *     nothing says it
 * @param compiledAgainst the version of Vitrail's api that it was compiled against; empty where
 *     that is not recorded
 * @param problem what keeps it, or some of its panes, from use; empty where all is well
 * @param source the jar or folder that it came from
 * @param copy the private folder that it is loaded from; empty where it was not copied
 * @param sha256 of the jar; of a folder, that of the lines {@code DIGEST NAME} of its jars, by
 *     name; empty where it could not be read
 * @param panes what it provides, whole or broken
 * @param needs the plugins that it needs
 */
public record Plugin(
        String id,
        String version,
        String vendor,
        String apiRange,
        String compiledAgainst,
        State state,
        Optional<Problem> problem,
        Path source,
        Optional<Path> copy,
        String sha256,
        List<Provided> panes,
        List<Need> needs) {

    public Plugin {
        panes = List.copyOf(panes);
        needs = List.copyOf(needs);
    }

    /** How far a plugin came. */
    public enum State {
        /** Read and understood, not loaded: a higher version of it is. */
        RESOLVED,
        /** Loaded; its whole panes are used. */
        ACTIVE,
        /** Not used, and {@link Plugin#problem} says why. */
        BROKEN,
        /** Was taken out while the program ran. */
        REMOVED
    }

    /** Where something went wrong. */
    public enum Stage {
        /** While its jars were copied and looked into. */
        READING,
        /** It is not in {@code plugins.lock}. */
        TRUST,
        /** Its manifest does not make sense. */
        HEADERS,
        /** It is made for another version of Vitrail's api. */
        API,
        /** A higher version of it is there. */
        VERSION,
        /** It needs a plugin that is not there. */
        NEEDS,
        /** Its modules do not fit together. */
        RESOLUTION,
        /** A class that it names is not there, or is not what it is said to be. */
        DISCOVERY,
        /** An object could not be created. */
        CREATION,
        /** An object's id, options or other facts do not make sense. */
        IDENTITY,
        /** Two of its panes have one id. */
        DUPLICATE,
        /** What it provides cannot come from a plugin. */
        SERVICE,
        /** It was taken out. */
        REMOVAL
    }

    /**
     * What went wrong.
     *
     * @param cause in words
     * @param remedy what to do
     */
    public record Problem(Stage stage, String cause, String remedy) {}

    /**
     * A method, format, target, colour map, layer or other service that a plugin provides.
     *
     * @param kind {@code method}, {@code format}, {@code block-format}, {@code engine}, else the
     *     service's own name: {@code KerasLayer}
     * @param service the interface's full name
     * @param id what callers ask for, which is {@code PLUGIN:ID} where the id alone is another's;
     *     empty for a service without ids, and where it broke before it had one
     * @param provider the class's full name
     * @param problem why it is not used; empty if it is whole
     */
    public record Provided(
            String kind, String service, String id, String provider, Optional<Problem> problem) {
        /** Return whether it can be used. */
        public boolean whole() {
            return problem.isEmpty();
        }
    }

    /**
     * A plugin that another one needs.
     *
     * @param range the versions that will do; empty for any
     */
    public record Need(String id, String range) {}
}
