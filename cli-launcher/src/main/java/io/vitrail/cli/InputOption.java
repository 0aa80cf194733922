package io.vitrail.cli;

import ai.djl.ndarray.NDManager;
import com.google.inject.Inject;
import io.vitrail.api.Model;
import io.vitrail.picture.Preprocessing;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an input reaches the model, in a command that can do without one. */
final class InputOption {
    @Option(
            names = "--preprocess",
            paramLabel = "SPEC",
            description = "How a picture becomes an input. Default: as the sidecar says.")
    private @Nullable String preprocess;

    private final GlobalOptions global;

    @Inject
    InputOption(GlobalOptions global) {
        this.global = global;
    }

    /** Refuse what no model could take, before one is loaded. */
    void check() {
        parsed();
    }

    private @Nullable Preprocessing parsed() {
        return preprocess == null ? null : Preprocessing.parse(preprocess);
    }

    /**
     * Return the layers for an input, or for a shape that is found without one.
     *
     * @param manager owns the arrays
     */
    InputShapes.Found find(Model model, @Nullable Path input, NDManager manager) {
        return new InputShapes(model, global.shape(), parsed()).find(input, manager);
    }
}
