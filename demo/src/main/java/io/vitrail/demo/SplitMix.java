package io.vitrail.demo;

/**
 * Draw numbers that are the same on every machine.
 *
 * <p>SplitMix64 (Steele, Lea and Flood 2014): 64-bit integer arithmetic only, so that a seed is a
 * scene wherever it is drawn.
 */
final class SplitMix {
    private long state;

    SplitMix(long seed) {
        this.state = seed;
    }

    /** Return 64 random bits. */
    long next() {
        state += 0x9E3779B97F4A7C15L;
        return mix(state);
    }

    /** Return a number of [0, 1) with 53 random bits. */
    double unit() {
        return (next() >>> 11) * 0x1p-53;
    }

    /** Return a number of [from, to). */
    double between(double from, double to) {
        return from + (to - from) * unit();
    }

    /** Return a whole number of [0, bound), evenly enough for bounds of a few thousand. */
    int below(int bound) {
        return (int) (unit() * bound);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
