package io.vitrail.cli;

import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Vitrail;
import io.vitrail.runtime.plugin.Plugin;
import io.vitrail.runtime.plugin.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** List, install, remove and check plugins. */
@Command(
        name = "plugins",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        optionListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        synopsisSubcommandLabel = "[list|info|install|remove|verify]",
        description = {
            "List the plugins, or install, remove and check them.",
            "A plugin is a jar, or a folder of jars, in one of the folders that --plugins names, in",
            "~/.vitrail/plugins, in those that VITRAIL_PLUGINS names, or in the distribution's plugins/."
        },
        footer = {
            "",
            "Exit code 2 for a plugin that is not there, 5 for one that is broken.",
            "",
            "Examples:",
            "  vitrail plugins",
            "  vitrail plugins install smooth-grad-1.0.jar --lock",
            "  vitrail plugins info smooth-grad --json",
            "  vitrail plugins verify"
        })
final class PluginsCommand implements Callable<Integer> {
    private final Provider<Vitrail> vitrails;
    private final PluginSources sources;
    private final GlobalOptions global;
    private final Console console;

    @Inject
    PluginsCommand(
            Provider<Vitrail> vitrails,
            PluginSources sources,
            GlobalOptions global,
            Console console) {
        this.vitrails = vitrails;
        this.sources = sources;
        this.global = global;
        this.console = console;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "List the plugins: what they provide, and what is wrong with them.")
    int list() {
        global.check();
        sources.absent().forEach(folder -> console.warning(PluginSources.said(folder)));
        try (Vitrail vitrail = vitrails.get()) {
            List<Plugin> plugins = vitrail.plugins().list();
            if (global.json) {
                print(plugins.stream().map(one -> new PluginText(one).facts()).toList());
                return ExitCode.DONE.number();
            }
            if (plugins.isEmpty()) {
                console.out().println("no plugins; vitrail plugins --help says where they lie");
                return ExitCode.DONE.number();
            }
            console.out().print(PluginText.table(plugins));
            console.out().print(PluginText.problems(plugins));
            return ExitCode.DONE.number();
        }
    }

    @Command(
            name = "info",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Say all that is known of a plugin; exit code 5 if it is broken.")
    int info(@Parameters(paramLabel = "ID", description = "The plugin's id.") String id) {
        global.check();
        try (Vitrail vitrail = vitrails.get()) {
            PluginText text = new PluginText(vitrail.plugins().get(id));
            if (global.json) {
                print(text.facts());
            } else {
                console.out().print(text.all());
            }
            return (text.isBroken() ? ExitCode.FAILURE : ExitCode.DONE).number();
        }
    }

    @Command(
            name = "install",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Copy a plugin into the folder that --plugins names, else into ~/.vitrail/plugins, if it is",
                "sound. A plugin is code that runs with your rights: install what you trust."
            })
    int install(
            @Parameters(paramLabel = "PATH", description = "A jar, or a folder of jars.") Path path,
            @Option(
                            names = "--lock",
                            description =
                                    "List it in the folder's plugins.lock, so that nothing unlisted is loaded from there; a lock that is there is kept in step without this.")
                    boolean lock) {
        global.check();
        if (!Files.exists(path)) {
            throw VitrailException.usage(path + ": no such file or folder");
        }
        PluginInstall into = new PluginInstall(sources.writable(global.plugins).get(0));
        into.create();
        try (Vitrail vitrail = vitrails.get()) {
            // what it takes the place of must not stand in its way
            vitrail.plugins().list().stream()
                    .filter(one -> one.source().toAbsolutePath().equals(into.place(path)))
                    .forEach(one -> vitrail.plugins().remove(one.id()));
            Plugin plugin = vitrail.plugins().install(path);
            PluginText text = new PluginText(plugin);
            if (plugin.state() != Plugin.State.ACTIVE || plugin.problem().isPresent()) {
                throw VitrailException.failure(
                        plugin.problem().map(text::said).orElse(text.name() + ": " + text.state())
                                + "\n  it was not installed");
            }
            Path copied = into.copy(path);
            boolean locked = lock || Files.exists(into.lock());
            if (locked) {
                into.trust(plugin, copied);
            }
            if (!global.quiet) {
                console.warning(PluginText.TRUST);
            }
            if (global.json) {
                Map<String, Object> facts = text.facts();
                facts.put("installed", copied.toString());
                facts.put("locked", locked);
                print(facts);
            } else {
                console.out().println("installed " + text.name() + ": " + copied);
                console.out().print(PluginText.table(List.of(plugin)));
                if (locked) {
                    console.out().println("locked in " + into.lock());
                }
            }
        }
        return ExitCode.DONE.number();
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Delete a plugin, every version of it, from the folders that --plugins names, else from",
                "~/.vitrail/plugins."
            })
    int remove(@Parameters(paramLabel = "ID", description = "The plugin's id.") String id) {
        global.check();
        List<PluginInstall> folders =
                sources.writable(global.plugins).stream().map(PluginInstall::new).toList();
        List<String> removed = new ArrayList<>();
        try (Vitrail vitrail = vitrails.get()) {
            vitrail.plugins().get(id);
            List<Path> lying =
                    vitrail.plugins().list().stream()
                            .filter(one -> one.id().equals(id))
                            .map(Plugin::source)
                            .distinct()
                            .toList();
            vitrail.plugins().remove(id);
            for (Path source : lying) {
                for (PluginInstall folder : folders) {
                    if (folder.holds(source)) {
                        folder.remove(source);
                        folder.forget(source);
                        removed.add(source.toString());
                    }
                }
            }
            if (removed.isEmpty()) {
                throw VitrailException.usage(
                        "plugin '"
                                + id
                                + "' lies elsewhere: "
                                + String.join(", ", lying.stream().map(Path::toString).toList())
                                + "\n  do:  delete it there, or name its folder: --plugins DIR");
            }
        }
        if (global.json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("id", id);
            facts.put("removed", removed);
            print(facts);
        } else {
            removed.forEach(file -> console.out().println("removed " + file));
        }
        return ExitCode.DONE.number();
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Compare the plugins with the lock of their folder, plugins.lock; exit code 5 if one is not",
                "listed, not as listed, changed since it was loaded, or missing."
            })
    int verify() {
        global.check();
        try (Vitrail vitrail = vitrails.get()) {
            Verification verified = vitrail.plugins().verify();
            if (global.json) {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("sound", verified.sound());
                facts.put(
                        "plugins", verified.entries().stream().map(PluginsCommand::facts).toList());
                print(facts);
            } else if (verified.entries().isEmpty()) {
                console.out().println("no plugins, and no lock that lists any");
            } else {
                TextTable table = new TextTable("PLUGIN", "VERSION", "OUTCOME", "FROM", "");
                for (Verification.Entry entry : verified.entries()) {
                    table.row(
                            entry.id(),
                            entry.version().isEmpty() ? "-" : entry.version(),
                            entry.outcome().name().toLowerCase(Locale.ROOT),
                            entry.source(),
                            entry.text());
                }
                console.out().print(table);
            }
            return (verified.sound() ? ExitCode.DONE : ExitCode.FAILURE).number();
        }
    }

    private static Map<String, Object> facts(Verification.Entry entry) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", entry.id());
        facts.put("version", entry.version());
        facts.put("source", entry.source().toString());
        facts.put("sha256", entry.sha256());
        facts.put("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
        facts.put("text", entry.text());
        return facts;
    }

    private void print(Object document) {
        console.out().println(Json.text(document));
    }
}
