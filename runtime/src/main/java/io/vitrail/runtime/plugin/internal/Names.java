package io.vitrail.runtime.plugin.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What callers call the panes of plugins: by their id where it is theirs alone, else {@code
 * PLUGIN:ID}. A plugin never takes a name from the application.
 *
 * @param taken the application's ids, by the service's name
 * @param claimed the plugins that claim an id, by the service's name and the id
 */
record Names(Map<String, Set<String>> taken, Map<List<String>, Set<String>> claimed) {

    static Names of(Map<String, Set<String>> taken, Collection<Loaded> plugins) {
        Map<List<String>, Set<String>> claimed = new HashMap<>();
        for (Loaded plugin : plugins) {
            for (Fitted one : plugin.fitted()) {
                claimed.computeIfAbsent(key(one), key -> new HashSet<>())
                        .add(one.origin().plugin());
            }
        }
        return new Names(taken, claimed);
    }

    private static List<String> key(Fitted one) {
        return List.of(one.promise().service(), one.id());
    }

    /** Return the name; empty for what has no id. */
    String of(Fitted one) {
        if (one.id().isEmpty()) {
            return "";
        }
        boolean free =
                !taken.getOrDefault(one.promise().service(), Set.of()).contains(one.id())
                        && claimed.getOrDefault(key(one), Set.of()).size() == 1;
        return free ? one.id() : one.origin().plugin() + ":" + one.id();
    }
}
