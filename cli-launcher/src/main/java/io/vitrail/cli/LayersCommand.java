package io.vitrail.cli;

import ai.djl.ndarray.NDManager;
import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.Layer;
import io.vitrail.api.Model;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** List the layers of a model, which are the names that {@code -l} takes. */
@Command(
        name = "layers",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        description = {
            "List a model's layers: name, kind, output shape, parameters, and which rules apply there.",
            "The input's shape is INPUT's, else --shape, the sidecar's, the file's own, else assumed."
        },
        footer = {
            "",
            "RULES: 'rectifier' where guided-backprop and deconvnet stand, 'smooth' where they stand with",
            "-s smooth=true.",
            "",
            "Examples:",
            "  vitrail layers resnet50.pt",
            "  vitrail layers resnet50.pt --shape 1x3x448x448 --json"
        })
final class LayersCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's file.")
    private Path file = Path.of("");

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "INPUT",
            description = "A picture or an array that gives the input's shape.")
    private @Nullable Path input;

    @Mixin private InputOption given;

    private final Provider<Vitrail> vitrails;
    private final GlobalOptions global;
    private final Console console;

    @Inject
    LayersCommand(
            Provider<Vitrail> vitrails, InputOption given, GlobalOptions global, Console console) {
        this.vitrails = vitrails;
        this.given = given;
        this.global = global;
        this.console = console;
    }

    @Override
    public Integer call() {
        global.check();
        given.check();
        try (Vitrail vitrail = vitrails.get();
                Model model = vitrail.load(file);
                NDManager manager = model.newManager()) {
            InputShapes.Found found = given.find(model, input, manager);
            ModelReport report = new ModelReport(model, found.layers(), found.assumed());
            if (global.json) {
                console.out().println(Json.text(facts(report)));
            } else {
                print(report);
            }
        }
        return ExitCode.DONE.number();
    }

    private void print(ModelReport report) {
        console.out().println(report.heading());
        TextTable table = new TextTable("LAYER", "KIND", "OUTPUT", "PARAMETERS", "RULES");
        for (Layer layer : report.layers()) {
            table.row(layer.name(), layer.kind(), layer.shape(), layer.parameters(), rules(layer));
        }
        console.out().print(table);
        console.out()
                .println(
                        report.layers().size() + " layers, " + report.parameters() + " parameters");
        if (report.readsValues()) {
            console.out().println(ModelReport.READS_VALUES);
        }
    }

    private static String rules(Layer layer) {
        return layer.isRectifier() ? "rectifier" : layer.isSmoothActivation() ? "smooth" : "";
    }

    private static Map<String, Object> facts(ModelReport report) {
        Map<String, Object> facts = report.facts();
        List<Object> layers = new ArrayList<>();
        for (Layer layer : report.layers()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", layer.name());
            one.put("kind", layer.kind());
            one.put("shape", layer.shape().getShape());
            one.put("parameters", layer.parameters());
            one.put("rules", rules(layer));
            layers.add(one);
        }
        facts.put("layers", layers);
        return facts;
    }
}
