package io.vitrail.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Let a run that is interrupted (Ctrl-C, or the end of the session) say what it has done.
 *
 * <p>The process ends with the code of its signal, 130 for Ctrl-C, as it would without this.
 */
final class Interruption implements AutoCloseable {
    /** A pass that runs ends by itself within this time, or is cut off. */
    private static final long PATIENCE_SECONDS = 5;

    private final Runnable last;
    private final Thread hook = new Thread(this::end, "vitrail-interrupted");
    private final Semaphore turn = new Semaphore(1);
    private final CountDownLatch atRest = new CountDownLatch(1);
    private volatile boolean asked;

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

    /** Return whether the run is to give up, which it should ask between passes. */
    boolean asked() {
        return asked;
    }

    /** Do what must be done whole or not at all. */
    void whole(Runnable work) {
        turn.acquireUninterruptibly();
        try {
            work.run();
        } finally {
            turn.release();
        }
    }

    private void end() {
        asked = true;
        try {
            // natives that still run while the process ends may take it down with an ugly text
            atRest.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        turn.acquireUninterruptibly(); // for good
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
