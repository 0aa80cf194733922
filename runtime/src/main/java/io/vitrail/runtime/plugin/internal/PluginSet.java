package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.Problem;
import io.vitrail.runtime.plugin.Plugin.Stage;
import io.vitrail.runtime.plugin.Plugin.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The plugins at one moment; it never changes. */
public final class PluginSet {
    /** No plugins. */
    public static final PluginSet EMPTY =
            new PluginSet(List.of(), List.of(), new Names(Map.of(), Map.of()));

    private final List<Plugin> plugins;
    private final List<Loaded> loaded;
    private final Names names;

    private PluginSet(List<Plugin> plugins, List<Loaded> loaded, Names names) {
        this.plugins = List.copyOf(plugins);
        this.loaded = List.copyOf(loaded);
        this.names = names;
    }

    static PluginSet of(
            Selection selection, Map<String, Set<String>> taken, Collection<Plugin> removed) {
        Names names = Names.of(taken, selection.loaded().values());
        List<Plugin> plugins = new ArrayList<>();
        for (Candidate one : selection.candidates()) {
            Optional<Problem> problem = selection.problem(one);
            Loaded active = selection.loaded().get(one.identity().id());
            if (active != null && active.candidate() == one) {
                plugins.add(one.plugin(State.ACTIVE, problem, active.provided(names)));
            } else {
                boolean resolved = problem.filter(is -> is.stage() == Stage.VERSION).isPresent();
                plugins.add(
                        one.plugin(
                                resolved ? State.RESOLVED : State.BROKEN,
                                problem,
                                selection.broken(one)));
            }
        }
        plugins.addAll(removed);
        plugins.sort(Comparator.comparing(Plugin::id)); // stable: versions stay in order
        return new PluginSet(plugins, List.copyOf(selection.loaded().values()), names);
    }

    /** Return what is said of each plugin, by id. */
    public List<Plugin> plugins() {
        return plugins;
    }

    /** Return what the active plugins provide of a service, whole and broken, by plugin. */
    public List<Fitted> providing(Class<?> service) {
        return loaded.stream().flatMap(one -> one.providing(service).stream()).toList();
    }

    /** Return whether this is the class loader of a plugin. */
    public boolean loads(ClassLoader loader) {
        return loaded.stream().anyMatch(one -> one.classes().loader() == loader);
    }

    /** Return what callers call a pane: its id, or {@code PLUGIN:ID}. */
    public String name(Fitted one) {
        return names.of(one);
    }
}
