package io.vitrail.runtime;

import io.vitrail.api.Layers;
import io.vitrail.api.Values;
import io.vitrail.api.graph.Axes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first output that is a class vector; its probabilities are worked out when they are asked
 * for.
 *
 * @param vector as the network gave it, of shape {@code (N, columns)}; without elements where there
 *     is none
 * @param reading what its columns hold, or null where there is none
 * @param labels the names of the classes
 */
record ClassVector(Values vector, @Nullable ClassReading reading, List<String> labels) {
    private static final Values NONE = Values.of(new double[0], Axes.NONE, 0);

    /**
     * Find it.
     *
     * @param outputs of the network, in order
     */
    static ClassVector of(Layers layers, List<Values> outputs, int items, List<String> labels) {
        for (int i = 0; i < outputs.size(); i++) {
            long[] shape = outputs.get(i).shape();
            if (shape.length == 2 && shape[0] == items && shape[1] > 0) {
                return new ClassVector(outputs.get(i), ClassReading.ofOutput(layers, i), labels);
            }
        }
        return new ClassVector(NONE, null, labels);
    }

    /** Return the probabilities of an item; none where there is no class vector. */
    private double[] probabilities(int item) {
        return reading == null
                ? new double[0]
                : row(vector, item, (int) vector.shape()[1], reading);
    }

    private static double[] row(Values vector, int n, int columns, ClassReading reading) {
        double[] row = new double[columns];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < columns; i++) {
            row[i] = vector.get(n * columns + i);
            largest = Math.max(largest, row[i]);
        }
        if (columns == 1) {
            double yes = reading.holdsProbabilities() ? row[0] : 1 / (1 + Math.exp(-row[0]));
            return new double[] {1 - yes, yes};
        }
        if (reading.holdsProbabilities()) {
            return row;
        }
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
        double[] probabilities = probabilities(item);
        List<Ranked> ranked = new ArrayList<>();
        for (int i = 0; i < probabilities.length; i++) {
            ranked.add(new Ranked(i, Classes.name(labels, i), probabilities[i]));
        }
        ranked.sort(Comparator.comparingDouble(Ranked::probability).reversed());
        return List.copyOf(ranked.subList(0, Math.min(count, ranked.size())));
    }

    ClassVector item(int n) {
        return reading == null ? this : new ClassVector(vector.item(n), reading, labels);
    }

    static ClassVector joined(List<ClassVector> parts) {
        ClassVector first = parts.get(0);
        return new ClassVector(
                Joining.values(parts.stream().map(ClassVector::vector).toList()),
                first.reading,
                first.labels);
    }
}
