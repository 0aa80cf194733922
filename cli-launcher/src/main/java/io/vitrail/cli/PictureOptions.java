package io.vitrail.cli;

import ai.djl.ndarray.types.Shape;
import com.google.inject.Inject;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Preprocessing;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Labels;
import io.vitrail.runtime.Vitrail;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how inputs reach the model and what its classes are called. */
final class PictureOptions {
    @Option(
            names = "--preprocess",
            paramLabel = "SPEC",
            description = {
                "How pictures become inputs, comma-separated: torch, tf, caffe, unit or none; size=224 or size=WxH;"
                        + " stretch, crop or letterbox; bicubic; grey; mean=a:b:c; std=a:b:c. Default: as the sidecar says."
            })
    private @Nullable String preprocess;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Class names, one a line. Default: as the sidecar says.")
    private @Nullable Path labels;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "Run N pictures at once; default: 1, with --memory what fits, at most 32.")
    private @Nullable Integer batch;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0.3",
            description =
                    "Boxes of a detector: the least confidence x class probability; default: ${DEFAULT-VALUE}.")
    private double threshold;

    @Option(
            names = "--overlap",
            paramLabel = "IOU",
            defaultValue = "0.45",
            description =
                    "Boxes of a detector: how much two of one class may share; default: ${DEFAULT-VALUE}.")
    private double overlap;

    private final GlobalOptions global;

    @Inject
    PictureOptions(GlobalOptions global) {
        this.global = global;
    }

    /** Read and check what was given, before a model is loaded. */
    Given read() {
        if (batch != null && batch < 1) {
            throw VitrailException.usage("--batch " + batch + ": a number from 1 on");
        }
        if (!(threshold >= 0 && threshold <= 1 && overlap >= 0 && overlap <= 1)) {
            throw VitrailException.usage(
                    "--threshold "
                            + threshold
                            + ", --overlap "
                            + overlap
                            + ": numbers from 0 to 1");
        }
        return new Given(
                preprocess == null ? null : Preprocessing.parse(preprocess),
                labels == null ? null : Labels.read(labels),
                global.shape(),
                Optional.ofNullable(batch),
                threshold,
                overlap);
    }

    /** What was given, checked. */
    record Given(
            @Nullable Preprocessing preprocess,
            @Nullable List<String> labels,
            Optional<Shape> shape,
            Optional<Integer> batchGiven,
            double threshold,
            double overlap) {

        int batch() {
            return batchGiven.orElse(1);
        }

        Explanation applyTo(Explanation explanation, Model model) {
            shape.ifPresent(its -> AskedShape.checked(its, model));
            Preprocessing spec = preprocess;
            String known = Vitrail.sidecar(model).preprocess();
            if (spec == null && !known.isEmpty() && shape.isPresent()) {
                spec = Preprocessing.parse(known);
            }
            if (spec != null) {
                Preprocessing wanted = spec;
                explanation.preprocess(
                        shape.map(its -> PictureSize.defaulted(wanted, its))
                                .orElse(wanted)
                                .spelling());
            }
            if (labels != null) {
                explanation.labels(labels);
            }
            return explanation.boxes(threshold, overlap);
        }
    }
}
