package io.vitrail.runtime;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.VitrailException;
import io.vitrail.picture.Prepared;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Explain inputs batch by batch, so that one that fails does not keep the others from their result.
 *
 * <p>A batch that fails runs again item by item, one that takes too much memory in halves.
 */
final class StreamedBatches implements AutoCloseable {
    private final Run run;
    private final Explanation asked;
    private final BatchSize size;
    private final NDManager manager;
    private final Reading reading;
    private @Nullable Read waiting;
    private @Nullable RuntimeException trouble;
    private long done;

    StreamedBatches(Run run, BatchSize size, Executor pool, int ahead) {
        this.run = run;
        this.asked = run.explanation();
        this.size = size;
        manager = run.model().newManager();
        try {
            reading =
                    new Reading(
                            asked, asked.inputs.oneByOne(manager, asked.preprocess), pool, ahead);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Return what became of the next inputs, in order; none at the end.
     *
     * @throws VitrailException if the call is wrong or the model refused, and nothing was done yet:
     *     it would be so for every input
     */
    List<Outcome> next() {
        List<Read> some = gathered();
        Iterator<Outcome> explained =
                explained(some.stream().filter(read -> !(read instanceof Read.Unread)).toList())
                        .iterator();
        List<Outcome> all = new ArrayList<>();
        for (Read read : some) {
            all.add(
                    read instanceof Read.Unread unread
                            ? failed(unread, unread.error())
                            : explained.next());
        }
        return all;
    }

    /** Return whether {@link #next} need not wait for inputs. */
    boolean isAtHand() {
        return trouble != null || reading.isAtHand(size.now());
    }

    /** Take what makes a batch, and what cannot be read among it. */
    private List<Read> gathered() {
        List<Read> some = new ArrayList<>();
        Read first = null;
        for (int items = 0; items < size.now() && some.size() < 2 * size.now(); ) {
            Read next = take(!some.isEmpty());
            if (next == null) {
                break;
            }
            if (first != null && !(next instanceof Read.Unread) && !Read.together(first, next)) {
                waiting = next;
                break;
            }
            some.add(next);
            if (next instanceof Read.Unread) {
                if (first == null) {
                    break; // no need to wait with it
                }
                continue;
            }
            items++;
            if (first == null) {
                first = next;
                reckon(next);
            }
        }
        return some;
    }

    /** Return the next input; null at the end, and where a batch meets what ends the stream. */
    private @Nullable Read take(boolean begun) {
        Read next = waiting;
        waiting = null;
        if (next != null) {
            return next;
        }
        RuntimeException met = trouble;
        if (met != null) {
            throw met;
        }
        try {
            return reading.next().orElse(null);
        } catch (RuntimeException e) {
            if (!begun) {
                throw e;
            }
            trouble = e; // what came before is explained first
            return null;
        }
    }

    private void reckon(Read item) {
        if (size.isReckoned() || item instanceof Read.Made) { // which is a batch of its own
            return;
        }
        try (NDManager own = run.model().newManager()) {
            NDList arrays = chunk(own, List.of(item)).arrays();
            size.reckon(run.model().layers(arrays), arrays, Appetite.held());
        } catch (VitrailException | EngineException e) {
            // it will be met again, and said of the item
        }
    }

    private List<Outcome> explained(List<Read> reads) {
        if (reads.isEmpty()) {
            return List.of();
        }
        try {
            return batch(reads);
        } catch (VitrailException | EngineException e) {
            if (done == 0 && isAboutAll(e)) {
                throw e;
            }
            return reads.size() == 1
                    ? List.of(failed(reads.get(0), e))
                    : again(reads, Exhaustion.isMeantBy(e));
        } catch (OutOfMemoryError e) {
            return reads.size() == 1
                    ? List.of(failed(reads.get(0), Exhaustion.of(e)))
                    : again(reads, true);
        }
    }

    private List<Outcome> again(List<Read> reads, boolean tooLarge) {
        if (tooLarge) {
            size.tooMany(reads.size());
        }
        List<Outcome> all = new ArrayList<>();
        int step = tooLarge ? (reads.size() + 1) / 2 : 1;
        for (int from = 0; from < reads.size(); from += step) {
            all.addAll(explained(reads.subList(from, Math.min(from + step, reads.size()))));
        }
        if (!tooLarge && all.stream().allMatch(Outcome.Done.class::isInstance)) {
            size.onlyAlone();
        }
        return all;
    }

    private List<Outcome> batch(List<Read> reads) {
        run.checkCancelled();
        long start = System.nanoTime();
        int passes = run.forwardPasses();
        Facts facts = facts(reads);
        done += reads.size();
        size.ran(facts.items(), asked.memory > 0 ? Appetite.held() : 0);
        asked.progress.progress("forward", done, -1);
        Explained.Circumstances circumstances =
                run.circumstances(start, passes, reading.spelling());
        List<Outcome> all = new ArrayList<>();
        for (int n = 0; n < reads.size(); n++) {
            Facts own = reads.size() == 1 ? facts : facts.item(n);
            all.add(
                    new Outcome.Done(
                            reads.get(n).position(),
                            reads.get(n).input(),
                            new Explained(List.of(own), circumstances),
                            facts.items()));
        }
        return all;
    }

    private Facts facts(List<Read> reads) {
        try (Guard guard = new Guard(asked.deadline)) {
            guard.begin();
            NDManager own = guard.opened(run.model().newManager());
            try {
                Inputs.Chunk chunk = chunk(own, reads);
                int count = chunk.items();
                boolean several = reads.size() == 1 && count > 1;
                boolean counted = several || reads.get(0) instanceof Read.Made;
                Targets.Items items = new Targets.Items(0, count, counted ? count : -1);
                NDList arrays = guard.owned(chunk.arrays(), own);
                return new BatchRun(run, guard, own, arrays, items).facts(chunk.seen());
            } finally {
                guard.free(own);
            }
        }
    }

    private Inputs.Chunk chunk(NDManager own, List<Read> reads) {
        List<Prepared> pictures = new ArrayList<>();
        List<io.vitrail.api.Values> numbers = new ArrayList<>();
        NDList made = null;
        for (Read read : reads) {
            if (read instanceof Read.Seen seen) {
                pictures.add(seen.prepared());
            } else if (read instanceof Read.Numbers one) {
                numbers.add(one.values());
            } else if (read instanceof Read.Made arrays) {
                made = arrays.arrays().apply(own);
            }
        }
        if (!pictures.isEmpty()) {
            return reading.preparation().joined(own, pictures);
        }
        NDList arrays =
                made != null ? made : new NDList(Inputs.created(own, Joining.values(numbers)));
        InputCheck.check(run.model(), arrays);
        return new Inputs.Chunk(arrays, List.of());
    }

    private Outcome failed(Read read, RuntimeException error) {
        if (done == 0 && isAboutAll(error)) {
            throw error;
        }
        return new Outcome.Failed(read.position(), read.input(), error);
    }

    private static boolean isAboutAll(RuntimeException e) {
        return e instanceof VitrailException known
                && (known.kind() == VitrailException.Kind.USAGE
                        || known.kind() == VitrailException.Kind.MODEL);
    }

    @Override
    public void close() {
        try (manager) {
            reading.close();
        }
    }
}
