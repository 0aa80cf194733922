package io.vitrail.cli;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Say what is installed and whether it works, and whether a model runs as DJL itself runs it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        description = {
            "Say what is installed and whether it works: Java, modules, methods, formats, engines, natives.",
            "With a MODEL also whether its outputs equal those of DJL's own Predictor on the same file, for",
            "INPUT, else for random numbers, the same each time, of the shape that 'vitrail layers' finds."
        },
        footer = {
            "",
            "Exit code 5 where something is broken or the outputs differ. An engine that is not installed is",
            "not broken. Bounds: 1e-5 of the output's largest value, 4 units in the last place of half types.",
            "",
            "Examples:",
            "  vitrail doctor",
            "  vitrail doctor resnet50.pt",
            "  vitrail doctor resnet50.pt dog.jpg --preprocess torch,crop,size=224 --json"
        })
final class DoctorCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "A model's file to compare.")
    private @Nullable Path file;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "INPUT",
            description = "A picture or an array to compare on.")
    private @Nullable Path input;

    @Mixin private InputOption given;

    private final Provider<Vitrail> vitrails;
    private final GlobalOptions global;
    private final Console console;
    private final PluginSources sources;

    @Inject
    DoctorCommand(
            Provider<Vitrail> vitrails,
            PluginSources sources,
            InputOption given,
            GlobalOptions global,
            Console console) {
        this.vitrails = vitrails;
        this.sources = sources;
        this.given = given;
        this.global = global;
        this.console = console;
    }

    @Override
    public Integer call() {
        global.check();
        given.check();
        sources.absent().forEach(folder -> console.warning(PluginSources.said(folder)));
        try (Vitrail vitrail = vitrails.get()) {
            Installation installation = Installation.of(vitrail);
            DoctorText text = new DoctorText(installation);
            Map<String, Object> facts = new LinkedHashMap<>(text.facts());
            if (!global.json) {
                console.out().print(text);
            }
            ExitCode code = installation.sound() ? ExitCode.DONE : ExitCode.FAILURE;
            if (file != null) {
                code = worse(code, compare(vitrail, file, facts));
            }
            if (global.json) {
                console.out().println(Json.text(facts));
            }
            return code.number();
        }
    }

    /** What is installed is said in any case: it may be why the model does not run. */
    private ExitCode compare(Vitrail vitrail, Path model, Map<String, Object> facts) {
        try {
            Checked checked = check(vitrail, model);
            facts.put("model", checked.facts);
            if (!global.json) {
                console.out().print("\n" + checked.text);
            }
            return checked.same ? ExitCode.DONE : ExitCode.FAILURE;
        } catch (VitrailException | EngineException e) {
            ExitCode code = ExitCode.of(e);
            facts.putAll(Failure.facts(code, Failure.text(e)));
            console.error("vitrail", Failure.text(e));
            return code;
        }
    }

    private static ExitCode worse(ExitCode installed, ExitCode compared) {
        return compared == ExitCode.DONE ? installed : compared;
    }

    /** What was said of a model. */
    private record Checked(String text, Map<String, Object> facts, boolean same) {}

    private Checked check(Vitrail vitrail, Path model) {
        try (Model loaded = vitrail.load(model);
                NDManager manager = loaded.newManager()) {
            InputShapes.Found found = given.find(loaded, input, manager);
            ModelReport report = new ModelReport(loaded, found.layers(), found.assumed());
            NDList inputs = input == null ? Sample.like(found.inputs(), manager) : found.inputs();
            Fidelity fidelity = Fidelity.of(loaded, model, inputs);
            String on = input == null ? "random numbers" : input.toString();
            String text =
                    report.heading()
                            + "\n  layers:   "
                            + report.layers().size()
                            + ", "
                            + report.rectifiers()
                            + " of them rectifiers; "
                            + report.parameters()
                            + " parameters\n"
                            + (report.readsValues()
                                    ? "  values:   " + ModelReport.READS_VALUES + "\n"
                                    : "")
                            + "  compared: on "
                            + on
                            + "\n"
                            + fidelity.text();
            Map<String, Object> facts = report.facts();
            facts.put("layers", report.layers().size());
            facts.put("rectifiers", report.rectifiers());
            facts.put("comparedOn", on);
            facts.put("fidelity", fidelity.facts());
            return new Checked(text, facts, fidelity.verdict() != Fidelity.Verdict.DIFFERENT);
        }
    }
}
