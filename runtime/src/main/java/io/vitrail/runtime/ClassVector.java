package io.vitrail.runtime;

import io.vitrail.api.Layers;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The probabilities of the first output that is a class vector.
 *
 * @param probabilities of shape {@code (N, classes)}; without elements where there is none
 * @param labels the names of the classes
 */
record ClassVector(Values probabilities, List<String> labels) {
    private static final Values NONE = Values.of(new double[0], Axes.NONE, 0);

    /**
     * Read the probabilities.
     *
     * @param outputs of the network, in order
     */
    static ClassVector of(Layers layers, List<Values> outputs, int items, List<String> labels) {
        for (int i = 0; i < outputs.size(); i++) {
            long[] shape = outputs.get(i).shape();
            if (shape.length == 2 && shape[0] == items && shape[1] > 0) {
                ClassReading reading = ClassReading.ofOutput(layers, i);
                return new ClassVector(probabilities(outputs.get(i), reading), labels);
            }
        }
        return new ClassVector(NONE, labels);
    }

    static Values probabilities(Values vector, ClassReading reading) {
        int columns = (int) vector.shape()[1];
        int classes = Math.max(columns, 2);
        int items = vector.size() / columns;
        double[] all = new double[items * classes];
        for (int n = 0; n < items; n++) {
            double[] row = row(vector, n, columns, reading);
            System.arraycopy(row, 0, all, n * classes, classes);
        }
        return Values.of(all, Axes.NONE, items, classes);
    }

    private static double[] row(Values vector, int n, int columns, ClassReading reading) {
        double[] row =
                IntStream.range(0, columns).mapToDouble(i -> vector.get(n * columns + i)).toArray();
        if (columns == 1) {
            double yes = reading.holdsProbabilities() ? row[0] : 1 / (1 + Math.exp(-row[0]));
            return new double[] {1 - yes, yes};
        }
        if (reading.holdsProbabilities()) {
            return row;
        }
        double largest = IntStream.range(0, columns).mapToDouble(i -> row[i]).max().orElse(0);
        double sum = 0;
        for (int i = 0; i < columns; i++) {
            row[i] = Math.exp(row[i] - largest);
            sum += row[i];
        }
        for (int i = 0; i < columns; i++) {
            row[i] /= sum;
        }
        return row;
    }

    /** Return the likeliest classes of an item. */
    List<Ranked> top(int item, int count) {
        if (probabilities.size() == 0) {
            return List.of();
        }
        int classes = (int) probabilities.shape()[1];
        List<Ranked> ranked = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            ranked.add(
                    new Ranked(i, Classes.name(labels, i), probabilities.get(item * classes + i)));
        }
        ranked.sort(Comparator.comparingDouble(Ranked::probability).reversed());
        return List.copyOf(ranked.subList(0, Math.min(count, classes)));
    }

    ClassVector item(int n) {
        return probabilities.size() == 0 ? this : new ClassVector(probabilities.item(n), labels);
    }

    static ClassVector joined(List<ClassVector> parts) {
        return new ClassVector(
                Joining.values(parts.stream().map(ClassVector::probabilities).toList()),
                parts.get(0).labels);
    }
}
