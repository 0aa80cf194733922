package io.vitrail.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Inputs that are read, explained and worked on at the same time, a few batches at most.
 *
 * <p>Threads of a pool read inputs ahead and work on outcomes; the network runs on the thread that
 * asks for results, when none is ready and there is room for more. It does not split: a parallel
 * stream would run ahead of whoever reads it.
 */
final class Streaming<R> implements Spliterator<R>, AutoCloseable {
    private final Run run;
    private final Function<? super Outcome, ? extends R> work;
    private final BatchSize size;
    private final int threads;
    private final int room;
    private final Deque<Future<R>> inHand = new ArrayDeque<>();
    private final BlockingQueue<Future<R>> ready = new LinkedBlockingQueue<>();
    private @Nullable ExecutorService pool;
    private @Nullable StreamedBatches batches;
    private @Nullable Throwable trouble;
    private boolean ended;

    Streaming(Run run, Function<? super Outcome, ? extends R> work) {
        Explanation asked = run.explanation();
        this.run = run;
        this.work = work;
        int most = asked.batch > 0 ? asked.batch : Pictures.USUAL_BATCH;
        this.size =
                new BatchSize(
                        asked.memory > 0 && asked.batch == 0 ? BatchSize.MOST : most,
                        asked.memory,
                        run::notice);
        this.threads =
                asked.ioThreads > 0
                        ? asked.ioThreads
                        : usualThreads(Runtime.getRuntime().availableProcessors());
        this.room = 2 * size.now() + threads;
    }

    /** Two keep up with a network on few cores; on many it takes more to read and write. */
    static int usualThreads(int cores) {
        return Math.max(2, Math.min(16, cores / 4));
    }

    @Override
    public boolean tryAdvance(Consumer<? super R> action) {
        R next;
        try {
            Future<R> head = head();
            if (head == null) {
                close();
                return false;
            }
            inHand.remove(head);
            next = head.get();
        } catch (ExecutionException e) {
            close();
            throw Reading.thrown(e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while results were awaited");
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        action.accept(next);
        return true;
    }

    /** Return a result that is ready, or else run the network until one is; null at the end. */
    private @Nullable Future<R> head() throws InterruptedException {
        boolean ordered = run.explanation().ordered;
        for (; ; ) {
            Future<R> next = ordered ? inHand.peek() : ready.poll();
            if (next != null && next.isDone()) {
                return next;
            }
            if (inHand.isEmpty() && ended) {
                return end();
            }
            if (inHand.isEmpty() || !ended && inHand.size() < room && isAtHand()) {
                runNext();
            } else {
                return ordered ? next : ready.take();
            }
        }
    }

    /** What ended the stream is thrown when all that came before it has been delivered. */
    private @Nullable Future<R> end() {
        Throwable met = trouble;
        if (met != null) {
            throw Reading.thrown(met);
        }
        return null;
    }

    private boolean isAtHand() {
        return batches == null || batches.isAtHand();
    }

    private void runNext() {
        try {
            explainNext();
        } catch (RuntimeException | Error e) {
            trouble = e;
            ended = true;
        }
    }

    private void explainNext() {
        StreamedBatches from = batches;
        ExecutorService on = pool;
        if (from == null || on == null) {
            on = Executors.newFixedThreadPool(threads, Streaming::thread);
            pool = on;
            from = new StreamedBatches(run, size, on, room);
            batches = from;
        }
        if (run.explanation().stop.getAsBoolean()) {
            ended = true;
            return;
        }
        List<Outcome> next = from.next();
        ended = next.isEmpty();
        for (Outcome outcome : next) {
            FutureTask<R> task =
                    new FutureTask<>(() -> work.apply(outcome)) {
                        @Override
                        protected void done() {
                            if (!run.explanation().ordered) {
                                ready.add(this);
                            }
                        }
                    };
            inHand.add(task);
            on.execute(task);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "vitrail-io");
        thread.setDaemon(true);
        return thread;
    }

    /** Let go of the inputs; what is being worked on is finished first. */
    @Override
    public void close() {
        ended = true;
        StreamedBatches open = batches;
        batches = null;
        ExecutorService on = pool;
        pool = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            if (on != null) {
                on.shutdown();
                inHand.forEach(Streaming::await);
            }
            inHand.clear();
            ready.clear();
        }
    }

    private static void await(Future<?> work) {
        try {
            work.get();
        } catch (ExecutionException | CancellationException e) {
            // the stream ends with what was met first
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable Spliterator<R> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return run.explanation().ordered ? ORDERED | NONNULL : NONNULL;
    }
}
