package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import io.vitrail.runtime.plugin.Plugin.State;
import io.vitrail.runtime.plugin.Plugins;
import io.vitrail.runtime.plugin.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The plugins of one Vitrail, as they change; each change is a new set. */
public final class PluginStore implements Plugins {
    private final Trust trust;
    private final PrivateCopies copies;
    private final Map<String, Set<String>> taken;
    private final Consumer<PluginSet> changed;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, Plugin> removed = new TreeMap<>();
    private Map<Candidate, Selection.Attempt> attempts = new IdentityHashMap<>();
    private volatile PluginSet set = PluginSet.EMPTY;
    private boolean closed;

    /**
     * Load the plugins that lie in the folders.
     *
     * @param taken the ids of the application's own panes, by the service's name
     * @param changed is handed each set of plugins, the first before this returns
     * @throws VitrailException of kind {@code USAGE} if one of the folders is missing
     */
    public PluginStore(
            PluginSettings settings, Map<String, Set<String>> taken, Consumer<PluginSet> changed) {
        this.trust = new Trust(settings.locks());
        this.copies = new PrivateCopies(settings.caches());
        this.taken = taken;
        this.changed = changed;
        for (Path folder : settings.folders()) {
            for (Path plugin : PluginFolders.plugins(folder)) {
                add(plugin);
            }
        }
        if (!candidates.isEmpty()) {
            select();
        }
    }

    private Candidate add(Path source) {
        Path place = source.toAbsolutePath().normalize();
        Candidate fresh = Candidate.of(place, copies, trust);
        for (int i = 0; i < candidates.size(); i++) {
            if (candidates.get(i).source().equals(place)) {
                candidates.set(i, fresh);
                return fresh;
            }
        }
        candidates.add(fresh);
        return fresh;
    }

    private void select() {
        Selection selection = new Selection(candidates, attempts);
        attempts = selection.attempts();
        set = PluginSet.of(selection, taken, removed.values());
        changed.accept(set);
    }

    @Override
    public List<Plugin> list() {
        return set.plugins();
    }

    @Override
    public Plugin get(String id) {
        List<Plugin> versions = set.plugins().stream().filter(is -> is.id().equals(id)).toList();
        return versions.stream()
                .filter(plugin -> plugin.state() == State.ACTIVE)
                .findFirst()
                .or(() -> versions.stream().findFirst())
                .orElseThrow(() -> unknown(id));
    }

    private VitrailException unknown(String id) {
        List<String> known = set.plugins().stream().map(Plugin::id).distinct().toList();
        List<String> nearest = NearestNames.of(id, known);
        return VitrailException.usage(
                "no plugin '"
                        + id
                        + "'"
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + "\n  all:     "
                        + (known.isEmpty() ? "none is installed" : String.join(", ", known)));
    }

    @Override
    public synchronized Plugin install(Path jarOrFolder) {
        checkOpen();
        if (!Files.exists(jarOrFolder)) {
            throw VitrailException.usage(
                    jarOrFolder
                            + ": no such jar or folder\n  working folder: "
                            + Path.of("").toAbsolutePath());
        }
        Candidate fresh = add(jarOrFolder);
        removed.remove(fresh.identity().id());
        select();
        return of(fresh);
    }

    @Override
    public synchronized void remove(String id) {
        checkOpen();
        Plugin last = get(id);
        candidates.removeIf(one -> one.identity().id().equals(id));
        removed.put(
                id,
                new Plugin(
                        last.id(),
                        last.version(),
                        last.vendor(),
                        last.apiRange(),
                        last.compiledAgainst(),
                        State.REMOVED,
                        Optional.of(
                                new Problem(
                                        Stage.REMOVAL,
                                        "was taken out while the program ran",
                                        "install or reload it to have it back")),
                        last.source(),
                        last.copy(),
                        last.sha256(),
                        List.of(),
                        last.needs()));
        select();
    }

    @Override
    public synchronized Plugin reload(String id) {
        checkOpen();
        Plugin known = get(id);
        List<Path> sources = new ArrayList<>();
        for (Candidate one : candidates) {
            if (one.identity().id().equals(id)) {
                sources.add(one.source());
            }
        }
        if (sources.isEmpty()) {
            sources.add(known.source());
        }
        List<Candidate> fresh = sources.stream().map(this::add).toList();
        fresh.forEach(one -> removed.remove(one.identity().id()));
        removed.remove(id);
        select();
        return fresh.stream()
                .map(this::of)
                .filter(plugin -> plugin.state() == State.ACTIVE)
                .findFirst()
                .orElseGet(() -> of(fresh.get(0)));
    }

    private Plugin of(Candidate candidate) {
        return set.plugins().stream()
                .filter(plugin -> plugin.state() != State.REMOVED)
                .filter(plugin -> plugin.source().equals(candidate.source()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Verification verify() {
        return new Comparison(trust, set.plugins()).verification();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this Vitrail is closed");
        }
    }

    /** Let go of every plugin; what still runs keeps its own until it ends. */
    public synchronized void close() {
        closed = true;
        candidates.clear();
        attempts = new IdentityHashMap<>();
        set = PluginSet.EMPTY;
        changed.accept(set);
    }
}
