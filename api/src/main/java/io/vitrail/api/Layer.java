package io.vitrail.api;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.List;

/**
 * A node of the network as its user sees it.
 *
 * <p>Every activation is a layer, however it was written: a module, a function, in place, or one
 * module used several times ({@code relu}, {@code relu#2}). A module with several nodes stands for
 * its last one, whose output is the module's.
 *
 * @param name as the source format names it: {@code layer4.2.conv3}, {@code layer1.0.relu#2},
 *     {@code layer4}
 * @param operator what it computes
 * @param value its output, or that of its last node
 * @param inputs what the operator reads, weights excepted
 * @param inputTypes shape, type and axes of those
 * @param type shape, type and axes of its output
 * @param parameters the number of weights of the operator, in elements
 */
public record Layer(
        String name,
        Operator operator,
        Value value,
        List<Value> inputs,
        List<ArrayType> inputTypes,
        ArrayType type,
        long parameters) {
    public Layer {
        inputs = List.copyOf(inputs);
        inputTypes = List.copyOf(inputTypes);
    }

    /** Return the operator's short name: {@code conv2d}, {@code relu}, {@code add}. */
    public String kind() {
        return operator.kind();
    }

    /** Return the shape of the output. */
    public Shape shape() {
        return type.shape();
    }

    /** Return which axes of the output are space and channel. */
    public Axes axes() {
        return type.axes();
    }

    /** Return the spatial axes of the output, for {@code mean(axes)}; empty where it has none. */
    public int[] spatialAxes() {
        return axes().spatial().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Return the channel axis of the output, or -1. */
    public int channelAxis() {
        return axes().channel();
    }

    /** Return whether the output has spatial axes with more than one position. */
    public boolean isSpatial() {
        return axes().spatial().stream()
                        .mapToLong(axis -> shape().get(axis))
                        .reduce(1, (a, b) -> a * b)
                > 1;
    }

    /**
     * Return whether this is a rectifier: piecewise linear, with a smaller slope below zero.
     *
     * <p>ReLU, leaky ReLU, PReLU, and a clip whose lower end is 0 (clamp, ReLU6, hardtanh used as
     * ReLU6).
     */
    public boolean isRectifier() {
        return operator instanceof Operator.Relu
                || operator instanceof Operator.LeakyRelu
                || operator instanceof Operator.Prelu
                || operator instanceof Operator.GeneralRelu
                || operator instanceof Operator.Clip clip && clip.min() == 0;
    }

    /**
     * Return whether this is a smooth or saturating activation other than a rectifier: GELU, SiLU,
     * ELU, tanh, ...
     */
    public boolean isSmoothActivation() {
        return operator instanceof Operator.Gelu
                || operator instanceof Operator.Silu
                || operator instanceof Operator.Elu
                || operator instanceof Operator.Mish
                || operator instanceof Operator.Softplus
                || operator instanceof Operator.HardSwish
                || operator instanceof Operator.HardSigmoid
                || operator instanceof Operator.Sigmoid
                || operator instanceof Operator.Tanh
                || operator instanceof Operator.Pointwise pointwise
                        && pointwise.function().isActivation()
                || operator instanceof Operator.Shrink
                || operator instanceof Operator.Threshold
                || operator instanceof Operator.Clip clip && clip.min() != 0;
    }

    /** Return whether this is an activation of any kind, softmax included. */
    public boolean isActivation() {
        return isRectifier()
                || isSmoothActivation()
                || operator instanceof Operator.Softmax
                || operator instanceof Operator.LogSoftmax;
    }

    /**
     * Return whether the output is a weighted sum of the inputs with weights of the model's own.
     */
    public boolean isLinear() {
        return operator instanceof Operator.Convolution
                || operator instanceof Operator.TransposedConvolution
                || operator instanceof Operator.Linear;
    }

    /** Name and value tell the layers of a network apart; the rest is long. */
    @Override
    public int hashCode() {
        return 31 * name.hashCode() + value.hashCode();
    }

    @Override
    public String toString() {
        return name + " (" + kind() + " " + shape() + ")";
    }
}
