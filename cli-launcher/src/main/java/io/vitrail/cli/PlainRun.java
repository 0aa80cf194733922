package io.vitrail.cli;

import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Run a file as DJL does without Vitrail.
 *
 * <p>DJL hands the file to native code as it is: only for files that our own reader accepted.
 */
final class PlainRun implements AutoCloseable {
    private static final String OF_SYMBOL = "-symbol.json";

    private final String name;
    private final ai.djl.Model model;
    private final Predictor<NDList, List<Returned>> predictor;

    private PlainRun(String name, ai.djl.Model model) {
        this.name = name;
        this.model = model;
        this.predictor = model.newPredictor(new Copying());
    }

    /**
     * One of DJL's outputs.
     *
     * @param name its key, if the network returns a dictionary, whose order DJL does not keep; else
     *     empty
     */
    record Returned(String name, Values values) {
        static Returned of(NDArray array) {
            String name = array.getName();
            return new Returned(name == null ? "" : name, Values.copyOf(array, Axes.NONE));
        }
    }

    /** Copy what comes out, before DJL frees it. */
    private static final class Copying implements Translator<NDList, List<Returned>> {
        @Override
        public NDList processInput(TranslatorContext context, NDList input) {
            return input;
        }

        @Override
        public List<Returned> processOutput(TranslatorContext context, NDList output) {
            return output.stream().map(Returned::of).toList();
        }

        @Override
        public @Nullable Batchifier getBatchifier() {
            return null; // inputs are batches already
        }
    }

    /**
     * Let DJL read a file.
     *
     * @param engine the engine's name in any case
     * @return empty if DJL's engine does not read such a file
     * @throws VitrailException of kind {@code FAILURE} if DJL refuses the file
     */
    static Optional<PlainRun> open(Path file, String engine, String name) {
        if (Files.isDirectory(file)) {
            return Optional.empty();
        }
        String wanted =
                Engine.getAllEngines().stream()
                        .filter(engine::equalsIgnoreCase)
                        .findFirst()
                        .orElse(engine);
        ai.djl.Model model = ai.djl.Model.newInstance("plain", wanted);
        String own = String.valueOf(file.getFileName());
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            if (own.endsWith(OF_SYMBOL)) { // its weights are in a file beside it
                String prefix = own.substring(0, own.length() - OF_SYMBOL.length());
                model.load(file.toAbsolutePath().getParent(), prefix);
            } else {
                model.load(stream);
            }
            return Optional.of(new PlainRun(name, model));
        } catch (UnsupportedOperationException e) {
            model.close();
            return Optional.empty();
        } catch (IOException | MalformedModelException | EngineException e) {
            model.close();
            throw failed(name, "cannot load it", e);
        }
    }

    /** Return what DJL's {@code Predictor} returns for a batch. */
    List<Returned> outputs(NDList inputs) {
        try {
            return predictor.predict(new NDList(inputs));
        } catch (TranslateException | EngineException e) {
            throw failed(name, "cannot run it on this input", e);
        }
    }

    /**
     * Return whether the result of an item changes from run to run or with the other items.
     *
     * <p>In evaluation mode it does neither; dropout does the one and batch norm the other where
     * the code of a file calls them with training on, which no switch of DJL's changes.
     */
    boolean dependsOnChanceOrCompany(NDList inputs) {
        List<Returned> first = outputs(inputs);
        if (!first.equals(outputs(inputs))) {
            return true;
        }
        NDList company = new NDList();
        for (NDArray input : inputs) {
            if (input.getDataType() == DataType.UNKNOWN || input.getShape().dimension() == 0) {
                return false; // DJL cannot put such arrays together
            }
            company.add(input.concat(input.getDataType().isFloating() ? input.mul(2) : input, 0));
        }
        List<Returned> among;
        try {
            among = outputs(company);
        } catch (VitrailException e) {
            return false; // it takes batches of one size only
        }
        List<Double> off = new ArrayList<>();
        for (int i = 0; i < Math.min(first.size(), among.size()); i++) {
            off.add(off(first.get(i).values(), among.get(i).values()));
        }
        // far beyond what another order of sums can do
        return off.stream().anyMatch(difference -> difference > 1e-3);
    }

    private static double off(Values alone, Values among) {
        if (alone.shape().length == 0 || among.shape()[0] != 2 * alone.shape()[0]) {
            return 0;
        }
        double largest = 0;
        double scale = 0;
        for (int i = 0; i < alone.size(); i++) {
            largest = Math.max(largest, Math.abs(alone.get(i) - among.get(i)));
            scale = Math.max(scale, Math.abs(alone.get(i)));
        }
        return scale == 0 ? 0 : largest / scale;
    }

    private static VitrailException failed(String name, String what, Exception cause) {
        String said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new VitrailException(
                VitrailException.Kind.FAILURE, name + ": DJL itself " + what + ": " + said, cause);
    }

    @Override
    public void close() {
        predictor.close();
        model.close();
    }
}
