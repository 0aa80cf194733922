package io.vitrail.runtime;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.Plugin;
import java.util.ArrayList;
import java.util.List;

/**
 * Find a pane by its name, or say what there is instead.
 *
 * @param what {@code method}, {@code engine}
 */
record Lookup<T>(String what, List<Pane<T>> panes, List<Plugin> plugins) {

    T get(String name) {
        List<String> known = new ArrayList<>();
        List<Pane.Whole<T>> rivals = new ArrayList<>();
        for (Pane.Whole<T> whole : Panes.whole(panes)) {
            if (whole.id().equals(name)) {
                return whole.service();
            }
            if (whole.id().endsWith(":" + name)) {
                rivals.add(whole);
            }
            known.add(whole.id());
        }
        if (rivals.size() > 1) {
            throw claimed(name, rivals);
        }
        List<String> nearest = NearestNames.of(name, known);
        throw VitrailException.usage(
                "no "
                        + what
                        + " '"
                        + name
                        + "'"
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + "\n  all:     "
                        + (known.isEmpty() ? "none is installed" : String.join(", ", known))
                        + broken());
    }

    private VitrailException claimed(String name, List<Pane.Whole<T>> rivals) {
        List<String> jars = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Pane.Whole<T> rival : rivals) {
            jars.add("'" + rival.plugin() + "' of " + rival.origin());
            names.add(rival.id());
        }
        return VitrailException.usage(
                what
                        + " '"
                        + name
                        + "' is claimed by several plugins: "
                        + String.join(", ", jars)
                        + "\n  do: ask for "
                        + String.join(" or ", names));
    }

    private String broken() {
        StringBuilder broken = new StringBuilder();
        for (Pane<T> pane : panes) {
            if (pane instanceof Pane.Broken<T> failed) {
                broken.append("\n  broken:  ").append(failed.said());
            }
        }
        for (Plugin plugin : plugins) {
            if (plugin.state() == Plugin.State.BROKEN) {
                broken.append("\n  broken:  plugin '").append(plugin.id()).append("' of ");
                broken.append(plugin.source()).append(": ");
                broken.append(plugin.problem().orElseThrow().cause());
            }
        }
        return broken.toString();
    }
}
