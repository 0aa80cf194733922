package io.vitrail.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Run a piece of work until its time no longer falls.
 *
 * <p>Java compiles what runs often while it runs, and its compiler takes the cores meanwhile: the
 * first calls of a small network take three times as long as those after a few seconds.
 */
final class WarmUp {
    private static final long LEAST = 500_000_000;
    private static final long MOST = 5_000_000_000L;
    private static final int RUNS = 3;
    private static final double FALLING = 0.97;

    private final LongSupplier nanoseconds;

    /**
     * Create it.
     *
     * @param nanoseconds a clock
     */
    WarmUp(LongSupplier nanoseconds) {
        this.nanoseconds = nanoseconds;
    }

    /**
     * Run for half a second and three times at least, then until the last quarter of the runs was
     * not faster than the one before, but begin none after five seconds.
     *
     * @return how often it ran
     */
    int of(Runnable work) {
        List<Long> times = new ArrayList<>();
        long start = nanoseconds.getAsLong();
        long now = start;
        while (now - start < MOST
                && (now - start < LEAST || times.size() < RUNS || isFalling(times))) {
            work.run();
            long before = now;
            now = nanoseconds.getAsLong();
            times.add(now - before);
        }
        return times.size();
    }

    private static boolean isFalling(List<Long> times) {
        int window = Math.max(1, times.size() / 4);
        int end = times.size();
        return median(times.subList(end - window, end))
                < FALLING * median(times.subList(end - 2 * window, end - window));
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
    }
}
