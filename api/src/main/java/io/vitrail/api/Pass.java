package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * One run of the network: owner of every array that it hands out.
 *
 * <p>Arrays are read-only and live until the pass is closed. A pass belongs to one thread at a
 * time. Gradients are computed when they are first asked for, once for each target and sweep, and
 * only as far back as the {@link Probe} asked.
 *
 * <p>Every method throws {@link IllegalStateException} once the pass is closed.
 */
public interface Pass extends AutoCloseable {
    /** Return the layers of the network as it ran. */
    Layers layers();

    /** Return what the network was fed. */
    NDList inputs();

    /** Return what the network returned. */
    NDList outputs();

    /**
     * Return the output of a layer that the probe kept, or differentiated at.
     *
     * @throws IllegalArgumentException if the probe did not ask for it
     */
    NDArray output(Layer layer);

    /**
     * Return the inputs of a layer whose inputs the probe kept.
     *
     * @throws IllegalArgumentException if the probe did not ask for them
     */
    NDList inputs(Layer layer);

    /** Return the scores of a target, of shape {@code (N)}. */
    NDArray score(Target target);

    /**
     * Return the class that each item's score is about; empty where the target is about no class.
     */
    long[] classes(Target target);

    /**
     * Return the gradient of the scores at each input of the network, in the inputs' shapes.
     *
     * <p>Signed, not scaled; item {@code n} is the derivative of score {@code n} alone as long as
     * the network treats items independently. Zero where the score does not depend on an input.
     */
    NDList gradients(Target target, String sweep);

    /** Return the gradient of the scores at a layer's output, in its shape. */
    NDArray gradient(Target target, Layer layer, String sweep);

    /** Return the number of layers at which a rule of the sweep stood. */
    int rulesAt(String sweep);

    /**
     * Free what was computed for a target; its scores and gradients must not be read any more. A
     * pass that many targets ask would hold the gradients of all until it is closed.
     */
    default void forget(Target target) {
        // what is not kept need not be freed
    }

    /**
     * Say which targets will be asked for, in this order, each until it is {@linkplain #forget
     * forgotten}; it takes the place of what was said before. An engine may then go back from
     * several at once, as many as a bounded memory holds. Their gradients are the same.
     */
    default void announce(List<Target> targets) {
        // an engine may go back from each alone
    }

    /**
     * Let the next way back use up what only ways back read, so that less memory is held at once.
     * Gradients that are there stay; a further way back may have to run the network forward anew.
     */
    default void spend() {
        // an engine need not
    }

    /** Return whether a score depends on a layer's output at all. */
    boolean reaches(Target target, Layer layer);

    /**
     * Return the form in which the engine ran the network: {@code exact} where each operator ran as
     * the file has it, else the engine's own word for what it rewrote, such as {@code rewritten}.
     */
    default String form() {
        return "exact";
    }

    /**
     * Return the manager that owns the arrays of this pass; what is created on it is freed with the
     * pass.
     */
    NDManager manager();

    /** Return the plain gradient at the network's only input. */
    default NDArray gradient(Target target) {
        return gradient(target, Probe.PLAIN);
    }

    /** Return the gradient of a sweep at the network's only input. */
    default NDArray gradient(Target target, String sweep) {
        NDList all = gradients(target, sweep);
        if (all.size() != 1) {
            throw VitrailException.failure(
                    "the network has " + all.size() + " inputs: ask for gradients(target, sweep)");
        }
        return all.head();
    }

    /** Return the plain gradient at a layer's output. */
    default NDArray gradient(Target target, Layer layer) {
        return gradient(target, layer, Probe.PLAIN);
    }

    /** Free every array of this pass; further calls do nothing. */
    @Override
    void close();
}
