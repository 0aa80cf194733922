package io.vitrail.runtime;

/**
 * A method, format, engine or form of targets that was found: whole, or broken and why.
 *
 * @param <T> the service: {@code AttributionMethod}, {@code ModelFormat}, {@code Engine}, ...
 */
public sealed interface Pane<T> {

    /** Where a pane broke. */
    enum Stage {
        /** While its jar was searched. */
        DISCOVERY,
        /** While its class was loaded or its object created. */
        CREATION,
        /** While it was asked for its id, options and other facts. */
        IDENTITY,
        /** Another pane has the same id, so neither is used. */
        DUPLICATE,
        /** It cannot come from a plugin: an engine. */
        SERVICE
    }

    /** Return the name of the provider's class, or what is known of it. */
    String provider();

    /** Return the jar or folder that it comes from, or its module; empty where unknown. */
    String origin();

    /** Return the id of the plugin that it belongs to; empty for the application's own. */
    String plugin();

    /**
     * A pane that is used.
     *
     * @param id what callers ask for: its own id, or {@code PLUGIN:ID} where that is another's
     * @param version the version of its plugin, module or jar; empty where it has none
     */
    record Whole<T>(
            String id, T service, String provider, String origin, String version, String plugin)
            implements Pane<T> {}

    /**
     * A pane that is not used; the others go on.
     *
     * @param cause what happened, in words
     */
    record Broken<T>(String provider, String origin, Stage stage, String cause, String plugin)
            implements Pane<T> {

        /** Return who is broken, where it comes from, and why. */
        public String said() {
            return provider
                    + (plugin.isEmpty() ? "" : " of plugin '" + plugin + "'")
                    + (origin.isEmpty() ? "" : " of " + origin)
                    + ": "
                    + cause;
        }
    }
}
