package io.vitrail.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Let a run that is interrupted (Ctrl-C, or the end of the session) say what it has done.
 *
 * <p>The process ends with the code of its signal, 130 for Ctrl-C, as it would without this.
 */
final class Interruption implements AutoCloseable {
    /** A batch in hand ends by itself within this time, or is given up. */
    private static final long PATIENCE_SECONDS = 10;

    /** A batch that is given up ends within this time, or is cut off. */
    private static final long GRACE_SECONDS = 5;

    private static final int ALL_TURNS = 1 << 16;

    private final Runnable last;
    private final Thread hook = new Thread(this::end, "vitrail-interrupted");
    private final Semaphore turns = new Semaphore(ALL_TURNS, true);
    private final CountDownLatch atRest = new CountDownLatch(1);
    private volatile boolean asked;
    private volatile boolean overdue;

    private Interruption(Runnable last) {
        this.last = last;
    }

    /**
     * Watch for interruptions until closed.
     *
     * @param last what is done when one comes, after which nothing is written any more
     */
    static Interruption during(Runnable last) {
        Interruption interruption = new Interruption(last);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Return whether the run is to end behind the batch in hand. */
    boolean asked() {
        return asked;
    }

    /** Return whether the batch in hand is to be given up, which it should ask between passes. */
    boolean overdue() {
        return overdue;
    }

    /** Do what must be done whole or not at all; by several threads at once. */
    <T> T whole(Supplier<T> work) {
        turns.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    /** Do what must be done whole or not at all. */
    void whole(Runnable work) {
        whole(
                () -> {
                    work.run();
                    return work;
                });
    }

    private void end() {
        asked = true;
        try {
            // natives that still run while the process ends may take it down with an ugly text
            if (!atRest.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                overdue = true;
                atRest.await(GRACE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        turns.acquireUninterruptibly(ALL_TURNS); // for good
        last.run();
    }

    /** Stop watching; where the process is ending, rest until it has. */
    @Override
    public void close() {
        atRest.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            rest();
        }
    }

    /** Whatever the caller would say now has been said. */
    private void rest() {
        for (; ; ) {
            LockSupport.park(this);
        }
    }
}
