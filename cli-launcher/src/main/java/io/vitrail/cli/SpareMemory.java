package io.vitrail.cli;

import java.lang.management.ManagementFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Give native memory that is free back to the system every few seconds of a long run.
 *
 * <p>Java compiles well into the tenth thousand of inputs, and one large method takes up to 15 MB
 * for a fraction of a second. The C library keeps what is freed, in pieces that the next peak does
 * not fit into, so that the process would grow in steps. Java can ask for it back from 17.0.9 on,
 * on Linux with glibc; elsewhere nothing is done. It takes a few milliseconds.
 */
final class SpareMemory {
    private static final long EVERY = 5_000_000_000L;

    private final LongSupplier nanoseconds;
    private final BooleanSupplier trim;
    private long last;
    private boolean possible = true;

    /** Create it for this process; the first time is in five seconds. */
    SpareMemory() {
        this(System::nanoTime, SpareMemory::trim);
    }

    /**
     * Create it.
     *
     * @param nanoseconds a clock
     * @param trim gives back what is free; false if it cannot
     */
    SpareMemory(LongSupplier nanoseconds, BooleanSupplier trim) {
        this.nanoseconds = nanoseconds;
        this.trim = trim;
        this.last = nanoseconds.getAsLong();
    }

    /** Give back what is free, if that was not done within the last five seconds. */
    void giveBack() {
        long now = nanoseconds.getAsLong();
        if (possible && now - last >= EVERY) {
            last = now;
            possible = trim.getAsBoolean();
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
