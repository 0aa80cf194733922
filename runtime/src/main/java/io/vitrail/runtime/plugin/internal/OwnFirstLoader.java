package io.vitrail.runtime.plugin.internal;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Load a plugin that is no module: its own classes first, so that its libraries are its own, then
 * those of the plugins that it needs, then the application's.
 *
 * <p>What crosses the border, Vitrail's and DJL's classes, is the application's.
 */
final class OwnFirstLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final List<String> SHARED = List.of("java.", "io.vitrail.", "ai.djl.");

    private final List<ClassLoader> others;

    /**
     * @param jars the plugin's
     * @param others where else to look, in this order; the last is the application's
     */
    OwnFirstLoader(URL[] jars, List<ClassLoader> others) {
        super(jars, others.get(others.size() - 1));
        this.others = others;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null) {
                type = find(name);
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    private Class<?> find(String name) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            try {
                return getParent().loadClass(name);
            } catch (ClassNotFoundException e) {
                return findClass(name);
            }
        }
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return elsewhere(name);
        }
    }

    private Class<?> elsewhere(String name) throws ClassNotFoundException {
        ClassNotFoundException last = null;
        for (ClassLoader other : others) {
            try {
                return other.loadClass(name);
            } catch (ClassNotFoundException e) {
                last = e;
            }
        }
        throw last == null ? new ClassNotFoundException(name) : last;
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        for (int i = 0; own == null && i < others.size(); i++) {
            own = others.get(i).getResource(name);
        }
        return own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
        for (ClassLoader other : others) {
            all.addAll(Collections.list(other.getResources(name)));
        }
        return Collections.enumeration(all);
    }
}
