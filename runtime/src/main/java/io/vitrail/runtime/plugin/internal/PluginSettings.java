package io.vitrail.runtime.plugin.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where plugins lie and which are trusted.
 *
 * @param folders of plugins; of one plugin in two, the earlier wins
 * @param locks that list what may be loaded; none for those in the folders themselves
 * @param caches where private copies go, the last one said; none for the user's own
 */
public record PluginSettings(List<Path> folders, List<Path> locks, List<Path> caches) {
    /** Create settings that nothing is in yet. */
    public PluginSettings() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** Return these settings as they are now. */
    public PluginSettings copy() {
        return new PluginSettings(List.copyOf(folders), List.copyOf(locks), List.copyOf(caches));
    }
}
