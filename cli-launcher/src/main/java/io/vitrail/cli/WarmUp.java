package io.vitrail.cli;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Run a piece of work until Java has compiled what it runs.
 *
 * <p>Java compiles what runs often while it runs, and its compiler takes the cores meanwhile: the
 * first calls of a small network take three times as long as those after a few seconds.
 */
final class WarmUp {
    private static final long LEAST = 500_000_000;
    private static final long MOST = 15_000_000_000L;
    private static final int RUNS = 3;
    private static final double FALLING = 0.97;
    private static final double COMPILING = 0.05;

    private final LongSupplier nanoseconds;
    private final LongSupplier compiling;

    /**
     * Create it.
     *
     * @param nanoseconds a clock
     * @param compiling for how many milliseconds Java has compiled up to now
     */
    WarmUp(LongSupplier nanoseconds, LongSupplier compiling) {
        this.nanoseconds = nanoseconds;
        this.compiling = compiling;
    }

    /** Create it for the machine's clock and this process. */
    static WarmUp here() {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        boolean says = compiler != null && compiler.isCompilationTimeMonitoringSupported();
        return new WarmUp(System::nanoTime, says ? compiler::getTotalCompilationTime : () -> 0);
    }

    /**
     * Run for half a second and three times at least, then until the last quarter of the runs was
     * not faster than the one before and Java's compilers rested in nineteen twentieths of it, but
     * begin none after fifteen seconds.
     *
     * @return how often it ran
     */
    int of(Runnable work) {
        List<Long> times = new ArrayList<>();
        List<Long> compiled = new ArrayList<>(List.of(compiling.getAsLong()));
        long start = nanoseconds.getAsLong();
        long now = start;
        while (now - start < MOST
                && (now - start < LEAST
                        || times.size() < RUNS
                        || isFalling(times)
                        || isCompiling(times, compiled))) {
            work.run();
            long before = now;
            now = nanoseconds.getAsLong();
            times.add(now - before);
            compiled.add(compiling.getAsLong());
        }
        return times.size();
    }

    private static int quarter(List<Long> times) {
        return Math.max(1, times.size() / 4);
    }

    private static boolean isFalling(List<Long> times) {
        int window = quarter(times);
        int end = times.size();
        return median(times.subList(end - window, end))
                < FALLING * median(times.subList(end - 2 * window, end - window));
    }

    /** Return whether the compilers worked in the last quarter of the runs. */
    private static boolean isCompiling(List<Long> times, List<Long> compiled) {
        int end = times.size();
        int from = end - quarter(times);
        long worked = compiled.get(end) - compiled.get(from);
        long all = times.subList(from, end).stream().mapToLong(Long::longValue).sum();
        return worked * 1e6 > COMPILING * all;
    }

    private static long median(List<Long> times) {
        return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
    }
}
