package io.vitrail.cli;

import io.vitrail.api.Values;
import io.vitrail.runtime.Detection;
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
 * @param boxes the boxes of each item; empty where the network is no detector
 * @param outputs a summary of each output, by its name
 */
record Prediction(
        Path input,
        List<List<Ranked>> classes,
        List<List<Detection>> boxes,
        Map<String, Summary> outputs) {

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
        List<List<Detection>> boxes = new ArrayList<>();
        for (int item = 0; explained.isDetector() && item < explained.items(); item++) {
            boxes.add(explained.boxes(item));
        }
        Map<String, Summary> outputs = new LinkedHashMap<>();
        explained.outputs().forEach((name, values) -> outputs.put(name, Summary.of(values)));
        return new Prediction(input, classes, boxes, outputs);
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
        if (!boxes.isEmpty()) {
            facts.put("boxes", boxes.stream().map(BoxFacts::of).toList());
        }
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

    /**
     * Return a table of classes, one of boxes for detectors, and one of outputs where there are
     * several or none is classes.
     */
    static String table(List<Prediction> predictions) {
        TextTable classes = new TextTable("INPUT", "CLASS", "PROBABILITY", "LABEL");
        TextTable outputs = new TextTable("INPUT", "OUTPUT", "SHAPE", "MIN", "MEAN", "MAX");
        TextTable boxes = BoxFacts.table();
        boolean anyClasses = false;
        boolean anyBoxes = false;
        boolean anyOutputs = false;
        for (Prediction prediction : predictions) {
            int item = 0;
            for (List<Ranked> ranked : prediction.classes) {
                String name = prediction.name(item, prediction.classes.size());
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
            for (int i = 0; i < prediction.boxes.size(); i++) {
                anyBoxes = true;
                String name = prediction.name(i, prediction.boxes.size());
                BoxFacts.rows(boxes, name, prediction.boxes.get(i));
            }
            if (prediction.boxes.isEmpty()
                    && (prediction.classes.isEmpty() || prediction.outputs.size() > 1)) {
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
                + (anyBoxes ? boxes.toString() : "")
                + (anyClasses && anyOutputs ? "\n" : "")
                + (anyOutputs ? outputs.toString() : "");
    }

    private String name(int item, int items) {
        return input + (items == 1 ? "" : "[" + item + "]");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
