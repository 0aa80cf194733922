package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.Engine;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Pane;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Say what methods cost on this machine, beside the plain forward pass. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        description = {
            "Say what methods cost here: time and memory, by turns with the plain forward pass of DJL's own",
            "Predictor on the same file (of Vitrail, where DJL does not run the file; the table says which).",
            "Without INPUT on random numbers, the same each time, of the shape that 'vitrail layers' finds."
        },
        footer = {
            "",
            "Each runs until it is warm, for half a second to fifteen, and is timed then, in turns of two runs of which",
            "the second counts.",
            "MEDIAN, MIN and MAX are milliseconds from the arrays in memory to the finished map in memory, CPU",
            "the mean of all processors together. x FORWARD is the ratio of medians. PEAK is the most memory that the process held while the",
            "method ran, the network included (Linux). FORM is how the engine ran the network: 'exact', or",
            "rewritten to be faster.",
            "",
            "Examples:",
            "  vitrail bench resnet50.pt",
            "  vitrail bench resnet50.pt -m guided-backprop -m grad-cam --batch 8 --threads 2",
            "  vitrail bench resnet50.pt -m pre-activation -l layer2.0.relu -l layer3.0.relu --json"
        })
final class BenchCommand implements Callable<Integer> {
    private static final List<String> USUAL = List.of("gradient", "guided-backprop", "grad-cam");

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's file.")
    private Path file = Path.of("");

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "INPUT",
            description = "A picture or an array to run on.")
    private @Nullable Path input;

    @Option(
            names = {"-m", "--method"},
            paramLabel = "METHOD",
            completionCandidates = MethodIds.class,
            description =
                    "What to measure; repeatable. Default: gradient, guided-backprop and grad-cam, as far as the"
                            + " network has what they need.")
    private List<String> methods = new ArrayList<>();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            description =
                    "Explain at this layer; repeatable: all in one pass. Default: as 'explain'.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = {"-t", "--target"},
            paramLabel = "TARGET",
            description =
                    "What to explain, as for 'explain'; repeatable: all over one pass. Default: predicted, and sum where the network has no classes.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "So many items at once, INPUT's repeated; default: as INPUT or --shape says.")
    private @Nullable Integer batch;

    @Option(
            names = "--repeats",
            paramLabel = "R",
            defaultValue = "9",
            description = "How often each is timed; default: ${DEFAULT-VALUE}.")
    private int repeats = 9;

    @Mixin private InputOption given;

    private final Provider<Vitrail> vitrails;
    private final GlobalOptions global;
    private final Console console;
    private final Progress progress;

    @Inject
    BenchCommand(
            Provider<Vitrail> vitrails,
            InputOption given,
            GlobalOptions global,
            Console console,
            Progress progress) {
        this.vitrails = vitrails;
        this.given = given;
        this.global = global;
        this.console = console;
        this.progress = progress;
    }

    @Override
    public Integer call() {
        global.check();
        given.check();
        positive("--batch", batch == null ? 1 : batch);
        positive("--repeats", repeats);
        try (Vitrail vitrail = vitrails.get()) {
            methods.forEach(vitrail::method);
            try (Model model = vitrail.load(file);
                    NDManager manager = model.newManager()) {
                BenchReport report = measured(vitrail, model, manager);
                if (global.json) {
                    console.out().println(Json.text(report.facts()));
                } else {
                    console.out().print(report.text());
                }
            }
        }
        return ExitCode.DONE.number();
    }

    private static void positive(String option, int number) {
        if (number < 1) {
            throw VitrailException.usage(option + " " + number + ": a number from 1 on");
        }
    }

    private BenchReport measured(Vitrail vitrail, Model model, NDManager manager) {
        InputShapes.Found found = given.find(model, input, manager);
        NDList inputs = BenchInputs.of(found.inputs(), input == null, batch, manager);
        List<String> explained =
                targets.isEmpty() ? List.of(usualTarget(vitrail, model, inputs)) : targets;
        Benchmark benchmark = new Benchmark(vitrail, model, inputs, progress);
        benchmark.warmUp();
        List<Benchmark.First> works = new ArrayList<>();
        Set<String> asked = new LinkedHashSet<>(methods.isEmpty() ? USUAL : methods);
        for (String method : asked) {
            try {
                List<String> its = vitrail.method(method).usesTarget() ? explained : List.of();
                works.add(benchmark.first(new Benchmark.Work(method, layers, its)));
            } catch (VitrailException e) {
                if (!methods.isEmpty()) {
                    throw e;
                }
                progress.warn(method + " is left out: " + e.getMessage());
            }
        }
        return new BenchReport(
                new ModelReport(model, model.layers(inputs), found.assumed()).heading(),
                input == null ? "random numbers" : input.toString(),
                BenchInputs.items(inputs),
                repeats,
                threads(vitrail, model),
                benchmark.time(file, works, repeats));
    }

    private static String usualTarget(Vitrail vitrail, Model model, NDList inputs) {
        boolean classes = !vitrail.explain(model, inputs).predict().top(0, 1).isEmpty();
        return classes ? "predicted" : "sum";
    }

    /** An engine says how many it uses, and may say why: {@code 1 (OMP_NUM_THREADS)}. */
    private static OptionalLong threads(Vitrail vitrail, Model model) {
        for (Pane<Engine> pane : vitrail.engines()) {
            if (pane instanceof Pane.Whole<Engine> engine && engine.id().equals(model.engine())) {
                String said = engine.service().details().getOrDefault("threads", "");
                String number = said.replaceAll("\\D.*", "");
                return number.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(Long.parseLong(number));
            }
        }
        return OptionalLong.empty();
    }
}
