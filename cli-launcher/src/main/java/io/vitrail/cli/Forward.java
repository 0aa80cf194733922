package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Run a network forward and read what it returns, as a measure for what an explanation costs.
 *
 * @param words what runs it
 */
record Forward(String words, Runnable work, Runnable end) implements AutoCloseable {
    /** Where DJL runs the file itself. */
    static final String OF_DJL = "DJL's Predictor";

    /** Where it cannot. */
    static final String OUR_OWN = "Vitrail's own pass, for DJL does not run this file";

    /** Take DJL's {@code Predictor} on the same file, else our own pass that keeps nothing. */
    static Forward of(Model model, Path file, NDList inputs) {
        return ofDjl(model, file, inputs)
                .orElseGet(() -> new Forward(OUR_OWN, () -> own(model, inputs), () -> {}));
    }

    private static Optional<Forward> ofDjl(Model model, Path file, NDList inputs) {
        switch (model.format()) {
            case "torchscript", "mxnet" -> {
                // DJL's own files
            }
            default -> {
                return Optional.empty();
            }
        }
        // a network of half type takes no floats: DJL gets what our pass would run on
        Pass pass = model.run(Probe.outputsOnly(), inputs);
        try {
            Optional<PlainRun> djl = PlainRun.open(file, model.engine(), model.name());
            if (djl.isPresent()) {
                PlainRun run = djl.get();
                try {
                    run.outputs(pass.inputs());
                    return Optional.of(
                            new Forward(
                                    OF_DJL,
                                    () -> run.outputs(pass.inputs()),
                                    () -> {
                                        run.close();
                                        pass.close();
                                    }));
                } catch (VitrailException e) {
                    run.close();
                }
            }
        } catch (VitrailException e) {
            // it does not load there: then it has no forward pass of DJL's
        }
        pass.close();
        return Optional.empty();
    }

    /** Reading is what waits for an engine that answers before it has computed. */
    static void own(Model model, NDList inputs) {
        try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
            pass.outputs().forEach(output -> Values.copyOf(output, Axes.NONE));
        }
    }

    void run() {
        work.run();
    }

    @Override
    public void close() {
        end.run();
    }
}
