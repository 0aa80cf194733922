package io.vitrail.runtime.plugin.internal;

import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * A plugin's classes, linked to those they need, none of them initialised yet.
 *
 * @param layer empty where its jars are no modules
 * @param controller opens what the module does not export
 */
record Classes(
        ClassLoader loader,
        Optional<ModuleLayer> layer,
        Optional<ModuleLayer.Controller> controller,
        List<Promise> promises) {

    /** Return the provider's class, not initialised; null if there is none. */
    Class<?> provider(String name) {
        if (layer.isEmpty()) {
            return byName(name);
        }
        String packageName = packageOf(name);
        for (Module module : layer.get().modules()) {
            if (module.getPackages().contains(packageName)) {
                return Class.forName(module, name);
            }
        }
        return null;
    }

    /** Return the service's interface as this plugin sees it; null if it sees none. */
    Class<?> service(String name) {
        return byName(name);
    }

    private Class<?> byName(String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** Let this module call what a provider's module keeps to itself, as a ServiceLoader may. */
    void open(Class<?> provider) {
        controller.ifPresent(
                opened -> {
                    if (provider.getModule().getLayer() == layer.orElseThrow()) {
                        opened.addExports(
                                provider.getModule(),
                                provider.getPackageName(),
                                Classes.class.getModule());
                    }
                });
    }

    /** Return whether a class is of this plugin. */
    boolean owns(Class<?> type) {
        return type.getClassLoader() == loader;
    }

    /** Only an explicit module may have a {@code provider} method. */
    static boolean inExplicitModule(Class<?> type) {
        ModuleDescriptor module = type.getModule().getDescriptor();
        return module != null && !module.isAutomatic();
    }

    private static String packageOf(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? "" : type.substring(0, dot);
    }
}
