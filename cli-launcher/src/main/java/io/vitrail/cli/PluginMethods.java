package io.vitrail.cli;

import io.vitrail.runtime.Vitrail;
import io.vitrail.runtime.plugin.Plugin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tell from which plugin a method comes. */
final class PluginMethods {
    private final Map<String, Plugin> byMethod = new LinkedHashMap<>();

    PluginMethods(Vitrail vitrail) {
        for (Plugin plugin : vitrail.plugins().list()) {
            if (plugin.state() == Plugin.State.ACTIVE) {
                for (Plugin.Provided pane : plugin.panes()) {
                    if (pane.whole() && pane.kind().equals("method")) {
                        byMethod.put(pane.id(), plugin);
                    }
                }
            }
        }
    }

    /** Return the plugin that provides a method; empty for one of the application's. */
    Optional<Plugin> of(String method) {
        return Optional.ofNullable(byMethod.get(method));
    }

    /** Return what it takes to repeat a run: the plugins of these methods, and their content. */
    List<Map<String, Object>> facts(List<String> methods) {
        Map<Plugin, List<String>> used = new LinkedHashMap<>();
        for (String method : methods) {
            of(method)
                    .ifPresent(
                            plugin ->
                                    used.computeIfAbsent(plugin, key -> new ArrayList<>())
                                            .add(method));
        }
        List<Map<String, Object>> facts = new ArrayList<>();
        used.forEach(
                (plugin, its) -> {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("id", plugin.id());
                    one.put("version", plugin.version());
                    one.put("sha256", plugin.sha256());
                    one.put("methods", its);
                    facts.add(one);
                });
        return facts;
    }
}
