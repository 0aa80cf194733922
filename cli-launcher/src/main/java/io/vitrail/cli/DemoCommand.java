package io.vitrail.cli;

import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.demo.Demo;
import io.vitrail.demo.Item;
import io.vitrail.demo.Scene;
import io.vitrail.demo.Scenes;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Explain the embedded picture with the embedded network. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        optionListHeading = "%n",
        description = {
            "Show what the embedded network saw in the embedded picture: a sheet of several methods for",
            "two of the shapes in it, and how much of each map lies on the shape that was asked for."
        },
        footer = {
            "",
            "DIR then holds the sheet, the picture, and the network with its sidecar, to play with.",
            "",
            "Examples:",
            "  vitrail demo",
            "  vitrail demo -o shapes --scenes 200"
        })
final class DemoCommand implements Callable<Integer> {
    /** In the order of the sheet. */
    private static final List<String> SHOWN =
            List.of("gradient", "guided-backprop", "grad-cam", "guided-grad-cam");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            defaultValue = "vitrail-demo",
            description = "Where the files go; default: ${DEFAULT-VALUE}.")
    private Path folder = Path.of("vitrail-demo");

    @Option(
            names = "--scenes",
            paramLabel = "N",
            description =
                    "Also ask over N scenes that the network was not trained on, how often a map for one"
                            + " shape has more on it than on another.")
    private int scenes;

    private final Provider<Vitrail> vitrails;
    private final Progress progress;
    private final GlobalOptions global;
    private final Console console;

    @Inject
    DemoCommand(
            Provider<Vitrail> vitrails, Progress progress, GlobalOptions global, Console console) {
        this.vitrails = vitrails;
        this.progress = progress;
        this.global = global;
        this.console = console;
    }

    @Override
    public Integer call() {
        global.check();
        if (scenes < 0 || scenes > Scenes.FIRST_TRAINING_SEED) {
            throw VitrailException.usage(
                    "--scenes "
                            + scenes
                            + ": 0 to "
                            + Scenes.FIRST_TRAINING_SEED
                            + " are held out");
        }
        OutputFolder.create(folder);
        long start = System.nanoTime();
        DemoFiles files = DemoFiles.write(folder, Demo.scene());
        Map<String, Object> facts = new LinkedHashMap<>();
        try (Vitrail vitrail = vitrails.get();
                Model model = vitrail.load(files.model())) {
            DemoResult result = explain(vitrail, model, files);
            result.sheet().save(files.sheet());
            double seconds = (System.nanoTime() - start) / 1e9;
            facts.put("sheet", files.sheet().toString());
            facts.put("seconds", seconds);
            facts.put("massInside", result.shares());
            if (!global.json) {
                print(files, result, seconds);
            }
            if (scenes > 0) {
                HeldOut heldOut = HeldOut.over(vitrail, model, scenes, progress);
                facts.put("heldOut", heldOut.facts());
                if (!global.json) {
                    console.out().print("\n" + heldOut.text());
                }
            }
        }
        if (global.json) {
            console.out().println(Json.text(facts));
        }
        return ExitCode.DONE.number();
    }

    private static DemoResult explain(Vitrail vitrail, Model model, DemoFiles files) {
        Scene scene = Demo.scene();
        List<Item> asked = scene.items().subList(0, 2);
        Explanation explanation = vitrail.explain(model, files.picture());
        SHOWN.forEach(explanation::with);
        for (Item item : asked) {
            explanation.target("label:" + Demo.labels().get(item.label()));
        }
        Explained explained = explanation.runAll();
        return DemoResult.of(explained, asked);
    }

    private void print(DemoFiles files, DemoResult result, double seconds) {
        List<String> shapes = result.shapes();
        TextTable table =
                new TextTable(
                        "METHOD",
                        "ON THE " + upper(shapes.get(0)),
                        "ON THE " + upper(shapes.get(1)));
        result.shares()
                .forEach(
                        (method, shares) ->
                                table.row(
                                        method,
                                        DemoResult.percent(shares.get(shapes.get(0))),
                                        DemoResult.percent(shares.get(shapes.get(1)))));
        console.out()
                .println(
                        "the share of each map's positive mass on the shape that it was made for:");
        console.out().print(table);
        console.out()
                .printf(
                        Locale.ROOT,
                        "%nsheet: %s (%.1f s)%nnext:  vitrail explain %s %s -m grad-cam -t label:%s%n",
                        files.sheet(),
                        seconds,
                        files.model(),
                        files.picture(),
                        shapes.get(0));
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }
}
