package io.vitrail.testkit;

import io.vitrail.api.Values;

/** Measure how far a result is from a reference with the same number of elements. */
public final class Difference {
    private Difference() {}

    /** Return {@code max|a - b| / max|b|}, 0 where both are zeros. */
    public static double max(Values a, Values b) {
        check(a, b);
        double difference = 0;
        double scale = 0;
        for (int i = 0; i < b.size(); i++) {
            // written so that NaN is never small
            double d = Math.abs(a.get(i) - b.get(i));
            difference = d <= difference ? difference : d;
            scale = Math.max(scale, Math.abs(b.get(i)));
        }
        return difference == 0 ? 0 : difference / scale;
    }

    /** Return {@code |a - b| / |b|} by the Euclidean norm, 0 where both are zeros. */
    public static double l2(Values a, Values b) {
        check(a, b);
        double difference = 0;
        double scale = 0;
        for (int i = 0; i < b.size(); i++) {
            difference += Math.pow(a.get(i) - b.get(i), 2);
            scale += Math.pow(b.get(i), 2);
        }
        return difference == 0 ? 0 : Math.sqrt(difference / scale);
    }

    private static void check(Values a, Values b) {
        if (a.size() != b.size()) {
            throw new AssertionError("expected the shape " + b + ", got " + a);
        }
    }
}
