package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** A plan that an engine can run, any number of times and at once. */
public interface Prepared extends AutoCloseable {
    /** Return the plan. */
    Plan plan();

    /**
     * Run forward.
     *
     * @param inputs belong to the caller; neither changed nor closed
     * @param manager owns all that is made
     */
    Run run(Replacements replacements, NDList inputs, NDManager manager);

    @Override
    void close();
}
