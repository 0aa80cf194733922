package io.vitrail.engine.djl.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Autograd switched on or off for a piece of work in the current thread.
 *
 * <p>The switch is thread-local and starts differently in different threads, so it is set, and
 * restored, around every piece of work.
 */
public final class GradMode {
    private GradMode() {}

    /** Work with a tape. */
    public static <T> T on(Supplier<T> work) {
        return with(true, work);
    }

    /** Work without a tape. */
    public static <T> T off(Supplier<T> work) {
        return with(false, work);
    }

    static <T> T with(boolean on, Supplier<T> work) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(on);
        // the profiling executor makes first calls slow and gains nothing on straight lines of
        // operators
        JniUtils.setGraphExecutorOptimize(false);
        try {
            return work.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }
}
