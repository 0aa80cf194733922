package io.vitrail.spark;

import io.vitrail.api.VitrailException;
import io.vitrail.runtime.Labels;
import io.vitrail.runtime.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What the words of a call ask for; they are those of {@code vitrail explain}.
 *
 * @param inputs folders, files and globs of any store that Spark reads
 * @param output where the rows go
 */
record SubmittedCall(SparkExplanation explanation, List<String> inputs, String output) {
    static final String USAGE =
            """
            usage: spark-submit ... spark-internal MODEL INPUT... -o OUTPUT
              [-m METHOD]... [-l LAYER]... [-t TARGET]... [--score SCORE] [-s [METHOD.]KEY=VALUE]...
              [--preprocess SPEC] [--labels FILE] [--threshold P] [--overlap IOU] [--seed N]
              [--batch N] [--engine NAME] [-E KEY=VALUE]... [--threads N] [--plugins DIR]...""";

    SubmittedCall {
        inputs = List.copyOf(inputs);
    }

    /**
     * Read the words of a call.
     *
     * @throws VitrailException of kind {@code USAGE} if they make none
     */
    static SubmittedCall of(String... words) {
        return new Reading().read(List.of(words).iterator());
    }

    /** The words so far. */
    private static final class Reading {
        private final List<String> names = new ArrayList<>();
        private SparkExplanation explanation = SparkExplanation.of("model");
        private String output = "";
        private double threshold = 0.3;
        private double overlap = 0.45;

        SubmittedCall read(Iterator<String> words) {
            while (words.hasNext()) {
                String word = words.next();
                if (!word.startsWith("-")) {
                    names.add(word);
                } else if (words.hasNext()) {
                    option(word, words.next());
                } else {
                    throw VitrailException.usage(word + ": what?\n" + USAGE);
                }
            }
            if (names.size() < 2 || output.isEmpty()) {
                String missing =
                        names.isEmpty() ? "MODEL" : names.size() < 2 ? "INPUT" : "-o OUTPUT";
                throw VitrailException.usage("missing: " + missing + "\n" + USAGE);
            }
            return new SubmittedCall(
                    explanation.model(names.get(0)), names.subList(1, names.size()), output);
        }

        private void option(String key, String value) {
            switch (key) {
                case "-o", "--output" -> output = value;
                case "--threshold" -> threshold = number(key, value);
                case "--overlap" -> overlap = number(key, value);
                default -> explanation = said(key, value);
            }
            if (key.equals("--threshold") || key.equals("--overlap")) {
                explanation = explanation.boxes(threshold, overlap);
            }
        }

        private SparkExplanation said(String key, String value) {
            return switch (key) {
                case "-m", "--method" -> explanation.method(value);
                case "-l", "--layer" -> explanation.layer(value);
                case "-t", "--target" -> explanation.target(value);
                case "--score" -> explanation.score(Score.of(value));
                case "-s", "--set" -> explanation.option(pair(key, value)[0], pair(key, value)[1]);
                case "--preprocess" -> explanation.preprocess(value);
                case "--labels" -> explanation.labels(Labels.read(Path.of(value)));
                case "--seed" -> explanation.seed(whole(key, value));
                case "--batch" -> explanation.batch(whole(key, value));
                case "--engine" -> explanation.engine(value);
                case "-E" -> explanation.engineOption(pair(key, value)[0], pair(key, value)[1]);
                case "--threads" -> explanation.threads(whole(key, value));
                case "--plugins" -> explanation.plugins(value);
                default -> throw VitrailException.usage("no option '" + key + "'\n" + USAGE);
            };
        }

        private static String[] pair(String key, String value) {
            int equals = value.indexOf('=');
            if (equals < 1) {
                throw VitrailException.usage(key + " " + value + ": not KEY=VALUE");
            }
            return new String[] {value.substring(0, equals), value.substring(equals + 1)};
        }

        private static int whole(String key, String value) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw VitrailException.usage(key + " " + value + ": not a whole number");
            }
        }

        private static double number(String key, String value) {
            try {
                return Double.parseDouble(value);
            } catch (NumberFormatException e) {
                throw VitrailException.usage(key + " " + value + ": not a number");
            }
        }
    }
}
