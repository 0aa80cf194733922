package io.vitrail.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ResolvedModule;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The providers that jars and modules promise, whether or not they can be loaded.
 *
 * @param origins the jar, folder or module's location, by the provider's class
 */
record Listing(Map<String, String> origins) {

    static Listing of(Class<?> service, ClassLoader loader) {
        Map<String, String> origins = new LinkedHashMap<>();
        ModuleLayer layer = Listing.class.getModule().getLayer();
        if (layer != null) {
            layer.configuration().modules().forEach(module -> add(module, service, origins));
        }
        String file = "META-INF/services/" + service.getName();
        try {
            for (URL url : java.util.Collections.list(loader.getResources(file))) {
                String whole = url.getPath();
                String place = whole.substring(0, whole.length() - file.length());
                for (String name : names(url)) {
                    origins.putIfAbsent(name, plain(place));
                }
            }
        } catch (IOException e) {
            return new Listing(origins); // it serves to name a culprit, and knows fewer then
        }
        return new Listing(origins);
    }

    private static void add(ResolvedModule module, Class<?> service, Map<String, String> origins) {
        String place = module.reference().location().map(at -> at.getPath()).orElse(module.name());
        for (ModuleDescriptor.Provides provides : module.reference().descriptor().provides()) {
            if (provides.service().equals(service.getName())) {
                provides.providers().forEach(name -> origins.putIfAbsent(name, plain(place)));
            }
        }
    }

    private static List<String> names(URL file) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
            List<String> names = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String name = line.replaceFirst("#.*", "").strip();
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
            return names;
        }
    }

    /** {@code file:/a/b.jar!/} is the jar. */
    private static String plain(String place) {
        String path = place.startsWith("file:") ? place.substring("file:".length()) : place;
        return path.endsWith("!/") ? path.substring(0, path.length() - 2) : path;
    }

    /**
     * Return which provider an error is about: one that its text names, else the only one that did
     * not answer; empty if that is not clear.
     *
     * @param answered the classes of those that could be loaded
     */
    String culprit(String text, List<String> answered) {
        List<String> silent =
                origins.keySet().stream().filter(name -> !answered.contains(name)).toList();
        for (String name : silent) {
            if (text.contains(name) || text.contains(name.replace('.', '/'))) {
                return name;
            }
        }
        return silent.size() == 1 ? silent.get(0) : "";
    }
}
