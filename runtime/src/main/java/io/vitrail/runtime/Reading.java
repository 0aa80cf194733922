package io.vitrail.runtime;

import io.vitrail.api.Model;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Read inputs ahead of their batch: several at once, no more than there is room for.
 *
 * <p>One thread asks where the inputs come from, one after the other, so that a slow source holds
 * up nothing that is read already; the threads of the pool decode and resize.
 */
final class Reading implements AutoCloseable {
    private final Inputs.OneByOne items;
    private final Executor pool;
    private final Semaphore room;
    private final boolean ordered;
    private final Model model;
    private final String preprocess;
    private final Thread source = new Thread(this::pull, "vitrail-inputs");
    private final BlockingQueue<Future<Read>> coming = new LinkedBlockingQueue<>();
    private final Future<Read> end = new FutureTask<>(() -> {}, null);
    private final Object large = new Object();
    private final AtomicLong looked = new AtomicLong();
    private volatile boolean closed;
    private volatile boolean dry;
    private volatile long pulled;
    private volatile @Nullable Throwable problem;
    private @Nullable Preparation preparation;
    private boolean ended;
    private long taken;

    /**
     * @param pool runs the reading
     * @param ahead how many inputs are read, or being read, and in no batch yet
     */
    Reading(Explanation explanation, Inputs.OneByOne items, Executor pool, int ahead) {
        this.items = items;
        this.pool = pool;
        this.room = new Semaphore(ahead);
        this.ordered = explanation.ordered;
        this.model = explanation.model;
        this.preprocess = explanation.preprocess;
        source.setDaemon(true);
        source.start();
    }

    private void pull() {
        try {
            for (long position = 0; ; position++) {
                room.acquire();
                if (closed || !items.hasNext()) {
                    break;
                }
                submit(position, items.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException | Error e) { // of the caller's own source
            problem = e;
        } finally {
            dry = true;
            coming.add(end);
        }
    }

    private void submit(long position, Inputs.Given given) {
        FutureTask<Read> task =
                new FutureTask<>(() -> read(position, given)) {
                    @Override
                    protected void done() {
                        looked.incrementAndGet();
                        if (!ordered) {
                            coming.add(this);
                        }
                    }
                };
        pulled++; // by this thread alone
        if (ordered) {
            coming.add(task);
        }
        pool.execute(task);
    }

    private Read read(long position, Inputs.Given given) {
        if (closed) {
            return new Read.Unread(position, given.input(), new CancellationException("closed"));
        }
        try {
            return looked(position, given);
        } catch (OutOfMemoryError e) {
            synchronized (large) { // several large ones at once may be too much, one by one not
                return lookedAlone(position, given);
            }
        } catch (RuntimeException e) {
            return new Read.Unread(position, given.input(), e);
        }
    }

    private Read lookedAlone(long position, Inputs.Given given) {
        try {
            return looked(position, given);
        } catch (OutOfMemoryError e) {
            String what = given.input() + ": out of memory while it was read";
            return new Read.Unread(
                    position,
                    given.input(),
                    new VitrailException(
                            VitrailException.Kind.INPUT,
                            what + "\n  do:  make it smaller, or give Java more: -Xmx4g",
                            e));
        } catch (RuntimeException e) {
            return new Read.Unread(position, given.input(), e);
        }
    }

    private Read looked(long position, Inputs.Given given) {
        Object content = Sequence.asked(given.content());
        if (Sequence.isPicture(content)) {
            Preparation how = preparation();
            return new Read.Seen(position, given.input(), how.prepared(Sequence.picture(content)));
        }
        return Sequence.arrays(content)
                .<Read>map(made -> new Read.Made(position, given.input(), made))
                .orElseGet(
                        () -> {
                            Values values = Sequence.values(content);
                            return new Read.Numbers(position, given.input(), values);
                        });
    }

    /** Return how pictures become inputs; found out when the first one comes. */
    synchronized Preparation preparation() {
        Preparation known = preparation;
        if (known == null) {
            known = Preparation.of(model, preprocess);
            preparation = known;
        }
        return known;
    }

    /** Return how pictures became inputs, in full spelling; empty where none did. */
    synchronized String spelling() {
        return preparation == null ? "" : preparation.spec().spelling();
    }

    /** Return whether so many inputs, or all that are left, are read. */
    boolean isAtHand(int count) {
        return looked.get() - taken >= (dry ? Math.min(count, pulled - taken) : count);
    }

    /**
     * Return the next input, or nothing at the end; waits until it is read.
     *
     * <p>What the source of the inputs threw is thrown when all inputs before it have come.
     */
    Optional<Read> next() {
        try {
            while (!ended || taken < pulled) {
                Future<Read> next = coming.take();
                if (next == end) {
                    ended = true;
                } else {
                    taken++;
                    Read read = next.get();
                    room.release();
                    return Optional.of(read);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while inputs were read");
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
        Throwable met = problem;
        if (met != null) {
            throw thrown(met);
        }
        return Optional.empty();
    }

    /** What a task or a source lets out is unchecked. */
    static RuntimeException thrown(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException known) {
            return known;
        }
        throw (Error) thrown;
    }

    @Override
    public void close() {
        closed = true;
        source.interrupt();
        items.close();
    }
}
