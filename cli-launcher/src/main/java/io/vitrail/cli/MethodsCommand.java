package io.vitrail.cli;

import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Option;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import io.vitrail.runtime.plugin.Plugin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** List the methods, or one method's options, paper and cost. */
@Command(
        name = "methods",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        description = "List the methods, or one method's options, paper and cost.",
        footer = {"", "Examples:", "  vitrail methods", "  vitrail methods grad-cam"})
final class MethodsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "METHOD",
            completionCandidates = MethodIds.class,
            description = "The method's id.")
    private @Nullable String id;

    private final Provider<Vitrail> vitrails;
    private final GlobalOptions global;
    private final Console console;

    @Inject
    MethodsCommand(Provider<Vitrail> vitrails, GlobalOptions global, Console console) {
        this.vitrails = vitrails;
        this.global = global;
        this.console = console;
    }

    @Override
    public Integer call() {
        global.check();
        try (Vitrail vitrail = vitrails.get()) {
            if (id == null) {
                list(vitrail);
            } else {
                describe(id, vitrail.method(id), new PluginMethods(vitrail));
            }
        }
        return ExitCode.DONE.number();
    }

    private void list(Vitrail vitrail) {
        List<Pane.Whole<AttributionMethod>> methods = new ArrayList<>();
        PluginMethods plugins = new PluginMethods(vitrail);
        for (Pane<AttributionMethod> pane : vitrail.methods()) {
            if (pane instanceof Pane.Whole<AttributionMethod> whole) {
                methods.add(whole);
            } else if (pane instanceof Pane.Broken<AttributionMethod> broken && !global.quiet) {
                console.warning("broken: " + broken.said());
            }
        }
        methods.sort(Comparator.comparing(Pane.Whole::id));
        if (global.json) {
            console.out()
                    .println(
                            Json.text(
                                    methods.stream()
                                            .map(one -> facts(one.id(), one.service(), plugins))
                                            .toList()));
            return;
        }
        boolean plugged = methods.stream().anyMatch(one -> plugins.of(one.id()).isPresent());
        TextTable table =
                plugged
                        ? new TextTable("METHOD", "PLUGIN", "COST", "WHAT IT SHOWS")
                        : new TextTable("METHOD", "COST", "WHAT IT SHOWS");
        for (Pane.Whole<AttributionMethod> one : methods) {
            List<Object> row = new ArrayList<>(List.of(one.id()));
            if (plugged) {
                row.add(plugins.of(one.id()).map(its -> new PluginText(its).name()).orElse("-"));
            }
            row.add(one.service().cost());
            row.add(one.service().sentence());
            table.row(row.toArray());
        }
        console.out().print(table);
    }

    private void describe(String name, AttributionMethod method, PluginMethods plugins) {
        if (global.json) {
            console.out().println(Json.text(facts(name, method, plugins)));
            return;
        }
        console.out().println(name + ": " + method.sentence());
        plugins.of(name)
                .map(PluginText::new)
                .ifPresent(plugin -> console.out().println("  plugin: " + plugin.name()));
        console.out().println("  where:  " + where(method.place()));
        console.out()
                .println(
                        "  target: "
                                + (method.usesTarget()
                                        ? "explains a score (-t)"
                                        : "none, it evaluates no score"));
        console.out().println("  cost:   " + method.cost());
        if (!method.paper().isEmpty()) {
            console.out().println("  paper:  " + method.paper());
        }
        if (method.options().isEmpty()) {
            return;
        }
        console.out().println();
        TextTable table = new TextTable("OPTION (-s)", "DEFAULT", "VALUES", "");
        for (Option<?> option : method.options()) {
            table.row(
                    option.key(),
                    ItemResult.spelled(option.defaultValue()),
                    option.values(),
                    option.sentence());
        }
        console.out().print(table);
    }

    private static String where(AttributionMethod.Place place) {
        return switch (place) {
            case INPUT_OR_LAYERS -> "at the input; with -l at those layers";
            case INPUT_THROUGH_LAYER ->
                    "at the input, through one layer (-l); default: the last spatial one";
            case SPATIAL_LAYERS ->
                    "at layers with a spatial output (-l); default: the last of them";
            case LAYERS -> "at the layers that -l names";
        };
    }

    private static Map<String, Object> facts(
            String name, AttributionMethod method, PluginMethods plugins) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", name);
        facts.put("sentence", method.sentence());
        facts.put(
                "place",
                method.place().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        facts.put("usesTarget", method.usesTarget());
        facts.put("cost", method.cost());
        facts.put("paper", method.paper());
        facts.put("options", method.options().stream().map(MethodsCommand::facts).toList());
        facts.put("plugin", plugins.of(name).map(Plugin::id).orElse(""));
        facts.put("version", plugins.of(name).map(Plugin::version).orElse(""));
        return facts;
    }

    private static Map<String, Object> facts(Option<?> option) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("key", option.key());
        facts.put("default", ItemResult.spelled(option.defaultValue()));
        facts.put("values", option.values());
        facts.put("sentence", option.sentence());
        return facts;
    }
}
