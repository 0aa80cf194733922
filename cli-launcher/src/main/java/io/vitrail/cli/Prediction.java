package io.vitrail.cli;

import io.vitrail.api.Values;
import io.vitrail.runtime.Explained;
import io.vitrail.runtime.Ranked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a model makes of one file.
 *
 * @param input the file
 * @param classes the likeliest classes of each item; empty where no output is a class vector
 * @param outputs a summary of each output, by its name
 */
record Prediction(Path input, List<List<Ranked>> classes, Map<String, Summary> outputs) {

    /** What an output looks like as a whole. */
    record Summary(String shape, double min, double mean, double max) {
        static Summary of(Values values) {
            double[] all = values.toDoubles();
            return new Summary(
                    Arrays.toString(values.shape()),
                    Arrays.stream(all).min().orElse(Double.NaN),
                    Arrays.stream(all).average().orElse(Double.NaN),
                    Arrays.stream(all).max().orElse(Double.NaN));
        }

        private Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("shape", shape);
            facts.put("min", min);
            facts.put("mean", mean);
            facts.put("max", max);
            return facts;
        }
    }

    static Prediction of(Path input, Explained explained, int top) {
        List<List<Ranked>> classes = new ArrayList<>();
        for (int item = 0; item < explained.items(); item++) {
            List<Ranked> ranked = explained.top(item, top);
            if (!ranked.isEmpty()) {
                classes.add(ranked);
            }
        }
        Map<String, Summary> outputs = new LinkedHashMap<>();
        explained.outputs().forEach((name, values) -> outputs.put(name, Summary.of(values)));
        return new Prediction(input, classes, outputs);
    }

    /** Return the facts for JSON. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("input", input.toString());
        facts.put(
                "classes",
                classes.stream()
                        .map(ranked -> ranked.stream().map(Prediction::facts).toList())
                        .toList());
        Map<String, Object> summaries = new LinkedHashMap<>();
        outputs.forEach((name, summary) -> summaries.put(name, summary.facts()));
        facts.put("outputs", summaries);
        return facts;
    }

    // maps, for a JSON library may not look into the records of a module
    private static Map<String, Object> facts(Ranked ranked) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("index", ranked.index());
        facts.put("label", ranked.label());
        facts.put("probability", ranked.probability());
        return facts;
    }

    /** Return a table of classes, and one of outputs where there are several or none is classes. */
    static String table(List<Prediction> predictions) {
        TextTable classes = new TextTable("INPUT", "CLASS", "PROBABILITY", "LABEL");
        TextTable outputs = new TextTable("INPUT", "OUTPUT", "SHAPE", "MIN", "MEAN", "MAX");
        boolean anyClasses = false;
        boolean anyOutputs = false;
        for (Prediction prediction : predictions) {
            int item = 0;
            for (List<Ranked> ranked : prediction.classes) {
                String name =
                        prediction.input + (prediction.classes.size() == 1 ? "" : "[" + item + "]");
                ranked.forEach(
                        one ->
                                classes.row(
                                        name,
                                        one.index(),
                                        String.format(Locale.ROOT, "%.4f", one.probability()),
                                        one.label().isEmpty() ? "-" : one.label()));
                item++;
                anyClasses = true;
            }
            if (prediction.classes.isEmpty() || prediction.outputs.size() > 1) {
                anyOutputs = true;
                prediction.outputs.forEach(
                        (name, summary) ->
                                outputs.row(
                                        prediction.input,
                                        name,
                                        summary.shape,
                                        number(summary.min),
                                        number(summary.mean),
                                        number(summary.max)));
            }
        }
        return (anyClasses ? classes.toString() : "")
                + (anyClasses && anyOutputs ? "\n" : "")
                + (anyOutputs ? outputs.toString() : "");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
