package io.vitrail.runtime;

import io.vitrail.runtime.plugin.internal.Soundness;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Load the providers of a service, one at a time, so that none harms another. */
final class Discovery {
    /** A search that fails this often in a row goes nowhere. */
    private static final int MOST_FAILURES = 100;

    private Discovery() {}

    /**
     * Return every provider, whole ones by id, then broken ones.
     *
     * @param added providers that the caller made
     * @param loader finds the others
     */
    static <T> List<Pane<T>> find(Class<T> service, List<T> added, ClassLoader loader) {
        Map<String, List<Pane.Whole<T>>> byId = new TreeMap<>();
        List<Pane<T>> broken = new ArrayList<>();
        List<Pane<T>> found = new ArrayList<>();
        added.forEach(one -> found.add(named(service, one)));
        Iterator<ServiceLoader.Provider<T>> search =
                ServiceLoader.load(service, loader).stream().iterator();
        List<String> unloaded = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        int failures = 0;
        while (failures < MOST_FAILURES) {
            try {
                if (!search.hasNext()) {
                    break;
                }
                ServiceLoader.Provider<T> next = search.next();
                answered.add(next.type().getName());
                found.add(create(service, next));
                failures = 0;
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                unloaded.add(said(e).replace(service.getName() + ": ", ""));
            }
        }
        found.addAll(named(unloaded, answered, Listing.of(service, loader)));
        for (Pane<T> pane : found) {
            if (pane instanceof Pane.Whole<T> whole) {
                byId.computeIfAbsent(whole.id(), key -> new ArrayList<>()).add(whole);
            } else {
                broken.add(pane);
            }
        }
        List<Pane<T>> panes = new ArrayList<>();
        byId.forEach((name, same) -> panes.addAll(onlyOne(name, same)));
        broken.sort(Comparator.comparing(Pane::provider));
        panes.addAll(broken);
        return List.copyOf(panes);
    }

    /** The search says what went wrong, and of whom at most in its text. */
    private static <T> List<Pane<T>> named(
            List<String> unloaded, List<String> answered, Listing listing) {
        List<String> known = new ArrayList<>(answered);
        List<Pane<T>> broken = new ArrayList<>();
        for (String text : unloaded) {
            String culprit = listing.culprit(text, known);
            known.add(culprit);
            broken.add(
                    new Pane.Broken<>(
                            culprit.isEmpty() ? "unknown provider" : culprit,
                            listing.origins().getOrDefault(culprit, ""),
                            Pane.Stage.DISCOVERY,
                            text,
                            ""));
        }
        return broken;
    }

    private static <T> Pane<T> create(Class<T> service, ServiceLoader.Provider<T> provider) {
        Class<? extends T> type = provider.type();
        try {
            return named(service, provider.get());
        } catch (ServiceConfigurationError
                | LinkageError
                | StackOverflowError
                | AssertionError
                | RuntimeException e) {
            return new Pane.Broken<>(
                    type.getName(), origin(type), Pane.Stage.CREATION, said(e), "");
        }
    }

    private static <T> Pane<T> named(Class<T> service, T provider) {
        Class<?> type = provider.getClass();
        try {
            String id = Soundness.idOf(service, provider);
            return new Pane.Whole<>(id, provider, type.getName(), origin(type), version(type), "");
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            return new Pane.Broken<>(
                    type.getName(), origin(type), Pane.Stage.IDENTITY, said(e), "");
        }
    }

    /** Of several with one id none is used, for nobody could tell which one answers. */
    private static <T> List<Pane<T>> onlyOne(String id, List<Pane.Whole<T>> same) {
        if (same.size() == 1) {
            return List.copyOf(same);
        }
        String rivals =
                same.stream()
                        .map(one -> one.provider() + " in " + one.origin())
                        .distinct()
                        .collect(Collectors.joining(", "));
        String cause = "several panes are called '" + id + "': " + rivals;
        List<Pane<T>> broken = new ArrayList<>();
        for (Pane.Whole<T> one : same) {
            broken.add(
                    new Pane.Broken<>(
                            one.provider(), one.origin(), Pane.Stage.DUPLICATE, cause, ""));
        }
        return broken;
    }

    private static String said(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof ServiceConfigurationError && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getName() : message;
    }

    private static String origin(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? Optional.ofNullable(type.getModule().getName()).orElse("")
                : source.getLocation().getPath();
    }

    private static String version(Class<?> type) {
        if (type.getModule().isNamed()) {
            return type.getModule().getDescriptor().rawVersion().orElse("");
        }
        return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("");
    }
}
