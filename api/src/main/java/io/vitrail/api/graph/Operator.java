package io.vitrail.api.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node computes.
 *
 * <p>Either one of the neutral operators, which every engine runs, or {@link Native}: an operator
 * of one engine, by name, which only that engine runs. Inputs are the node's inputs in order;
 * weights are the node's parameters under the names given here. Axes count from 0; arrays are
 * {@code (N, C, ...)} unless an operator says otherwise.
 */
public sealed interface Operator {

    /**
     * Return the short name that listings and layer names use, such as {@code conv2d} or {@code
     * relu}.
     */
    default String kind() {
        return getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Convolve; parameters {@code weight} (out, in / groups, kernel...) and, optionally, {@code
     * bias}.
     *
     * @param before zeros in front of each spatial axis
     * @param after zeros behind each spatial axis
     */
    record Convolution(
            List<Long> strides,
            List<Long> before,
            List<Long> after,
            List<Long> dilations,
            long groups)
            implements Operator {
        public Convolution {
            strides = List.copyOf(strides);
            before = List.copyOf(before);
            after = List.copyOf(after);
            dilations = List.copyOf(dilations);
        }

        @Override
        public String kind() {
            return "conv" + strides.size() + "d";
        }
    }

    /**
     * Normalise with fixed statistics; parameters {@code mean}, {@code variance}, optionally {@code
     * weight}, {@code bias}.
     */
    record BatchNorm(double epsilon) implements Operator {
        @Override
        public String kind() {
            return "batch_norm";
        }
    }

    /**
     * Multiply the last axis by a matrix; parameters {@code weight} (out, in) and, optionally,
     * {@code bias}.
     */
    record Linear() implements Operator {}

    /** {@code max(x, 0)}; derivative 0 at 0. */
    record Relu() implements Operator {}

    /** {@code x} where positive, else {@code slope * x}; derivative {@code slope} at 0. */
    record LeakyRelu(double slope) implements Operator {
        @Override
        public String kind() {
            return "leaky_relu";
        }
    }

    /**
     * {@code x} where positive, else {@code weight * x}, one weight a channel or one for all;
     * parameter {@code weight}.
     */
    record Prelu() implements Operator {}

    /**
     * Clip to a range; infinite ends are allowed.
     *
     * @param inclusive whether the derivative at the ends is 1 (clamp) or 0 (ReLU6, hardtanh)
     */
    record Clip(double min, double max, boolean inclusive) implements Operator {
        @Override
        public String kind() {
            return inclusive ? "clamp" : min == 0 && max == 6 ? "relu6" : "hardtanh";
        }
    }

    /**
     * {@code scale * x} where positive, else {@code scale * alpha * (exp(rate * x) - 1)}; SELU and
     * CELU are of this form.
     */
    record Elu(double alpha, double scale, double rate) implements Operator {}

    /** Gaussian error linear unit, by the error function or by its approximation with tanh. */
    record Gelu(boolean tanh) implements Operator {}

    /** {@code x * sigmoid(x)}, also called swish. */
    record Silu() implements Operator {}

    /** {@code x * tanh(softplus(x))}. */
    record Mish() implements Operator {}

    /** {@code log(1 + exp(beta * x)) / beta}. */
    record Softplus(double beta) implements Operator {}

    /** {@code x * clip(x + 3, 0, 6) / 6}. */
    record HardSwish() implements Operator {}

    /** {@code clip(x / 6 + 1 / 2, 0, 1)}. */
    record HardSigmoid() implements Operator {}

    /** {@code 1 / (1 + exp(-x))}. */
    record Sigmoid() implements Operator {}

    /** Hyperbolic tangent. */
    record Tanh() implements Operator {}

    /** Exponentials that sum to 1 along an axis. */
    record Softmax(int axis) implements Operator {}

    /** Logarithm of the softmax along an axis. */
    record LogSoftmax(int axis) implements Operator {
        @Override
        public String kind() {
            return "log_softmax";
        }
    }

    /** Maximum in a window; {@code ceil} counts a last window that is not full. */
    record MaxPool(
            List<Long> kernel,
            List<Long> strides,
            List<Long> padding,
            List<Long> dilations,
            boolean ceil)
            implements Operator {
        public MaxPool {
            kernel = List.copyOf(kernel);
            strides = List.copyOf(strides);
            padding = List.copyOf(padding);
            dilations = List.copyOf(dilations);
        }

        @Override
        public String kind() {
            return "max_pool" + kernel.size() + "d";
        }
    }

    /** Mean in a window; {@code countPadding} counts the zeros around the image. */
    record AveragePool(
            List<Long> kernel,
            List<Long> strides,
            List<Long> padding,
            boolean ceil,
            boolean countPadding)
            implements Operator {
        public AveragePool {
            kernel = List.copyOf(kernel);
            strides = List.copyOf(strides);
            padding = List.copyOf(padding);
        }

        @Override
        public String kind() {
            return "avg_pool" + kernel.size() + "d";
        }
    }

    /**
     * Mean over windows chosen so that the output has the given spatial size; size 1 is the global
     * mean.
     */
    record AdaptiveAveragePool(List<Long> size) implements Operator {
        public AdaptiveAveragePool {
            size = List.copyOf(size);
        }

        @Override
        public String kind() {
            return "adaptive_avg_pool" + size.size() + "d";
        }
    }

    /** Mean over some axes, which stay with size 1 where {@code keep}. */
    record Mean(List<Integer> axes, boolean keep) implements Operator {
        public Mean {
            axes = List.copyOf(axes);
        }
    }

    /** First input plus second, shapes broadcast. */
    record Add() implements Operator {}

    /** First input minus second, shapes broadcast. */
    record Subtract() implements Operator {
        @Override
        public String kind() {
            return "sub";
        }
    }

    /** First input times second, shapes broadcast. */
    record Multiply() implements Operator {
        @Override
        public String kind() {
            return "mul";
        }
    }

    /** Join the inputs along an axis. */
    record Concat(int axis) implements Operator {
        @Override
        public String kind() {
            return "cat";
        }
    }

    /** Zeros or another value around the input, one entry an axis, in front and behind. */
    record Pad(List<Long> before, List<Long> after, double value) implements Operator {
        public Pad {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** The same elements in another shape, in row-major order; one size may be -1, inferred. */
    record Reshape(List<Long> sizes) implements Operator {
        public Reshape {
            sizes = List.copyOf(sizes);
        }
    }

    /** Join the axes from {@code start} to {@code end}, both included. */
    record Flatten(int start, int end) implements Operator {}

    /** Axes in another order. */
    record Permute(List<Integer> axes) implements Operator {
        public Permute {
            axes = List.copyOf(axes);
        }
    }

    /** A weight that is an input of other nodes; parameter {@code value}, no inputs. */
    record Constant() implements Operator {}

    /**
     * An operator of one engine.
     *
     * <p>Weights are the node's parameters {@code p0}, {@code p1}, ...; how inputs, parameters and
     * literals are arranged is the engine's own business, written in the attributes.
     *
     * @param engine the only engine that runs it
     * @param name the engine's name for it
     * @param attributes in the engine's own spelling
     */
    record Native(String engine, String name, Map<String, String> attributes) implements Operator {
        public Native {
            attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        }

        @Override
        public String kind() {
            return name;
        }
    }
}
