package io.vitrail.cli;

import com.google.inject.Inject;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Preprocessing;
import io.vitrail.runtime.Explanation;
import io.vitrail.runtime.Labels;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how inputs reach the model and what its classes are called. */
final class PictureOptions {
    @Option(
            names = "--preprocess",
            paramLabel = "SPEC",
            description = {
                "How pictures become inputs, comma-separated: torch, tf, caffe, unit or none; size=224 or size=WxH;"
                        + " stretch, crop or letterbox; grey; mean=a:b:c; std=a:b:c. Default: as the sidecar says."
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
            defaultValue = "1",
            description = "Run N pictures at once; default: ${DEFAULT-VALUE}.")
    private int batch;

    @Inject
    PictureOptions() {}

    /** Read and check what was given, before a model is loaded. */
    Given read() {
        if (batch < 1) {
            throw VitrailException.usage("--batch " + batch + ": a number from 1 on");
        }
        return new Given(
                preprocess == null ? null : Preprocessing.parse(preprocess),
                labels == null ? null : Labels.read(labels),
                batch);
    }

    /** What was given, checked. */
    record Given(@Nullable Preprocessing preprocess, @Nullable List<String> labels, int batch) {

        Explanation applyTo(Explanation explanation) {
            if (preprocess != null) {
                explanation.preprocess(preprocess.spelling());
            }
            if (labels != null) {
                explanation.labels(labels);
            }
            return explanation;
        }
    }
}
