package io.vitrail.cli;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.Model;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tell whether a model returns what DJL's own {@code Predictor} returns for the same file.
 *
 * @param verdict what came of the comparison
 * @param outputs how far each output is off, in the model's order; empty where DJL cannot run the
 *     file
 */
record Fidelity(Verdict verdict, List<Output> outputs) {
    /** The largest difference, relative to the output's largest value. */
    private static final double BOUND = 1e-5;

    /** The same where the engine folds, fuses and sums in another order: a network is deep. */
    private static final double REWRITTEN_BOUND = 1e-4;

    /** For half types: so many units in the last place of the output's largest value. */
    private static final int HALF_ULPS = 4;

    /** The one format that an engine of DJL's reads from a single file. */
    private static final String OF_DJL = "torchscript";

    /** How a comparison ends. */
    enum Verdict {
        EQUAL("equals DJL's own Predictor"),
        DIFFERENT("DIFFERS from DJL's own Predictor"),
        /** Evaluation mode is what Vitrail runs; DJL runs what the file says. */
        TRAINING(
                "DJL's own Predictor returns something else, for the file has training mode written into it: its result"
                        + " depends on chance, or on the other items of a batch.\n"
                        + "            Vitrail runs evaluation mode. To have both the same: save the model after model.eval()"),
        NOT_COMPARED("not compared: DJL cannot read this format by itself");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * One output of both.
     *
     * @param difference largest absolute difference by largest absolute value; infinite where
     *     shapes differ, or one has a number where the other has none
     * @param bound the largest difference that rounding explains
     */
    record Output(String name, String shape, double difference, double bound) {
        boolean fits() {
            return difference <= bound;
        }
    }

    Fidelity {
        outputs = List.copyOf(outputs);
    }

    /** Run a file on both and compare. */
    static Fidelity of(Model model, Path file, NDList inputs) {
        try (Pass pass = model.run(Probe.outputsOnly(), inputs)) {
            Optional<PlainRun> plain =
                    model.format().equals(OF_DJL)
                            ? PlainRun.open(file, model.engine(), model.name())
                            : Optional.empty();
            if (plain.isEmpty()) {
                return new Fidelity(Verdict.NOT_COMPARED, List.of());
            }
            try (PlainRun djl = plain.get()) {
                // what the network was fed, for a network of half type takes no float
                List<Output> outputs = compare(pass, djl.outputs(pass.inputs()));
                if (outputs.stream().allMatch(Output::fits)) {
                    return new Fidelity(Verdict.EQUAL, outputs);
                }
                boolean training = djl.dependsOnChanceOrCompany(pass.inputs());
                return new Fidelity(training ? Verdict.TRAINING : Verdict.DIFFERENT, outputs);
            }
        }
    }

    private static List<Output> compare(Pass pass, List<PlainRun.Returned> djl) {
        NDList ours = pass.outputs();
        List<Graph.Result> results = pass.layers().graph().outputs();
        List<PlainRun.Returned> theirs = new ArrayList<>(djl);
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            Values mine = Values.copyOf(ours.get(i), Axes.NONE);
            Graph.Result result = results.get(i);
            Optional<PlainRun.Returned> other = take(theirs, result.name());
            Values their = other.map(PlainRun.Returned::values).orElse(mine);
            outputs.add(
                    new Output(
                            result.name(),
                            Arrays.toString(mine.shape()),
                            other.isEmpty() ? Double.POSITIVE_INFINITY : difference(mine, their),
                            bound(
                                    pass.layers().type(result.value()).type(),
                                    scale(their),
                                    pass.form())));
        }
        for (PlainRun.Returned left : theirs) {
            String shape = Arrays.toString(left.values().shape());
            outputs.add(new Output("(DJL's only)", shape, Double.POSITIVE_INFINITY, BOUND));
        }
        return outputs;
    }

    /** Take the output of this name, {@code features} for {@code 1.features}; else the first. */
    private static Optional<PlainRun.Returned> take(List<PlainRun.Returned> theirs, String name) {
        String key = name.substring(name.lastIndexOf('.') + 1);
        for (PlainRun.Returned one : theirs) {
            if (one.name().equals(key)) {
                theirs.remove(one);
                return Optional.of(one);
            }
        }
        return theirs.isEmpty() ? Optional.empty() : Optional.of(theirs.remove(0));
    }

    /** Return the largest difference relative to the largest finite value of the second. */
    static double difference(Values one, Values other) {
        if (!Arrays.equals(one.shape(), other.shape())) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < one.size(); i++) {
            double a = one.get(i);
            double b = other.get(i);
            if (Double.compare(a, b) != 0) { // NaN and infinities equal themselves
                double off = Math.abs(a - b);
                largest = Math.max(largest, Double.isNaN(off) ? Double.POSITIVE_INFINITY : off);
            }
        }
        double scale = scale(other);
        return largest == 0 ? 0 : largest / scale;
    }

    /** Return how far an output of this type and size may be off, run in this form. */
    static double bound(DataType type, double scale, String form) {
        int fraction = type == DataType.FLOAT16 ? 10 : type == DataType.BFLOAT16 ? 7 : 0;
        if (fraction == 0 || scale == 0) {
            return form.equals("exact") ? BOUND : REWRITTEN_BOUND;
        }
        double ulp = Math.scalb(1.0, Math.getExponent(scale) - fraction);
        return HALF_ULPS * ulp / scale;
    }

    private static double scale(Values values) {
        double scale = 0;
        for (int i = 0; i < values.size(); i++) {
            double size = Math.abs(values.get(i));
            scale = Double.isFinite(size) ? Math.max(scale, size) : scale;
        }
        return scale;
    }

    /** Return the facts for JSON. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("verdict", verdict.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        facts.put("outputs", outputs);
        return facts;
    }

    /** Return the verdict in words and a line for each output. */
    String text() {
        StringBuilder text = new StringBuilder("  fidelity: " + verdict.words() + "\n");
        for (Output output : outputs) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "            %s %s: off by %.2g of its largest value, at most %.2g is rounding%n",
                            output.name,
                            output.shape,
                            output.difference,
                            output.bound));
        }
        return text.toString();
    }
}
