package io.vitrail.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/** Say how far a run is, how fast it goes, and how long it will still take. */
final class Pace {
    private static final double NANOS = 1e9;

    private final long total;
    private final LongSupplier clock;
    private long first = -1;
    private long began;

    /**
     * @param total how many there are in all
     * @param clock nanoseconds
     */
    Pace(long total, LongSupplier clock) {
        this.total = total;
        this.clock = clock;
    }

    /**
     * Return a line such as {@code [37/1000] 12.3/s, 1:18 left}.
     *
     * <p>What was done before the first call, such as the start of the engine, does not count.
     *
     * @param done how many are done, those of earlier runs included
     */
    String line(long done) {
        if (first < 0) {
            first = done;
            began = clock.getAsLong();
        }
        String line = "[" + done + "/" + total + "]";
        double seconds = (clock.getAsLong() - began) / NANOS;
        if (done == first || seconds <= 0) {
            return line;
        }
        double rate = (done - first) / seconds;
        return line
                + String.format(Locale.ROOT, rate < 100 ? " %.1f/s, " : " %.0f/s, ", rate)
                + span(Math.round((total - done) / rate))
                + " left";
    }

    /** Return how many there are in all. */
    long total() {
        return total;
    }

    private static String span(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        seconds / 3600,
                        seconds / 60 % 60,
                        seconds % 60);
    }
}
