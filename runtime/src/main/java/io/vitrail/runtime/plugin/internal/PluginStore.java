package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugins;
import io.vitrail.runtime.plugin.Verification;
import java.nio.file.Path;
import java.util.List;

/** The plugins of one Vitrail. */
public final class PluginStore implements Plugins {
    /** Open it. */
    public PluginStore(PluginSettings settings) {
        settings.folders().forEach(PluginFolders::plugins);
    }

    @Override
    public List<Plugin> list() {
        return List.of();
    }

    @Override
    public Plugin get(String id) {
        throw VitrailException.usage("no plugin '" + id + "'");
    }

    @Override
    public Plugin install(Path jarOrFolder) {
        throw VitrailException.usage(jarOrFolder + ": not yet");
    }

    @Override
    public void remove(String id) {
        get(id);
    }

    @Override
    public Plugin reload(String id) {
        return get(id);
    }

    @Override
    public Verification verify() {
        return new Verification(List.of());
    }
}
