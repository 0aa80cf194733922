package io.vitrail.runtime;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.BlockFormat;
import io.vitrail.api.Engine;
import io.vitrail.api.ModelFormat;
import io.vitrail.api.Services;
import io.vitrail.api.TargetForm;
import io.vitrail.runtime.plugin.internal.Fitted;
import io.vitrail.runtime.plugin.internal.PluginSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every method, format, engine, reader of blocks and form of targets that was found: at one moment,
 * for plugins come and go.
 *
 * @param plugins those whose panes are among them
 */
record Panes(
        List<Pane<AttributionMethod>> methods,
        List<Pane<ModelFormat>> formats,
        List<Pane<Engine>> engines,
        List<Pane<BlockFormat>> blocks,
        List<Pane<TargetForm>> targets,
        PluginSet plugins) {

    /** What a caller fits by hand. */
    record Added(
            List<AttributionMethod> methods,
            List<ModelFormat> formats,
            List<Engine> engines,
            List<TargetForm> targets) {
        Added() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Find the application's own. */
    static Panes find(Added added) {
        ClassLoader loader = Panes.class.getClassLoader();
        return new Panes(
                Discovery.find(AttributionMethod.class, added.methods, loader),
                Discovery.find(ModelFormat.class, added.formats, loader),
                Discovery.find(Engine.class, added.engines, loader),
                Discovery.find(BlockFormat.class, List.of(), loader),
                TargetForms.checked(Discovery.find(TargetForm.class, added.targets, loader)),
                PluginSet.EMPTY);
    }

    /** Return these, which are the application's, and those of plugins. */
    Panes with(PluginSet set) {
        return new Panes(
                joined(AttributionMethod.class, methods, set),
                joined(ModelFormat.class, formats, set),
                joined(Engine.class, engines, set),
                joined(BlockFormat.class, blocks, set),
                TargetForms.checked(joined(TargetForm.class, targets, set)),
                set);
    }

    private static <T> List<Pane<T>> joined(
            Class<T> service, List<Pane<T>> application, PluginSet set) {
        List<Pane<T>> all = new ArrayList<>(whole(application));
        List<Pane<T>> broken = new ArrayList<>();
        application.stream().filter(pane -> pane instanceof Pane.Broken).forEach(broken::add);
        for (Fitted one : set.providing(service)) {
            (one.problem().isEmpty() ? all : broken).add(pane(service, one, set.name(one)));
        }
        all.addAll(broken);
        return List.copyOf(all);
    }

    private static <T> Pane<T> pane(Class<T> service, Fitted one, String name) {
        String from = one.origin().source().toString();
        if (one.problem().isPresent()) {
            Pane.Stage stage = Pane.Stage.valueOf(one.problem().get().stage().name());
            String cause = one.problem().get().cause();
            return new Pane.Broken<>(one.provider(), from, stage, cause, one.origin().plugin());
        }
        return new Pane.Whole<>(
                name,
                one.as(service, name),
                one.provider(),
                from,
                one.origin().version(),
                one.origin().plugin());
    }

    /** Return the ids that no plugin can take, by the service's name. */
    Map<String, Set<String>> taken() {
        return Map.of(
                AttributionMethod.class.getName(), ids(methods),
                ModelFormat.class.getName(), ids(formats),
                BlockFormat.class.getName(), ids(blocks),
                TargetForm.class.getName(), ids(targets));
    }

    private static <T> Set<String> ids(List<Pane<T>> panes) {
        return whole(panes).stream().map(Pane.Whole::id).collect(Collectors.toSet());
    }

    TargetForms forms() {
        return new TargetForms(targets);
    }

    /** Return what else is plugged in. */
    Services services() {
        return new FoundServices(plugins);
    }

    /** Return a method by its id, or by {@code PLUGIN:ID}, under the name that was asked for. */
    AttributionMethod method(String name) {
        int colon = name.indexOf(':');
        for (Fitted one : colon < 0 ? List.<Fitted>of() : methodsOfPlugins()) {
            if (one.origin().plugin().equals(name.substring(0, colon))
                    && one.id().equals(name.substring(colon + 1))) {
                return one.as(AttributionMethod.class, name);
            }
        }
        return new Lookup<>("method", methods, plugins.plugins()).get(name);
    }

    private List<Fitted> methodsOfPlugins() {
        return plugins.providing(AttributionMethod.class).stream()
                .filter(one -> one.problem().isEmpty())
                .toList();
    }

    Engine engine(String name) {
        return new Lookup<>("engine", engines, plugins.plugins()).get(name);
    }

    /** Return the panes that are whole. */
    static <T> List<Pane.Whole<T>> whole(List<Pane<T>> panes) {
        List<Pane.Whole<T>> whole = new ArrayList<>();
        for (Pane<T> pane : panes) {
            if (pane instanceof Pane.Whole<T> sound) {
                whole.add(sound);
            }
        }
        return whole;
    }
}
