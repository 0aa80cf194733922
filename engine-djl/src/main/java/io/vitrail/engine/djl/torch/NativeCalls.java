package io.vitrail.engine.djl.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;

/**
 * What a model asks of libtorch, one method a kind of call.
 *
 * <p>A model is given one when it is made; a test gives it one that counts managers and lets the
 * n-th call fail.
 */
class NativeCalls {
    /** Straight to libtorch. */
    static final NativeCalls DIRECT = new NativeCalls();

    /** Return a manager that nobody else closes. */
    NDManager newManager(Device device) {
        return Libtorch.newManager(device);
    }

    /**
     * Be told of a call that is about to be made.
     *
     * @param what {@code compile}, {@code run} or {@code create}
     * @throws ai.djl.engine.EngineException to let it fail
     */
    void before(String what) {}
}
