package io.vitrail.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** A caller who gives up after a number of passes, and counts what happens then. */
final class Patience {
    private final int most;
    private final List<long[]> steps = new ArrayList<>();
    private int passes;
    private int asked;

    Patience(int most) {
        this.most = most;
    }

    /** Count a pass that is about to run. */
    void pass() {
        check();
        passes++;
    }

    /** Stop here if the caller gave up. */
    void check() {
        if (passes >= most) {
            asked++;
            throw new CancellationException("the caller gave up");
        }
    }

    void step(long done, long total) {
        steps.add(new long[] {done, total});
    }

    /** Return the number of passes that ran. */
    int passes() {
        return passes;
    }

    /** Return how often the method heard that the caller gave up. */
    int asked() {
        return asked;
    }

    /** Return what was told of the progress: what is done, and of how much. */
    List<long[]> steps() {
        return steps;
    }
}
