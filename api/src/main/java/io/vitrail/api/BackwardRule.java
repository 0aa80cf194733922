package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.function.Function;

/**
 * Replace a layer's derivative where it stands.
 *
 * <p>A rule is a formula over a {@link Step}; it knows no engine. Engines recognise the constants
 * below and may run them without leaving native code.
 */
@FunctionalInterface
public interface BackwardRule {

    /**
     * Guided backpropagation: the layer's own derivative of the positive part of the gradient.
     *
     * @see <a href="https://arxiv.org/abs/1412.6806">Springenberg et al. 2014</a>
     */
    BackwardRule GUIDED = step -> step.plain(step.gradient().maximum(0));

    /**
     * Guided backpropagation that lets nothing pass where the input is not positive, also through
     * the slope of a leaky rectifier.
     */
    BackwardRule GUIDED_GATED = step -> GUIDED.gradient(step).mul(gate(step.input()));

    /**
     * Deconvnet: the positive part of the gradient, whatever the layer's input was.
     *
     * @see <a href="https://arxiv.org/abs/1311.2901">Zeiler and Fergus 2013</a>
     */
    BackwardRule DECONVNET = step -> step.gradient().maximum(0);

    /** Return the gradient at the layer's only input. */
    NDArray gradient(Step step);

    /** Return the gradient at each of the layer's inputs; by default for layers with one. */
    default NDList gradients(Step step) {
        if (step.inputs().size() != 1) {
            throw VitrailException.failure(
                    "layer '"
                            + step.layer().name()
                            + "' has "
                            + step.inputs().size()
                            + " inputs: use BackwardRule.forInputs");
        }
        return new NDList(gradient(step));
    }

    private static NDArray gate(NDArray input) {
        return input.gt(0).toType(input.getDataType(), false);
    }

    /** Create a rule for layers with any number of inputs. */
    static BackwardRule forInputs(Function<Step, NDList> rule) {
        return new BackwardRule() {
            @Override
            public NDArray gradient(Step step) {
                return rule.apply(step).singletonOrThrow();
            }

            @Override
            public NDList gradients(Step step) {
                return rule.apply(step);
            }
        };
    }
}
