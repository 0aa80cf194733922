package io.vitrail.runtime;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The items of a run, each when it is asked for.
 *
 * <p>A batch runs when its first item is asked for; there is never more than one in memory. It does
 * not split: a parallel stream would run ahead of whoever reads it.
 */
final class ItemByItem implements Spliterator<Explained>, AutoCloseable {
    private final Run run;
    private final Queue<Explained> ready = new ArrayDeque<>();
    private @Nullable Batches batches;
    private boolean ended;

    ItemByItem(Run run) {
        this.run = run;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Explained> action) {
        if (ready.isEmpty() && !ended) {
            try {
                fill();
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }
        Explained next = ready.poll();
        if (next == null) {
            close();
            return false;
        }
        action.accept(next);
        return true;
    }

    private void fill() {
        Batches from = batches;
        if (from == null) {
            from = new Batches(run);
            batches = from;
        }
        long start = System.nanoTime();
        int passes = run.forwardPasses();
        Optional<Facts> next = from.next();
        if (next.isPresent()) {
            Facts batch = next.get();
            Explained.Circumstances circumstances =
                    run.circumstances(start, passes, from.preprocess());
            for (int n = 0; n < batch.items(); n++) {
                ready.add(new Explained(List.of(batch.item(n)), circumstances));
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        ready.clear();
        Batches open = batches;
        batches = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public @Nullable Spliterator<Explained> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL | IMMUTABLE;
    }
}
