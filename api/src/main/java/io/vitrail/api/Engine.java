package io.vitrail.api;

import ai.djl.Device;
import java.util.Map;

/**
 * A backend that runs graphs, found through {@link java.util.ServiceLoader}. Starts on first use.
 */
public interface Engine {
    /**
     * How to load a model.
     *
     * @param device where it runs
     * @param threads the number of threads of the engine, 0 for its own choice; one setting a
     *     process
     * @param options the engine's own settings, by key
     */
    record Settings(Device device, int threads, Map<String, String> options) {
        public Settings {
            options = Map.copyOf(options);
        }

        /** Return the settings for the CPU with the engine's own choice of threads. */
        public static Settings defaults() {
            return new Settings(Device.cpu(), 0, Map.of());
        }
    }

    /** Return the name: {@code pytorch}, {@code mxnet}. */
    String name();

    /** Return why the engine cannot be used and what to add, or an empty text if it can. */
    String missing();

    /**
     * Return how much this engine is to be preferred where several would do and nobody chose: the
     * greatest wins, of equals the first by name.
     */
    default int preference() {
        return 0;
    }

    /** Return the version of the backend; starts it. */
    String version();

    /**
     * Start the backend, with all that the first model would wait for otherwise.
     *
     * <p>Nobody needs to: what is used starts by itself. Any thread may, beside others.
     */
    default void start() {
        version();
    }

    /**
     * Return what else is worth knowing of the backend as it runs in this process, such as {@code
     * threads}, by what it is; starts it.
     */
    default Map<String, String> details() {
        return Map.of();
    }

    /**
     * Make a model of a source; it owns the source from here on.
     *
     * @throws VitrailException if the engine is missing, an option is unknown, or an operator does
     *     not run here
     */
    Model load(GraphSource source, Settings settings);
}
