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
        /** While it was asked for its id. */
        IDENTITY,
        /** Another pane has the same id, so neither is used. */
        DUPLICATE
    }

    /** Return the name of the provider's class, or what is known of it. */
    String provider();

    /** Return the jar or folder that it comes from, or its module; empty where unknown. */
    String origin();

    /**
     * A pane that is used.
     *
     * @param version the version of its module or jar; empty where it has none
     */
    record Whole<T>(String id, T service, String provider, String origin, String version)
            implements Pane<T> {}

    /**
     * A pane that is not used; the others go on.
     *
     * @param cause what happened, in words
     */
    record Broken<T>(String provider, String origin, Stage stage, String cause) implements Pane<T> {

        /** Return who is broken, where it comes from, and why. */
        public String said() {
            return provider + (origin.isEmpty() ? "" : " of " + origin) + ": " + cause;
        }
    }
}
