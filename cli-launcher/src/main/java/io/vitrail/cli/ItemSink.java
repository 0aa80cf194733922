package io.vitrail.cli;

import java.nio.file.Path;

/**
 * Where each finished input passes by: for what is made of a whole run, such as a store of all maps
 * or a summary.
 *
 * <p>Inputs come one at a time, in their order, after their own files are written and before they
 * are entered as done. A run that is killed in between does the input again when it is resumed, so
 * that an input may come twice, with the same stem.
 */
interface ItemSink extends AutoCloseable {
    /**
     * Take an input.
     *
     * <p>What is kept of it should survive the end of the process when this returns.
     *
     * @throws io.vitrail.render.UnwrittenException if it cannot be kept, which ends the run
     */
    void take(FinishedItem item);

    /**
     * Return whether an input that an earlier run entered as done is here too; one that is not is
     * done again.
     */
    default boolean has(Path input) {
        return true;
    }

    /** Finish: every input has come, or the run ends early. */
    @Override
    default void close() {
        // most sinks hold nothing open
    }
}
