package io.vitrail.testkit;

import io.vitrail.api.Engine;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.api.ModelFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** Load models on the engine, and with the formats, that a test finds at its side. */
public final class TestModels {
    private TestModels() {}

    /**
     * Return the first engine on the path that can be used.
     *
     * @throws AssertionError if there is none; an engine is the test's own dependency
     */
    public static Engine engine() {
        List<Engine> found =
                ServiceLoader.load(Engine.class).stream().map(ServiceLoader.Provider::get).toList();
        return found.stream()
                .filter(engine -> engine.missing().isEmpty())
                .findFirst()
                .orElseThrow(
                        () ->
                                new AssertionError(
                                        "no engine to test with; found "
                                                + found.stream()
                                                        .map(e -> e.name() + ": " + e.missing())
                                                        .toList()
                                                + "; add one in test scope, such as"
                                                + " io.vitrail:vitrail-engine-djl and"
                                                + " ai.djl.pytorch:pytorch-native-cpu"));
    }

    /**
     * Return the engine of a name.
     *
     * @throws AssertionError if it is not on the path
     */
    public static Engine engine(String name) {
        return ServiceLoader.load(Engine.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(engine -> engine.name().equals(name) && engine.missing().isEmpty())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no engine '" + name + "' to test with"));
    }

    /** Load a source with the engine's default settings. */
    public static Model load(GraphSource source) {
        return engine().load(source, Engine.Settings.defaults());
    }

    /**
     * Load a file with the format that claims it.
     *
     * @throws AssertionError if none does
     */
    public static Model load(Path file) {
        return load(file, Engine.Settings.defaults());
    }

    /**
     * Load a file with the format that claims it, and settings of the engine.
     *
     * @throws AssertionError if none does
     */
    public static Model load(Path file, Engine.Settings settings) {
        ModelFormat format =
                ServiceLoader.load(ModelFormat.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(candidate -> candidate.claims(file))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no format claims " + file));
        return engine().load(format.open(file), settings);
    }
}
