package io.vitrail.runtime.plugin.internal;

import io.vitrail.api.FileProblem;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Plugin.State;
import io.vitrail.runtime.plugin.PluginLock;
import io.vitrail.runtime.plugin.Verification;
import io.vitrail.runtime.plugin.Verification.Entry;
import io.vitrail.runtime.plugin.Verification.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compare plugins, as their originals are now, with the locks. */
record Comparison(Trust trust, List<Plugin> plugins) {

    Verification verification() {
        List<Entry> entries = new ArrayList<>();
        Set<Path> locks = new LinkedHashSet<>(trust.named());
        Set<String> seen = new HashSet<>();
        for (Plugin plugin : plugins) {
            if (plugin.state() == State.REMOVED) {
                continue;
            }
            locks.addAll(trust.locks(plugin.source()));
            seen.add(plugin.id());
            entries.add(entry(plugin));
        }
        for (Path lock : locks) {
            missing(lock, seen, entries);
        }
        return new Verification(entries);
    }

    private Entry entry(Plugin plugin) {
        String now;
        try {
            now = PluginContents.digest(plugin.source());
        } catch (Refused e) {
            return said(plugin, "", Outcome.MISSING, e.problem().cause());
        } catch (IOException e) {
            return said(plugin, "", Outcome.MISSING, "cannot be read: " + FileProblem.said(e));
        }
        for (Path lock : trust.locks(plugin.source())) {
            PluginLock list;
            try {
                list = PluginLock.read(lock);
            } catch (VitrailException e) {
                return said(plugin, now, Outcome.UNLISTED, e.getMessage());
            }
            if (list.find(now).isEmpty()) {
                return list.knows(plugin.id())
                        ? said(plugin, now, Outcome.DIFFERENT, lock + " lists other content for it")
                        : said(plugin, now, Outcome.UNLISTED, "is not listed in " + lock);
            }
        }
        if (!now.equals(plugin.sha256())) {
            return said(
                    plugin,
                    now,
                    Outcome.CHANGED,
                    "changed since it was loaded; reload it, or start again, to use it as it is");
        }
        boolean free = trust.locks(plugin.source()).isEmpty();
        return free
                ? said(plugin, now, Outcome.UNLOCKED, "no lock says whether it is trusted")
                : said(plugin, now, Outcome.TRUSTED, "is what the lock lists");
    }

    private static Entry said(Plugin plugin, String now, Outcome outcome, String text) {
        return new Entry(plugin.id(), plugin.version(), plugin.source(), now, outcome, text);
    }

    private static void missing(Path lock, Set<String> seen, List<Entry> entries) {
        try {
            for (PluginLock.Line line : PluginLock.read(lock).lines()) {
                if (!seen.contains(line.id())) {
                    entries.add(
                            new Entry(
                                    line.id(),
                                    line.version(),
                                    lock,
                                    line.sha256(),
                                    Outcome.MISSING,
                                    "is listed and not there: " + line.file()));
                }
            }
        } catch (VitrailException e) {
            entries.add(new Entry("", "", lock, "", Outcome.MISSING, e.getMessage()));
        }
    }
}
