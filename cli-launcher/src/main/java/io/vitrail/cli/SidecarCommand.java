package io.vitrail.cli;

import com.google.inject.Inject;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Preprocessing;
import io.vitrail.runtime.Labels;
import io.vitrail.runtime.Sidecar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
            paramLabel = "N|WxH,...",
            description =
                    "Boxes a grid cell of a YOLO detector, or their sizes in pixels of the input, smallest first; with /"
                            + " between them, those of each output.")
    private @Nullable String anchors;

    private final GlobalOptions global;
    private final Console console;

    @Inject
    SidecarCommand(GlobalOptions global, Console console) {
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
        if (preprocess == null
                && labels == null
                && layer == null
                && anchors == null
                && global.shape().isEmpty()) {
            throw VitrailException.usage(
                    "sidecar: nothing to write\n  give some of --preprocess, --labels, -l, --anchors, --shape");
        }
        Path file = Sidecar.beside(model);
        Sidecar old = Sidecar.of(model);
        Sidecar written = merged(anchors == null ? old : AnchorText.applied(anchors, old));
        written.write(file);
        console.out()
                .println(
                        global.json
                                ? Json.text(java.util.Map.of("sidecar", file.toString()))
                                : file.toString());
        return ExitCode.DONE.number();
    }

    private Sidecar merged(Sidecar old) {
        return new Sidecar(
                preprocess == null ? old.preprocess() : Preprocessing.parse(preprocess).spelling(),
                labels == null ? old.labels() : Labels.read(labels),
                labels == null ? old.labelsFile() : fromModelsFolder(labels),
                layer == null ? old.layer() : layer,
                old.anchors(),
                global.shape()
                        .map(shape -> Arrays.stream(shape.getShape()).boxed().toList())
                        .orElse(old.shape()),
                old.anchorSizes());
    }

    private String fromModelsFolder(Path labelsFile) {
        Path folder = model.toAbsolutePath().normalize().getParent();
        return folder.relativize(labelsFile.toAbsolutePath().normalize()).toString();
    }
}
