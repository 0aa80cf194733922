package io.vitrail.cli;

import ai.djl.ndarray.types.Shape;
import com.google.inject.Inject;
import com.google.inject.Singleton;
import io.vitrail.api.VitrailException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or behind its name. */
@Singleton
final class GlobalOptions {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            order = 90,
            description =
                    "Run on this engine, such as pytorch; default: the one that can read the model.")
    @Nullable String engine;

    @Option(
            names = "-E",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            order = 91,
            description = "Set an option of the engine; repeatable.")
    Map<String, String> engineOptions = new LinkedHashMap<>();

    @Option(
            names = "--threads",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            order = 92,
            description = "Let the engine use N threads; default: its own choice.")
    @Nullable Integer threads;

    @Option(
            names = "--shape",
            paramLabel = "1x3x224x224",
            scope = ScopeType.INHERIT,
            order = 93,
            description = "The shape of the model's input, where no INPUT gives it.")
    @Nullable String shape;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = 96,
            description =
                    "Load the plugins in this folder too; repeatable. See 'vitrail plugins --help'.")
    List<Path> plugins = new ArrayList<>();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            order = 94,
            description = "Print one JSON document, of an error too.")
    boolean json;

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            order = 95,
            description = "Print no progress and no warnings.")
    boolean quiet;

    @Inject
    GlobalOptions() {}

    /**
     * Refuse numbers that no engine could take.
     *
     * @throws VitrailException of kind {@code USAGE}
     */
    void check() {
        if (threads != null && threads < 1) {
            throw VitrailException.usage(
                    "--threads "
                            + threads
                            + ": a number of threads from 1 on\n  do:  leave it out for the engine's own choice");
        }
        shape();
    }

    /**
     * Return what {@code --shape} says, sizes separated by {@code x}.
     *
     * @throws VitrailException of kind {@code USAGE} if it is no shape
     */
    Optional<Shape> shape() {
        return Optional.ofNullable(shape).map(GlobalOptions::parse);
    }

    private static Shape parse(String text) {
        String[] words = text.split("x", -1);
        long[] sizes = new long[words.length];
        for (int i = 0; i < words.length; i++) {
            try {
                sizes[i] = Long.parseLong(words[i].strip());
            } catch (NumberFormatException e) {
                throw noShape(text);
            }
            if (sizes[i] < 1) {
                throw noShape(text);
            }
        }
        return new Shape(sizes);
    }

    private static VitrailException noShape(String text) {
        return VitrailException.usage(
                "--shape " + text + ": not a shape\n  example: --shape 1x3x224x224");
    }
}
