package io.vitrail.cli;

import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Give native memory that is free back to the system when a long run has grown.
 *
 * <p>Java compiles well into the tenth thousand of inputs, and one large method takes up to 15 MB
 * for a fraction of a second. The C library keeps what is freed, in pieces that the next peak does
 * not fit into, so that the process would grow in steps; some come from elsewhere. Java can ask for
 * it back from 17.0.9 on, on Linux with glibc; elsewhere nothing is done. A run that does not grow
 * is left alone, for what was given back has to be asked for again.
 */
final class SpareMemory {
    private static final long EVERY = 5_000_000_000L;

    /** Mebibytes of growth that are no matter. */
    private static final long SLACK = 4;

    private final LongSupplier nanoseconds;
    private final Supplier<OptionalLong> resident;
    private final BooleanSupplier trim;
    private long last;
    private long level = -1;
    private boolean possible = true;

    /** Create it for this process. */
    SpareMemory() {
        this(System::nanoTime, ResidentMemory::now, SpareMemory::trim);
    }

    /**
     * Create it.
     *
     * @param nanoseconds a clock
     * @param resident returns the mebibytes that the process holds
     * @param trim gives back what is free; false if it cannot
     */
    SpareMemory(LongSupplier nanoseconds, Supplier<OptionalLong> resident, BooleanSupplier trim) {
        this.nanoseconds = nanoseconds;
        this.resident = resident;
        this.trim = trim;
        this.last = nanoseconds.getAsLong();
    }

    /**
     * Give back what is free, if the process has grown since its first five seconds; looks every
     * five seconds only.
     */
    void giveBack() {
        long now = nanoseconds.getAsLong();
        if (!possible || now - last < EVERY) {
            return;
        }
        last = now;
        long held = resident.get().orElse(0);
        if (level < 0) {
            level = held;
        } else if (held > level + SLACK) {
            possible = trim.getAsBoolean();
            level = Math.max(level, resident.get().orElse(0)); // what is left is in use
        }
    }

    /** Ask Java to do it; return whether it can. */
    static boolean trim() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            null,
                            null);
            return true;
        } catch (JMException | RuntimeException e) {
            return false; // an older Java, or another one
        }
    }
}
