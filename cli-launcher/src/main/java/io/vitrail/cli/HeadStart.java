package io.vitrail.cli;

import io.vitrail.api.Engine;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Start the engine beside the reading of a call that will need it.
 *
 * <p>Loading libtorch takes as long as all that comes before its first use. A guess: a call that
 * turns out to be wrong, or to need another engine, has started this one for nothing. What goes
 * wrong here goes wrong again where it is said.
 */
final class HeadStart {
    private static final Set<String> COMMANDS =
            Set.of("explain", "predict", "layers", "bench", "demo");

    /** How MXNet's networks end, and what asks for another engine than the preferred one. */
    private static final List<String> OTHERS = List.of("-symbol.json", "--engine", "--help", "-h");

    private final Thread starting;

    private HeadStart(Runnable work) {
        starting = new Thread(work, "vitrail-head-start");
        starting.setDaemon(true);
        starting.start();
    }

    /** Begin, if the words look like a call that runs a network on the preferred engine. */
    static HeadStart of(String... words) {
        if (!isWorthwhile(words)) {
            return new HeadStart(() -> {});
        }
        HeadStart started = new HeadStart(HeadStart::start);
        NativeLinks.make();
        return started;
    }

    /** Return whether the words look like a call that runs a network on the preferred engine. */
    static boolean isWorthwhile(String... words) {
        if (words.length == 0 || !COMMANDS.contains(words[0])) {
            return false;
        }
        boolean file = words[0].equals("demo");
        for (String word : words) {
            if (OTHERS.stream().anyMatch(other -> word.endsWith(other) || word.startsWith(other))) {
                return false;
            }
            file |= isFile(word);
        }
        return file;
    }

    private static boolean isFile(String word) {
        try {
            return Files.isRegularFile(Path.of(word));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static void start() {
        try {
            ServiceLoader.load(Engine.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(engine -> engine.missing().isEmpty())
                    .max(Comparator.comparingInt(Engine::preference))
                    .ifPresent(Engine::start);
            QuickEnd.ofLibraries();
        } catch (Exception | LinkageError | java.util.ServiceConfigurationError e) {
            // met again, and said, by whoever needs the engine
        }
    }

    /** Wait for the end of it: a process must not end while its libraries are being loaded. */
    void end() {
        boolean interrupted = false;
        while (starting.isAlive()) {
            try {
                starting.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
