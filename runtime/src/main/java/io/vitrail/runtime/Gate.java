package io.vitrail.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Let a method's thread through to what works natively, until it is given up.
 *
 * <p>Native memory must not be freed under a call that still reads it. So what is kept here is
 * freed when the gate is shut and the last call that was inside has come out, by whoever comes
 * last. Safe for use by many threads.
 */
final class Gate {
    /** Something native, and how it is freed. */
    private record Kept(Object what, Runnable close) {}

    private final Deque<Kept> kept = new ArrayDeque<>();
    private int inside;
    private boolean shut;

    /**
     * Return what native work returns.
     *
     * @throws CancellationException if the gate is shut
     */
    <T> T through(Supplier<T> work) {
        synchronized (this) {
            if (shut) {
                throw new CancellationException(
                        "this method was given up: its session, pass and arrays are closed");
            }
            inside++;
        }
        try {
            return work.get();
        } finally {
            leave();
        }
    }

    private void leave() {
        List<Kept> last;
        synchronized (this) {
            inside--;
            last = due();
        }
        last.forEach(one -> one.close.run());
    }

    /** Let nobody in any more, and free what is kept, at once or when the last one comes out. */
    void shut() {
        List<Kept> last;
        synchronized (this) {
            shut = true;
            last = due();
        }
        last.forEach(one -> one.close.run());
    }

    private List<Kept> due() {
        if (!shut || inside > 0) {
            return List.of();
        }
        List<Kept> due = new ArrayList<>(kept);
        kept.clear();
        return due;
    }

    /**
     * Keep something native until {@link #free}, or until the gate is shut and empty.
     *
     * <p>What is opened inside must be kept inside, so that it is freed should the gate be shut by
     * then.
     */
    synchronized void keep(Object what, Runnable close) {
        kept.push(new Kept(what, close)); // the youngest is freed first
    }

    /** Free what is kept, unless that was done, or will be by the last one who comes out. */
    void free(Object what) {
        Kept mine = null;
        synchronized (this) {
            if (!shut || inside == 0) {
                for (Kept one : kept) {
                    if (one.what == what) {
                        mine = one;
                    }
                }
                kept.remove(mine);
            }
        }
        if (mine != null) {
            mine.close.run();
        }
    }
}
