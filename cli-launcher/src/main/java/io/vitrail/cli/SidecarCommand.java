package io.vitrail.cli;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.inject.Inject;
import com.google.inject.Provider;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Preprocessing;
import io.vitrail.runtime.Labels;
import io.vitrail.runtime.Sidecar;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Write beside a model what its file does not say. */
@Command(
        name = "sidecar",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        parameterListHeading = "%n",
        optionListHeading = "%n",
        description = {
            "Write MODEL.vitrail.json, so that nobody types these options twice.",
            "What is not given stays as an existing sidecar says."
        },
        footer = {
            "",
            "Examples:",
            "  vitrail sidecar resnet50.pt --preprocess torch,crop,size=224 --labels imagenet.txt",
            "  vitrail sidecar resnet50.pt -l layer4 --shape 1x3x224x224"
        })
final class SidecarCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "The model's file.")
    private Path model = Path.of("");

    @Option(
            names = "--preprocess",
            paramLabel = "SPEC",
            description =
                    "How pictures become inputs: a preset (torch, tf, caffe, unit, none) and words such as size=224, crop.")
    private @Nullable String preprocess;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Class names, one a line; the sidecar names the file.")
    private @Nullable Path labels;

    @Option(
            names = {"-l", "--layer"},
            paramLabel = "LAYER",
            description = "The layer of CAM methods.")
    private @Nullable String layer;

    @Option(
            names = "--anchors",
            paramLabel = "N",
            description = "Boxes a grid cell of a YOLO detector.")
    private int anchors;

    private final Provider<Vitrail> vitrails;
    private final Progress progress;
    private final GlobalOptions global;
    private final Console console;

    @Inject
    SidecarCommand(
            Provider<Vitrail> vitrails, Progress progress, GlobalOptions global, Console console) {
        this.vitrails = vitrails;
        this.progress = progress;
        this.global = global;
        this.console = console;
    }

    @Override
    public Integer call() {
        global.check();
        if (!Files.isRegularFile(model)) {
            throw VitrailException.model(
                    model + ": no such file\n  a sidecar lies beside its model");
        }
        if (anchors < 0) {
            throw VitrailException.usage("--anchors " + anchors + ": a number from 1 on");
        }
        if (preprocess == null
                && labels == null
                && layer == null
                && anchors == 0
                && global.shape().isEmpty()) {
            throw VitrailException.usage(
                    "sidecar: nothing to write\n  give some of --preprocess, --labels, -l, --anchors, --shape");
        }
        Path file = Sidecar.beside(model);
        Sidecar written = merged(Sidecar.of(model));
        check(written);
        written.write(file);
        console.out()
                .println(
                        global.json
                                ? Json.text(java.util.Map.of("sidecar", file.toString()))
                                : file.toString());
        return ExitCode.DONE.number();
    }

    /** A sidecar that does not fit would be met at every later call. */
    private void check(Sidecar sidecar) {
        Optional<Shape> shape =
                sidecar.shape().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Shape(sidecar.shape().stream().mapToLong(i -> i).toArray()));
        try (Vitrail vitrail = vitrails.get();
                Model loaded = vitrail.load(model);
                NDManager manager = loaded.newManager()) {
            InputShapes.Found found;
            try {
                found = new InputShapes(loaded, shape, null).find(null, manager);
            } catch (VitrailException e) {
                if (shape.isPresent() || e.kind() != VitrailException.Kind.USAGE) {
                    throw e;
                }
                progress.warn(
                        model
                                + ": not checked against the model, for the shape of its input is not"
                                + " known\n  do:  give --shape too");
                return;
            }
            sidecar.check(found.layers());
        }
    }

    private Sidecar merged(Sidecar old) {
        return new Sidecar(
                preprocess == null ? old.preprocess() : Preprocessing.parse(preprocess).spelling(),
                labels == null ? old.labels() : Labels.read(labels),
                labels == null ? old.labelsFile() : fromModelsFolder(labels),
                layer == null ? old.layer() : layer,
                anchors == 0 ? old.anchors() : anchors,
                global.shape()
                        .map(shape -> Arrays.stream(shape.getShape()).boxed().toList())
                        .orElse(old.shape()));
    }

    private String fromModelsFolder(Path labelsFile) {
        Path folder = model.toAbsolutePath().normalize().getParent();
        return folder.relativize(labelsFile.toAbsolutePath().normalize()).toString();
    }
}
