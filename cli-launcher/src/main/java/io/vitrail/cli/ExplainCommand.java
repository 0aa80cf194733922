package io.vitrail.cli;

import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Score;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Explain what a model saw in inputs, and write pictures and arrays of it. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        description = "Show what a model looked at in pictures or arrays.",
        footer = {
            "",
            "Files: DIR/STEM.METHOD[.LAYER][.TARGET].png (of tokens also .html), DIR/STEM.npz, and",
            "DIR/vitrail.json, which says everything needed to repeat the run. TARGET only where there are several.",
            "",
            "Examples:",
            "  vitrail explain resnet50.pt dog.jpg --preprocess torch,crop,size=224 --labels imagenet.txt",
            "  vitrail explain resnet50.pt photos/ -m grad-cam -m guided-backprop -o heat",
            "  vitrail explain resnet50.pt dog.jpg -m grad-cam -l layer3 -l layer4 -t label:tabby -t class:207",
            "  vitrail explain resnet50.pt batch.npz -m gradient -s reduce=l2 --save npz",
            "  vitrail explain ecg.keras beat.csv",
            "  vitrail explain reviews.keras review.npy -m gradient --vocabulary words.txt",
            "  find . -name '*.jpg' | vitrail explain resnet50.pt -",
            "  vitrail explain resnet50.pt photos/ -o heat --batch 8 --resume"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final List<String> KINDS = List.of("png", "html", "npz", "zarr", "json");

    /** The words of {@code --score}, for completion. */
    static final class Scores extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Scores() {
            super(Arrays.stream(Score.values()).map(Score::spelling).toList());
        }
    }

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's file.")
    private Path model = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "INPUT",
            description =
                    "Pictures (PNG, JPEG, GIF, BMP), arrays (.npy, .npz), series or tables (.csv), folders, lists of"
                            + " names (.txt), globs, or - for names on standard input.")
    private List<String> inputs = new ArrayList<>();

    @Option(
            names = {"-m", "--method"},
            paramLabel = "METHOD",
            completionCandidates = MethodIds.class,
            description =
                    "How to explain, see 'vitrail methods'; repeatable. Default: "
                            + Explanation.DEFAULT_METHOD
                            + ".")
    private List<String> methods = new ArrayList<>();

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            description =
                    "Explain at this layer, or at those that a glob fits, see 'vitrail layers'; repeatable. Default of CAM methods: the last one with a spatial output.")
    private List<String> layers = new ArrayList<>();

    @Option(
            names = {"-t", "--target"},
            paramLabel = "TARGET",
            description =
                    "What to explain: predicted (default), class:K, label:TEXT, sum, layer:LAYER, channel:LAYER:K, neuron:LAYER:i,j,k, yolo, yolo:K, yolo:TEXT, yolo-raw, box:N, or a plugin's form; in front of it output:NAME/ or at:LAYER/; repeatable.")
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--score",
            paramLabel = "SCORE",
            completionCandidates = Scores.class,
            defaultValue = "logit",
            description = "Which number of a class: logit (default), probability or cross-entropy.")
    private String score = "logit";

    @Mixin private PictureOptions pictures;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "[METHOD.]KEY=VALUE",
            description = "Set an option of the methods that have it, or of one; repeatable.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            defaultValue = "vitrail-out",
            description = "Where the files go; default: ${DEFAULT-VALUE}.")
    private Path folder = Path.of("vitrail-out");

    @Option(
            names = "--save",
            paramLabel = "KINDS",
            split = ",",
            defaultValue = "png,html,npz,json",
            description =
                    "What is written, of png, html (a page for tokens), npz, zarr (one store of all arrays, DIR/vitrail.zarr) and json; default: ${DEFAULT-VALUE}.")
    private List<String> save = new ArrayList<>();

    @Option(
            names = "--colours",
            paramLabel = "ID",
            description =
                    "The colours of maps over pictures and volumes, of series and tokens: viridis, inferno, turbo (default over pictures and volumes), grey, or diverging (default for the others, and for maps with both signs), or a plugin's; repeatable, one for each kind.")
    private List<String> colours = new ArrayList<>();

    @Option(
            names = "--vocabulary",
            paramLabel = "FILE",
            description =
                    "The words of tokens, for their pictures: one a line, the first is token 0, or a .json of words and"
                            + " their numbers.")
    private @Nullable Path vocabulary;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description =
                    "Give each method this long for each batch, such as 30s, 500ms or 2m; default: as long as it takes.")
    private @Nullable String deadline;

    @Option(
            names = "--resume",
            description =
                    "Leave out what an earlier run into DIR has done, even one that was killed; do what is missing or has changed.")
    private boolean resume;

    @Option(
            names = "--summary",
            description =
                    "Say in DIR/summary what came of all inputs: a table of scores, the mean map of each class, a sheet of the first pictures of each.")
    private boolean summary;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "Keep within about SIZE, such as 2g or 512m, by fewer pictures at once; default: as much as it takes.")
    private @Nullable String memory;

    @Option(
            names = "--io-threads",
            paramLabel = "N",
            description =
                    "Read pictures and write results with N threads; default: a quarter of the processors, 2 to 16.")
    private @Nullable Integer ioThreads;

    @Option(
            names = "--unordered",
            description = "Do not wait for a large input to keep the results in order.")
    private boolean unordered;

    @Option(
            names = "--strict",
            description = "A map of zeros, or a layer that cannot reach the score, is an error.")
    private boolean strict;

    private final Provider<Vitrail> vitrails;
    private final InputFiles files;
    private final ExplainRun run;
    private final GlobalOptions global;
    private final Progress progress;

    @Inject
    ExplainCommand(
            Provider<Vitrail> vitrails,
            PictureOptions pictures,
            InputFiles files,
            ExplainRun run,
            GlobalOptions global,
            Progress progress) {
        this.vitrails = vitrails;
        this.pictures = pictures;
        this.files = files;
        this.run = run;
        this.global = global;
        this.progress = progress;
    }

    @Override
    public Integer call() {
        global.check();
        Asked asked = asked();
        EarlierResults earlier = EarlierResults.in(folder);
        List<Path> found = files.find(inputs, earlier);
        earlier.said().ifPresent(progress::note);
        Digest digest = Digest.begin(model); // while the engine starts
        try (Vitrail vitrail = vitrails.get()) {
            asked.methods().forEach(vitrail::method);
            Asked coloured = asked.colours(ChosenColours.of(colours, vitrail.services()));
            try (Model loaded = vitrail.load(model)) {
                return run.run(vitrail, loaded, coloured, digest, found).number();
            }
        }
    }

    private Asked asked() {
        for (String setting : settings) {
            if (setting.indexOf('=') < 1) {
                throw VitrailException.usage(
                        "-s " + setting + ": not KEY=VALUE\n  example: -s grad-cam.relu=false");
            }
        }
        Set<String> kinds = new LinkedHashSet<>(save);
        if (!KINDS.containsAll(kinds)) {
            throw VitrailException.usage(
                    "--save " + String.join(",", save) + ": of png, html, npz, zarr and json only");
        }
        if (ioThreads != null && ioThreads < 1) {
            throw VitrailException.usage("--io-threads " + ioThreads + ": a number from 1 on");
        }
        if (resume && !kinds.contains("json")) {
            throw VitrailException.usage(
                    "--resume: what was done stands in the record\n  do:  add json to --save");
        }
        OutputFolder.check(folder);
        return new Asked(
                model,
                methods.isEmpty() ? List.of(Explanation.DEFAULT_METHOD) : methods,
                layers,
                targets,
                settings,
                Score.of(score),
                pictures.read(),
                folder,
                kinds,
                strict,
                Optional.ofNullable(deadline).map(TimeSpan::parse),
                List.of(),
                vocabulary == null ? Vocabulary.EMPTY : Vocabulary.read(vocabulary),
                new Asked.Many(
                        resume,
                        summary,
                        !unordered,
                        memory == null ? 0 : MemorySize.parse(memory),
                        ioThreads == null ? 0 : ioThreads,
                        global.engineOptions));
    }
}
