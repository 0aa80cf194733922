package io.vitrail.api;

import java.util.List;

/**
 * Find the providers of any service: those of the application, then those of plugins.
 *
 * <p>What a {@link java.util.ServiceLoader} finds in the application alone. Who asks names the
 * service; it need not be known to anyone else.
 */
public interface Services {
    /**
     * Return every provider that could be created; the application's first.
     *
     * @param service an interface
     */
    <T> List<T> all(Class<T> service);

    /** Return where a provider comes from, to name it in an error: its plugin and jar. */
    default String origin(Object provider) {
        return provider.getClass().getName();
    }

    /** Return who else was found and could not be created, and why, a sentence each. */
    default List<String> broken(Class<?> service) {
        return List.of();
    }
}
