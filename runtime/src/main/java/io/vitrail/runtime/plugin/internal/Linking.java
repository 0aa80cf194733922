package io.vitrail.runtime.plugin.internal;

import io.vitrail.runtime.plugin.Plugin.Stage;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Link a plugin's jars to the application and to the plugins that it needs.
 *
 * <p>Its modules become a layer of their own on the application's. Jars without {@code module-info}
 * are automatic modules there; where they cannot be, for a package in two of them or a name that
 * makes no module, and where Vitrail itself is on the class path, they get a class loader instead.
 */
final class Linking {
    private static final ClassLoader APPLICATION = Linking.class.getClassLoader();
    private static final Pattern MISSING = Pattern.compile("Module (\\S+) not found.*");

    private Linking() {}

    /** Link; no code of the plugin runs. */
    static Classes link(Candidate plugin, List<Classes> needed) throws Refused {
        checkNames(plugin.jars());
        ModuleLayer application = Linking.class.getModule().getLayer();
        if (application == null) {
            return loader(plugin, needed);
        }
        try {
            return layer(plugin, needed, application);
        } catch (RuntimeException | LinkageError e) { // of whatever the module system objects to
            if (plugin.jars().stream().noneMatch(JarContent::modular)) {
                return loader(plugin, needed);
            }
            throw unresolvable(e);
        }
    }

    /** Of two modules of one name the JDK would take either, in silence. */
    private static void checkNames(List<JarContent> jars) throws Refused {
        Map<String, Path> names = new HashMap<>();
        for (JarContent jar : jars) {
            String name = jar.module().map(ModuleDescriptor::name).orElse("");
            Path other = name.isEmpty() ? null : names.put(name, jar.jar().getFileName());
            if (other != null) {
                throw new Refused(
                        Stage.RESOLUTION,
                        "two of its jars are module '"
                                + name
                                + "': "
                                + other
                                + " and "
                                + jar.jar().getFileName(),
                        "leave one of them in the folder");
            }
        }
    }

    private static Classes layer(Candidate plugin, List<Classes> needed, ModuleLayer application)
            throws Refused {
        List<JarContent> own = new ArrayList<>(plugin.jars());
        own.removeIf(jar -> jar.module().filter(module -> shared(module, application)).isPresent());
        if (own.isEmpty()) {
            throw new Refused(
                    Stage.RESOLUTION,
                    "its module is a part of Vitrail that is here already",
                    "delete it");
        }
        List<ModuleLayer> parents = new ArrayList<>(List.of(application));
        needed.forEach(other -> other.layer().ifPresent(parents::add));
        ModuleFinder finder =
                ModuleFinder.of(own.stream().map(JarContent::jar).toArray(Path[]::new));
        Configuration modules = resolve(finder, parents, roots(own));
        ModuleLayer.Controller controller =
                ModuleLayer.defineModulesWithOneLoader(modules, parents, outside(needed));
        ModuleLayer layer = controller.layer();
        List<Promise> promises =
                modules.modules().stream()
                        .map(ResolvedModule::reference)
                        .map(ModuleReference::descriptor)
                        .flatMap(module -> Promise.declared(module).stream())
                        .toList();
        ClassLoader loader = layer.findLoader(modules.modules().iterator().next().name());
        return new Classes(loader, Optional.of(layer), Optional.of(controller), promises);
    }

    /** A plugin that brings the api or DJL along must not have its own, for objects cross over. */
    private static boolean shared(ModuleDescriptor module, ModuleLayer application) {
        String name = module.name();
        return (name.startsWith("io.vitrail.") || name.startsWith("ai.djl."))
                && application.findModule(name).isPresent();
    }

    private static List<String> roots(List<JarContent> jars) {
        List<String> roots = new ArrayList<>();
        for (JarContent jar : jars) {
            if (!jar.modular() || !jar.promises().isEmpty() || jars.size() == 1) {
                jar.module().map(ModuleDescriptor::name).ifPresent(roots::add);
            }
        }
        return roots.isEmpty()
                ? jars.stream().map(jar -> jar.module().orElseThrow().name()).toList()
                : roots;
    }

    /**
     * Resolve with the plugin's own libraries where the module system can tell them from the
     * application's of the same name, else with the application's.
     */
    private static Configuration resolve(
            ModuleFinder finder, List<ModuleLayer> parents, List<String> roots) {
        List<Configuration> below = parents.stream().map(ModuleLayer::configuration).toList();
        try {
            return Configuration.resolveAndBind(finder, below, ModuleFinder.of(), roots);
        } catch (FindException | ResolutionException e) {
            return Configuration.resolveAndBind(ModuleFinder.of(), below, finder, roots);
        }
    }

    private static Classes loader(Candidate plugin, List<Classes> needed) throws Refused {
        List<URL> jars = new ArrayList<>();
        List<Promise> promises = new ArrayList<>();
        for (JarContent jar : plugin.jars()) {
            try {
                jars.add(jar.jar().toUri().toURL());
            } catch (MalformedURLException e) {
                throw new Refused(Stage.RESOLUTION, Thrown.said(e), "rename " + jar.jar());
            }
            promises.addAll(jar.promises());
        }
        List<ClassLoader> others = new ArrayList<>();
        needed.forEach(other -> others.add(other.loader()));
        others.add(APPLICATION);
        return new Classes(
                new OwnFirstLoader(jars.toArray(URL[]::new), others),
                Optional.empty(),
                Optional.empty(),
                promises);
    }

    /** What modules of a layer find outside: plugins that are no modules, then the application. */
    private static ClassLoader outside(List<Classes> needed) {
        List<ClassLoader> loaders = new ArrayList<>();
        for (Classes other : needed) {
            if (other.layer().isEmpty()) {
                loaders.add(other.loader());
            }
        }
        if (loaders.isEmpty()) {
            return APPLICATION;
        }
        loaders.add(APPLICATION);
        return new OwnFirstLoader(new URL[0], loaders);
    }

    private static Refused unresolvable(Throwable e) {
        String cause = e.getMessage() == null ? e.toString() : e.getMessage();
        Matcher missing = MISSING.matcher(cause);
        String remedy = "leave one of those jars out, or put them into plugins of their own";
        if (missing.matches()) {
            String name = missing.group(1).replaceAll("[,.]$", "");
            remedy =
                    ModuleFinder.ofSystem().find(name).isPresent()
                            ? "start Java with --add-modules " + name
                            : "put the jar of "
                                    + name
                                    + " beside the plugin's, in one folder; if another plugin has"
                                    + " it, let the manifest say Vitrail-Plugin-Needs";
        }
        return new Refused(Stage.RESOLUTION, cause, remedy);
    }
}
