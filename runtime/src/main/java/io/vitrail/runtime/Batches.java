package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;

/** The batches of a run, one after the other; of each, no more than its facts stays. */
final class Batches implements AutoCloseable {
    private final Run run;
    private final Guard guard;
    private final NDManager manager;
    private final Inputs.Feed feed;
    private final int size;
    private int done;

    Batches(Run run) {
        run.checkCancelled();
        this.run = run;
        Explanation explanation = run.explanation();
        guard = new Guard(explanation.deadline);
        manager = run.model().newManager();
        try {
            feed = explanation.inputs.feed(run.model(), manager, explanation.preprocess);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
        size = explanation.batch > 0 ? explanation.batch : feed.usualBatch();
    }

    /** Run the next batch; nothing at the end. */
    Optional<Facts> next() {
        guard.begin();
        NDManager own = guard.opened(run.model().newManager());
        try {
            Optional<Inputs.Chunk> chunk = feed.next(own, size);
            return chunk.map(items -> facts(own, items));
        } finally {
            guard.free(own);
        }
    }

    private Facts facts(NDManager own, Inputs.Chunk chunk) {
        int count = chunk.items();
        Targets.Items items = new Targets.Items(done, count, feed.items());
        NDList arrays = guard.owned(chunk.arrays(), own);
        Facts facts = new BatchRun(run, guard, own, arrays, items).facts(chunk.seen());
        done += count;
        run.explanation().progress.progress("forward", done, feed.items());
        return facts;
    }

    /** Return how pictures become inputs, in full spelling; empty for arrays. */
    String preprocess() {
        return feed.preprocess();
    }

    @Override
    public void close() {
        try (manager;
                guard) {
            feed.close();
        }
    }
}
