package io.vitrail.cli;

import ai.djl.ndarray.NDManager;
import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Say what a model makes of inputs: its likeliest classes, its boxes, or a summary of its outputs.
 */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        description =
                "Print the likeliest classes of pictures or arrays, the boxes of a detector, or a summary of the outputs.",
        footer = {
            "",
            "Examples:",
            "  vitrail predict resnet50.pt dog.jpg --preprocess torch,crop,size=224 --labels imagenet.txt",
            "  vitrail predict resnet50.pt photos/ --top 1 --json",
            "  vitrail predict yolov3.h5 street.jpg --preprocess unit,letterbox --labels coco.txt --threshold 0.5"
        })
final class PredictCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's file.")
    private Path model = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "INPUT",
            description =
                    "Pictures, arrays (.npy, .npz), tables (.csv), folders, lists of names (.txt), globs, or -.")
    private List<String> inputs = new ArrayList<>();

    @Mixin private PictureOptions pictures;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many classes; default: ${DEFAULT-VALUE}.")
    private int top;

    private final Provider<Vitrail> vitrails;
    private final InputFiles files;
    private final InputLoop loop;
    private final GlobalOptions global;
    private final Console console;
    private final Progress progress;

    @Inject
    PredictCommand(
            Provider<Vitrail> vitrails,
            PictureOptions pictures,
            InputFiles files,
            InputLoop loop,
            GlobalOptions global,
            Console console,
            Progress progress) {
        this.vitrails = vitrails;
        this.pictures = pictures;
        this.files = files;
        this.loop = loop;
        this.global = global;
        this.console = console;
        this.progress = progress;
    }

    @Override
    public Integer call() {
        global.check();
        if (top < 1) {
            throw VitrailException.usage("--top " + top + ": a number from 1 on");
        }
        PictureOptions.Given given = pictures.read();
        EarlierResults earlier = EarlierResults.anywhere();
        List<Path> found = files.find(inputs, earlier);
        earlier.said().ifPresent(progress::note);
        try (Vitrail vitrail = vitrails.get();
                Model loaded = vitrail.load(model)) {
            InputLoop.Outcome<Prediction> outcome =
                    loop.over(
                            found,
                            given.batch(),
                            (some, first) -> predict(vitrail, loaded, given, some));
            if (global.json) {
                List<Object> facts = new ArrayList<>();
                outcome.done().forEach(prediction -> facts.add(prediction.facts()));
                outcome.failed().forEach((input, e) -> facts.add(failed(input, e)));
                console.out().println(Json.text(facts));
            } else {
                console.out().print(Prediction.table(outcome.done()));
            }
            return outcome.code().number();
        }
    }

    private static Map<String, Object> failed(Path input, RuntimeException e) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("input", input.toString());
        facts.putAll(Failure.facts(ExitCode.of(e), Failure.text(e)));
        return facts;
    }

    private List<Prediction> predict(
            Vitrail vitrail, Model loaded, PictureOptions.Given given, List<Path> some) {
        if (InputFiles.isArray(some.get(0))) {
            try (NDManager manager = loaded.newManager()) {
                Explained all =
                        given.applyTo(
                                        vitrail.explain(
                                                loaded,
                                                ArrayFile.read(some.get(0), loaded, manager)
                                                        .arrays()),
                                        loaded)
                                .predict();
                return List.of(Prediction.of(some.get(0), all, top));
            }
        }
        Explained all =
                given.applyTo(vitrail.explain(loaded, some).batch(some.size()), loaded).predict();
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
            predictions.add(Prediction.of(some.get(i), some.size() == 1 ? all : all.item(i), top));
        }
        return predictions;
    }
}
