package io.vitrail.cli;

import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Option;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import java.util.ArrayList;
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
                describe(vitrail.method(id));
            }
        }
        return ExitCode.DONE.number();
    }

    private void list(Vitrail vitrail) {
        List<AttributionMethod> methods = new ArrayList<>();
        for (Pane<AttributionMethod> pane : vitrail.methods()) {
            if (pane instanceof Pane.Whole<AttributionMethod> whole) {
                methods.add(whole.service());
            } else if (pane instanceof Pane.Broken<AttributionMethod> broken && !global.quiet) {
                console.warning("broken: " + broken.said());
            }
        }
        if (global.json) {
            console.out().println(Json.text(methods.stream().map(MethodsCommand::facts).toList()));
            return;
        }
        TextTable table = new TextTable("METHOD", "COST", "WHAT IT SHOWS");
        methods.forEach(method -> table.row(method.id(), method.cost(), method.sentence()));
        console.out().print(table);
    }

    private void describe(AttributionMethod method) {
        if (global.json) {
            console.out().println(Json.text(facts(method)));
            return;
        }
        console.out().println(method.id() + ": " + method.sentence());
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

    private static Map<String, Object> facts(AttributionMethod method) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", method.id());
        facts.put("sentence", method.sentence());
        facts.put(
                "place",
                method.place().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        facts.put("usesTarget", method.usesTarget());
        facts.put("cost", method.cost());
        facts.put("paper", method.paper());
        facts.put("options", method.options().stream().map(MethodsCommand::facts).toList());
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
