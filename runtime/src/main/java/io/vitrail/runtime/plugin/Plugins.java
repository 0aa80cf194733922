package io.vitrail.runtime.plugin;

import io.vitrail.api.VitrailException;
import java.nio.file.Path;
import java.util.List;

/**
 * The plugins of one Vitrail: list, install, remove and reload them while it runs.
 *
 * <p>A plugin is code and may do all that the program may do; {@link PluginLock} says which jars
 * are loaded. Every jar is copied to a private folder first, so the original may be replaced or
 * deleted at any time; only {@link #reload} looks at it again. An explanation keeps the plugins it
 * began with. The classes of a plugin that was removed are collected once nobody holds an object of
 * its: no {@link io.vitrail.runtime.Explanation}, no method, no model that it read.
 *
 * <p>Safe for use by many threads.
 */
public interface Plugins {
    /** Return every plugin, broken and removed ones too, by id, then higher versions first. */
    List<Plugin> list();

    /**
     * Return a plugin: of several with this id the one that is active, else the highest version.
     *
     * @throws VitrailException of kind {@code USAGE} if there is none
     */
    Plugin get(String id);

    /**
     * Load a plugin, from where it lies; nothing is written but the private copy.
     *
     * <p>One that came from there before is replaced. What is wrong with it is in the result.
     *
     * @param jarOrFolder a jar, or a folder of jars
     * @throws VitrailException of kind {@code USAGE} if there is no such file or folder
     */
    Plugin install(Path jarOrFolder);

    /**
     * Take every version of a plugin out of use; its jar stays where it lies. Plugins that need it
     * break.
     *
     * @throws VitrailException of kind {@code USAGE} if there is none
     */
    void remove(String id);

    /**
     * Look at the jar or folder that a plugin came from, and load it anew.
     *
     * @return what came of it
     * @throws VitrailException of kind {@code USAGE} if there is none
     */
    Plugin reload(String id);

    /** Compare every plugin, and its original as it is now, with the lock that governs it. */
    Verification verify();
}
