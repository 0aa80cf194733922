package io.vitrail.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * How long a piece of work took, in milliseconds.
 *
 * @param median that of an even number of runs is the mean of the two in the middle
 * @param processor the mean time of all processors together, which other work on the machine
 *     changes less; the mean, for it is counted in steps of 10
 */
record Timing(double median, double least, double most, double processor) {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** One run: by the clock and by the processors, in milliseconds. */
    record Run(double wall, double processor) {
        /** Run once. */
        static Run of(Runnable work) {
            long processor = SYSTEM.getProcessCpuTime();
            long start = System.nanoTime();
            work.run();
            double wall = (System.nanoTime() - start) / 1e6;
            return new Run(wall, (SYSTEM.getProcessCpuTime() - processor) / 1e6);
        }
    }

    /** Return what some runs, at least one, came to. */
    static Timing of(List<Run> runs) {
        double[] wall = runs.stream().mapToDouble(Run::wall).sorted().toArray();
        double processor = runs.stream().mapToDouble(Run::processor).average().orElseThrow();
        return new Timing(median(wall), wall[0], wall[wall.length - 1], processor);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Return milliseconds as a table shows them: three digits or more. */
    static String shown(double milliseconds) {
        return String.format(Locale.ROOT, milliseconds < 10 ? "%.2f" : "%.1f", milliseconds);
    }
}
