package io.vitrail.spark;

import io.vitrail.api.Attribution;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The gradient, in whose third batch the first JVM that comes there waits to be killed. */
public final class Stalling implements OnePassMethod {
    static final String ID = "stalling";
    private static final Option<String> FILE =
            Option.text("file", "", "a path", "What the JVM that waits leaves its number in.");
    private static final Map<String, AtomicInteger> BATCHES = new ConcurrentHashMap<>();

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String sentence() {
        return "The gradient, once.";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public List<Option<?>> options() {
        return List.of(FILE);
    }

    @Override
    public Probe probe(Request request) {
        return Probe.atInput();
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        String file = request.option(FILE);
        if (!file.isEmpty()
                && BATCHES.computeIfAbsent(file, f -> new AtomicInteger()).incrementAndGet() == 3) {
            stall(Path.of(file));
        }
        return request.attribution(pass.gradient(request.target()));
    }

    private static void stall(Path file) {
        try {
            Files.writeString(
                    file, ProcessHandle.current().pid() + "\n", StandardOpenOption.CREATE_NEW);
            Thread.sleep(200_000);
            throw new IllegalStateException("nobody killed this executor");
        } catch (FileAlreadyExistsException e) {
            return; // another one was first
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted, not killed", e);
        }
    }
}
