package io.vitrail.runtime;

import io.vitrail.api.Services;
import io.vitrail.runtime.plugin.internal.Fitted;
import io.vitrail.runtime.plugin.internal.PluginSet;
import io.vitrail.runtime.plugin.internal.Thrown;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;

/** Find providers in the application and in one set of plugins. */
record FoundServices(PluginSet plugins) implements Services {
    /** A search that fails this often in a row goes nowhere. */
    private static final int MOST_FAILURES = 100;

    @Override
    public <T> List<T> all(Class<T> service) {
        List<T> all = new ArrayList<>();
        search(service, all::add, failure -> {});
        for (Fitted one : plugins.providing(service)) {
            if (one.problem().isEmpty()) {
                all.add(one.as(service));
            }
        }
        return List.copyOf(all);
    }

    @Override
    public List<String> broken(Class<?> service) {
        List<String> broken = new ArrayList<>();
        search(service, found -> {}, broken::add);
        for (Fitted one : plugins.providing(service)) {
            one.problem()
                    .ifPresent(
                            problem ->
                                    broken.add(
                                            one.provider()
                                                    + " of plugin '"
                                                    + one.origin().plugin()
                                                    + "' of "
                                                    + one.origin().source()
                                                    + ": "
                                                    + problem.cause()));
        }
        return List.copyOf(broken);
    }

    @Override
    public String origin(Object provider) {
        return Fitted.originOf(provider)
                .map(from -> "plugin '" + from.plugin() + "' of " + from.source())
                .orElseGet(() -> provider.getClass().getName());
    }

    private <T> void search(Class<T> service, Consumer<? super T> whole, Consumer<String> broken) {
        Module mine = FoundServices.class.getModule();
        mine.addReads(service.getModule()); // this module knows no service but the api's
        mine.addUses(service);
        Set<Class<?>> seen = new HashSet<>();
        for (ClassLoader loader : loaders()) {
            Iterator<ServiceLoader.Provider<T>> search =
                    ServiceLoader.load(service, loader).stream().iterator();
            int failures = 0;
            while (failures < MOST_FAILURES) {
                try {
                    if (!search.hasNext()) {
                        break;
                    }
                    ServiceLoader.Provider<T> next = search.next();
                    if (seen.add(next.type())) {
                        whole.accept(next.get());
                    }
                    failures = 0;
                } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                    failures++;
                    broken.accept(Thrown.said(e));
                }
            }
        }
    }

    /** An application may see more than Vitrail does; a plugin that asks is no application. */
    private Set<ClassLoader> loaders() {
        Set<ClassLoader> loaders = new LinkedHashSet<>();
        loaders.add(FoundServices.class.getClassLoader());
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null && !plugins.loads(context)) {
            loaders.add(context);
        }
        return loaders;
    }
}
