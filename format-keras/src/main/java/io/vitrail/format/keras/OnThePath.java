package io.vitrail.format.keras;

import io.vitrail.api.Services;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The readers of layers on the module path and class path; other services have none here. */
final class OnThePath implements Services {
    @Override
    public <T> List<T> all(Class<T> service) {
        List<KerasLayer> found = new ArrayList<>();
        search(found, new ArrayList<>());
        return found.stream().filter(service::isInstance).map(service::cast).toList();
    }

    @Override
    public List<String> broken(Class<?> service) {
        List<String> broken = new ArrayList<>();
        search(new ArrayList<>(), broken);
        return service == KerasLayer.class ? broken : List.of();
    }

    private static void search(List<KerasLayer> found, List<String> broken) {
        Iterator<ServiceLoader.Provider<KerasLayer>> providers =
                ServiceLoader.load(KerasLayer.class).stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                found.add(providers.next().get());
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                broken.add(String.valueOf(e.getMessage()));
            }
        }
    }
}
