package io.vitrail.cli;

import java.util.Arrays;
import java.util.Locale;

/**
 * How long a piece of work took, in milliseconds.
 *
 * @param median that of an even number of runs is the mean of the two in the middle
 */
record Timing(double median, double least, double most) {

    /** Return what some runs, at least one, came to. */
    static Timing of(double[] milliseconds) {
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Timing(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Return the milliseconds since a time of {@link System#nanoTime}. */
    static double since(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    /** Return milliseconds as a table shows them: three digits or more. */
    static String shown(double milliseconds) {
        return String.format(Locale.ROOT, milliseconds < 10 ? "%.2f" : "%.1f", milliseconds);
    }
}
