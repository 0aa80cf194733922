package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * One layer on the way back, as a {@link BackwardRule} sees it.
 *
 * <p>Arrays are read-only and belong to the pass. Inputs are those of {@link Layer#inputs()},
 * weights excepted; gradients are of the score with respect to the outputs, in the outputs' shapes.
 */
public interface Step {
    /** Return the layer where the rule stands. */
    Layer layer();

    /** Return the layer's inputs. */
    NDList inputs();

    /** Return the layer's outputs. */
    NDList outputs();

    /** Return the gradient at each output. */
    NDList gradients();

    /**
     * Return the layer's own vector-Jacobian product: the gradient at each input for the given
     * gradient at each output.
     */
    NDList plain(NDList gradients);

    /**
     * Return this step with altered weights, as LRP-gamma and z+ want it.
     *
     * <p>{@link #outputs()} and {@link #plain} of the result are those of the same layer with the
     * new weights on the same inputs.
     *
     * @param change from a weight's name ({@code weight}, {@code bias}) and its array to the new
     *     array
     */
    Step with(java.util.function.BiFunction<String, NDArray, NDArray> change);

    /** Return the only input. */
    default NDArray input() {
        return only(inputs(), "inputs");
    }

    /** Return the only output. */
    default NDArray output() {
        return only(outputs(), "outputs");
    }

    /** Return the gradient at the only output. */
    default NDArray gradient() {
        return only(gradients(), "outputs");
    }

    /** Return the layer's own derivative for one input and one output. */
    default NDArray plain(NDArray gradient) {
        return only(plain(new NDList(gradient)), "inputs");
    }

    private NDArray only(NDList list, String what) {
        if (list.size() != 1) {
            throw VitrailException.failure(
                    "layer '"
                            + layer().name()
                            + "' has "
                            + list.size()
                            + " "
                            + what
                            + ": a rule there must use the list form");
        }
        return list.head();
    }
}
