package io.vitrail.api;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Random;
import java.util.function.Consumer;

/** What a {@link ManyPassMethod} works with while it explains one batch. */
public interface Session {
    /**
     * Return the inputs that are to be explained, read-only: one item, or as many as another method
     * that calls this one gives it.
     */
    NDList inputs();

    /** Return the manager that lives as long as this session. */
    NDManager manager();

    /**
     * Run the network over any number of items, in chunks of the session's batch size.
     *
     * <p>Checks for cancellation before each chunk.
     *
     * @param inputs one array an input, all with the same first axis, which may be larger than a
     *     batch
     * @param each receives the pass of each chunk in order; the pass is closed when it returns
     */
    void run(Probe probe, NDList inputs, Consumer<Pass> each);

    /** Let another method explain inputs, by its id and with its default options. */
    default Attribution call(String method, NDList inputs, Request request) {
        return call(MethodCall.of(method), inputs, request);
    }

    /**
     * Let another method explain inputs.
     *
     * <p>It explains the request's target at the request's layers; where the request has none, at
     * those that it would explain at by itself. A method of several passes gets a session of its
     * own.
     *
     * @param inputs one array an input, with one item or more; not changed, not closed
     * @return what it found, with an item for each of the inputs'; its parts name no target
     * @throws VitrailException of kind {@code USAGE} if there is no method of this id, it does not
     *     have an option or does not take its value; of kind {@code FAILURE} if it is already at
     *     work further out, which would never end
     */
    Attribution call(MethodCall method, NDList inputs, Request request);

    /** Return the source of randomness, seeded with the seed that is recorded with the result. */
    Random random();

    /** Tell how far the method is. */
    void progress(long done, long total);

    /**
     * Stop here if the caller gave up.
     *
     * @throws java.util.concurrent.CancellationException if so
     */
    void checkCancelled();
}
