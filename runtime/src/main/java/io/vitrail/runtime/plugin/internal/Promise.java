package io.vitrail.runtime.plugin.internal;

import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of {@code META-INF/services} or {@code provides}.
 *
 * @param service the interface's name
 * @param provider the class's name
 */
record Promise(String service, String provider) {

    /** Return what a file of {@code META-INF/services} lists. */
    static List<Promise> listed(String service, byte[] file) {
        List<Promise> promises = new ArrayList<>();
        for (String line : new String(file, StandardCharsets.UTF_8).split("\r?\n")) {
            String name = line.replaceFirst("#.*", "").strip();
            if (!name.isEmpty()) {
                promises.add(new Promise(service, name));
            }
        }
        return promises;
    }

    /** Return what a module provides. */
    static List<Promise> declared(ModuleDescriptor module) {
        List<Promise> promises = new ArrayList<>();
        for (ModuleDescriptor.Provides provides : module.provides()) {
            provides.providers()
                    .forEach(name -> promises.add(new Promise(provides.service(), name)));
        }
        return promises;
    }

    /** Return whether the service is Vitrail's; a private library brings others along. */
    boolean ofVitrail() {
        return service.startsWith("io.vitrail.");
    }
}
