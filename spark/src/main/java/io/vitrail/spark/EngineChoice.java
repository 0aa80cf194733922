package io.vitrail.spark;

import io.vitrail.runtime.Vitrail;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Say what runs a model.
 *
 * @param engine its name, empty for the one that runs the model's format
 * @param options of the engine
 * @param threads of the engine, 0 for as many as a task has cores
 * @param plugins folders, as executors see them
 */
record EngineChoice(String engine, Map<String, String> options, int threads, List<String> plugins)
        implements Serializable {
    static final EngineChoice USUAL = new EngineChoice("", Map.of(), 0, List.of());

    EngineChoice {
        options = Map.copyOf(options);
        plugins = List.copyOf(plugins);
    }

    EngineChoice named(String name) {
        return new EngineChoice(name, options, threads, plugins);
    }

    EngineChoice option(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(key, value);
        return new EngineChoice(engine, more, threads, plugins);
    }

    EngineChoice threads(int number) {
        return new EngineChoice(engine, options, number, plugins);
    }

    EngineChoice plugins(String folder) {
        List<String> more = new ArrayList<>(plugins);
        more.add(folder);
        return new EngineChoice(engine, options, threads, more);
    }

    /** Return this choice with a number of threads, whatever was chosen. */
    EngineChoice forTaskOf(int cores) {
        return threads > 0 ? this : threads(cores);
    }

    /** Open what was chosen, in this JVM. */
    Vitrail open() {
        Vitrail.Builder builder = Vitrail.builder().engine(engine).threads(threads);
        options.forEach(builder::engineOption);
        plugins.forEach(folder -> builder.plugins(Path.of(folder)));
        return builder.open();
    }
}
