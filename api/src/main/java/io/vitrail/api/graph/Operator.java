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
 * weights are the node's parameters under the names given here. Axes count from 0, and the first is
 * the batch. Operators over space say in which {@link Layout} their arrays are; their weights are
 * the same in either.
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
            long groups,
            Layout layout)
            implements Operator {
        public Convolution {
            strides = List.copyOf(strides);
            before = List.copyOf(before);
            after = List.copyOf(after);
            dilations = List.copyOf(dilations);
        }

        /** Convolve {@code (N, C, ...)}. */
        public Convolution(
                List<Long> strides,
                List<Long> before,
                List<Long> after,
                List<Long> dilations,
                long groups) {
            this(strides, before, after, dilations, groups, Layout.CHANNELS_FIRST);
        }

        @Override
        public String kind() {
            return "conv" + strides.size() + "d";
        }
    }

    /**
     * Spread each position through a kernel, the transpose of a convolution; parameters {@code
     * weight} (in, out / groups, kernel...) and, optionally, {@code bias}.
     *
     * <p>Of the whole result, {@code (n - 1) stride + (k - 1) dilation + 1} long on each axis,
     * {@code before} positions are cut off in front and {@code after} behind; a negative number
     * behind adds positions that hold the bias alone.
     */
    record TransposedConvolution(
            List<Long> strides,
            List<Long> before,
            List<Long> after,
            List<Long> dilations,
            long groups,
            Layout layout)
            implements Operator {
        public TransposedConvolution {
            strides = List.copyOf(strides);
            before = List.copyOf(before);
            after = List.copyOf(after);
            dilations = List.copyOf(dilations);
        }

        @Override
        public String kind() {
            return "conv_transpose" + strides.size() + "d";
        }
    }

    /**
     * Normalise with fixed statistics, one number a position of an axis; parameters {@code mean},
     * {@code variance}, optionally {@code weight}, {@code bias}.
     *
     * @param axis the axis that the parameters lie along, usually that of the channels
     */
    record BatchNorm(double epsilon, int axis) implements Operator {
        /** Normalise {@code (N, C, ...)} along its channels. */
        public BatchNorm(double epsilon) {
            this(epsilon, 1);
        }

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

    /**
     * Normalise each item over some axes with its own statistics; optional parameters {@code
     * weight} and {@code bias}, of the shape of those axes in ascending order.
     */
    record LayerNorm(List<Integer> axes, double epsilon) implements Operator {
        public LayerNorm {
            axes = List.copyOf(axes);
        }

        @Override
        public String kind() {
            return "layer_norm";
        }
    }

    /**
     * Normalise each item in groups of neighbouring channels with its own statistics; optional
     * parameters {@code weight} and {@code bias}, one number a channel.
     */
    record GroupNorm(long groups, double epsilon, Layout layout) implements Operator {
        @Override
        public String kind() {
            return "group_norm";
        }
    }

    /** {@code x / sqrt(max(sum(x^2), epsilon))}, the sum over some axes. */
    record UnitNorm(List<Integer> axes, double epsilon) implements Operator {
        public UnitNorm {
            axes = List.copyOf(axes);
        }

        @Override
        public String kind() {
            return "unit_norm";
        }
    }

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
     * {@code x} where positive, else {@code weight * x}; parameter {@code weight}.
     *
     * <p>A vector has one weight for each position of axis 1, or one for all; derivative the weight
     * at 0. A weight of the rank of one item, higher than 1, broadcasts against each item; then it
     * is {@code relu(x) - weight * relu(-x)}, of derivative 0 at 0, as in Keras.
     */
    record Prelu() implements Operator {}

    /**
     * {@code max} where {@code x >= max}, {@code x} where above the threshold, else {@code slope *
     * (x - threshold)}; the ReLU of Keras with all its options.
     *
     * @param max may be infinite
     */
    record GeneralRelu(double max, double slope, double threshold) implements Operator {
        @Override
        public String kind() {
            return "relu";
        }
    }

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

    /**
     * {@code clip(slope * x + 1 / 2, 0, 1)}.
     *
     * @param slope 1/6 in PyTorch and Keras 3, 0.2 in Keras 2
     */
    record HardSigmoid(double slope) implements Operator {
        /** The slope of PyTorch and Keras 3. */
        public HardSigmoid() {
            this(1.0 / 6);
        }
    }

    /** A function of each element without settings. */
    record Pointwise(Function function) implements Operator {

        /** The functions. */
        public enum Function {
            ABS(false),
            EXP(true),
            LOG(false),
            NEGATE(false),
            SQUARE(false),
            SQUARE_ROOT(false),
            /** {@code x / (1 + |x|)}. */
            SOFTSIGN(true),
            /** {@code log(sigmoid(x))}. */
            LOG_SIGMOID(true),
            /** {@code x - tanh(x)}. */
            TANH_SHRINK(true),
            /** {@code (x + sqrt(x^2 + 4)) / 2}. */
            SQUARE_PLUS(true),
            /** 0 up to -1, {@code x} from 1, {@code (x + 1)^2 / 4} between. */
            SPARSE_PLUS(true),
            /** 0 up to -1, 1 from 1, {@code (x + 1) / 2} between. */
            SPARSE_SIGMOID(true);

            private final boolean activation;

            Function(boolean activation) {
                this.activation = activation;
            }

            /** Return whether networks use it as an activation. */
            public boolean isActivation() {
                return activation;
            }
        }

        @Override
        public String kind() {
            return function.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * 0 within {@code [-limit, limit]}; beyond it {@code x}, or, soft, {@code x} moved by the limit
     * towards 0.
     */
    record Shrink(double limit, boolean soft) implements Operator {
        @Override
        public String kind() {
            return soft ? "soft_shrink" : "hard_shrink";
        }
    }

    /** {@code x} where above the limit, else another value. */
    record Threshold(double limit, double otherwise) implements Operator {}

    /** {@code 1 / (1 + exp(-x))}. */
    record Sigmoid() implements Operator {}

    /** Hyperbolic tangent. */
    record Tanh() implements Operator {}

    /** Exponentials that sum to 1 over some neighbouring axes together, usually one. */
    record Softmax(List<Integer> axes) implements Operator {
        public Softmax {
            axes = List.copyOf(axes);
            for (int i = 1; i < axes.size(); i++) {
                if (axes.get(i) != axes.get(i - 1) + 1) {
                    throw new IllegalArgumentException(axes + " are not neighbours in order");
                }
            }
        }

        /** Sum to 1 along an axis. */
        public Softmax(int axis) {
            this(List.of(axis));
        }

        /**
         * Return the only axis.
         *
         * @throws IllegalStateException if there are several
         */
        public int axis() {
            if (axes.size() != 1) {
                throw new IllegalStateException("there is not one axis but " + axes);
            }
            return axes.get(0);
        }
    }

    /** Logarithm of the softmax along an axis. */
    record LogSoftmax(int axis) implements Operator {
        @Override
        public String kind() {
            return "log_softmax";
        }
    }

    /**
     * Maximum in a window; {@code ceil} counts a last window that is not full.
     *
     * @param before places of minus infinity in front of each spatial axis
     * @param after places of minus infinity behind each spatial axis
     */
    record MaxPool(
            List<Long> kernel,
            List<Long> strides,
            List<Long> before,
            List<Long> after,
            List<Long> dilations,
            boolean ceil,
            Layout layout)
            implements Operator {
        public MaxPool {
            kernel = List.copyOf(kernel);
            strides = List.copyOf(strides);
            before = List.copyOf(before);
            after = List.copyOf(after);
            dilations = List.copyOf(dilations);
        }

        /** Pool {@code (N, C, ...)} with as much padding in front as behind. */
        public MaxPool(
                List<Long> kernel,
                List<Long> strides,
                List<Long> padding,
                List<Long> dilations,
                boolean ceil) {
            this(kernel, strides, padding, padding, dilations, ceil, Layout.CHANNELS_FIRST);
        }

        @Override
        public String kind() {
            return "max_pool" + kernel.size() + "d";
        }
    }

    /**
     * Mean in a window; {@code countPadding} counts the zeros around the image.
     *
     * @param before zeros in front of each spatial axis
     * @param after zeros behind each spatial axis
     */
    record AveragePool(
            List<Long> kernel,
            List<Long> strides,
            List<Long> before,
            List<Long> after,
            boolean ceil,
            boolean countPadding,
            Layout layout)
            implements Operator {
        public AveragePool {
            kernel = List.copyOf(kernel);
            strides = List.copyOf(strides);
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        /** Pool {@code (N, C, ...)} with as much padding in front as behind. */
        public AveragePool(
                List<Long> kernel,
                List<Long> strides,
                List<Long> padding,
                boolean ceil,
                boolean countPadding) {
            this(kernel, strides, padding, padding, ceil, countPadding, Layout.CHANNELS_FIRST);
        }

        @Override
        public String kind() {
            return "avg_pool" + kernel.size() + "d";
        }
    }

    /**
     * Mean of {@code (N, C, ...)} over windows chosen so that the output has the given spatial
     * size; size 1 is the global mean.
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

    /**
     * Maximum over some axes, which stay with size 1 where {@code keep}; equal maxima share the
     * gradient.
     */
    record Max(List<Integer> axes, boolean keep) implements Operator {
        public Max {
            axes = List.copyOf(axes);
        }
    }

    /**
     * Bring the spatial axes to other sizes, pixel centres at halves.
     *
     * @param antialias whether bilinear shrinking averages over all that an output pixel covers
     */
    record Resize(List<Long> sizes, Interpolation interpolation, boolean antialias, Layout layout)
            implements Operator {
        public Resize {
            sizes = List.copyOf(sizes);
        }

        /** How values between pixels are found. */
        public enum Interpolation {
            /** Take the pixel at {@code floor((i + 1/2) in / out)}. */
            NEAREST,
            /** Weigh the neighbours by distance; edges go on. */
            BILINEAR
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

    /** First input divided by second, shapes broadcast. */
    record Divide() implements Operator {
        @Override
        public String kind() {
            return "div";
        }
    }

    /** The larger of two inputs, shapes broadcast; the first gets the gradient where equal. */
    record Maximum() implements Operator {}

    /** The smaller of two inputs, shapes broadcast; the first gets the gradient where equal. */
    record Minimum() implements Operator {}

    /** {@code factor * x + shift}. */
    record Scale(double factor, double shift) implements Operator {}

    /** Matrix product over the last two axes, the leading ones broadcast. */
    record MatMul() implements Operator {}

    /** The input itself: a layer that does nothing at inference. */
    record Identity() implements Operator {}

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

    /** Cut off the ends of axes, one entry an axis, in front and behind. */
    record Crop(List<Long> before, List<Long> after) implements Operator {
        public Crop {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** Repeat the whole array along each axis, one number an axis. */
    record Tile(List<Long> repeats) implements Operator {
        public Tile {
            repeats = List.copyOf(repeats);
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

    /** Axes in reverse order of their positions. */
    record Flip(List<Integer> axes) implements Operator {
        public Flip {
            axes = List.copyOf(axes);
        }
    }

    /**
     * Look rows up by their numbers, which become an axis behind those of the input; parameter
     * {@code weight} (rows, size).
     *
     * <p>Numbers may come as fractions, which are cut off; nothing flows back to them.
     */
    record Embedding() implements Operator {}

    /** Whether each element stands in a relation to a number; nothing flows back. */
    record Compare(Relation relation, double number) implements Operator {

        /** How an element stands to a number. */
        public enum Relation {
            EQUAL,
            NOT_EQUAL,
            GREATER,
            GREATER_OR_EQUAL,
            LESS,
            LESS_OR_EQUAL
        }

        @Override
        public String kind() {
            return relation.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The second input where the first holds, or is not 0, else the third; shapes broadcast. */
    record Select() implements Operator {
        @Override
        public String kind() {
            return "where";
        }
    }

    /**
     * Run a graph once a step, along axis 1 of arrays, and hand states from step to step.
     *
     * <p>The node's inputs are the first states, then the sequences (N, steps, ...); those of the
     * body are the states, then one step of each sequence (N, ...). The body returns the next
     * states, then what is collected. The node's outputs are what was collected, as sequences, then
     * the last states. Its parameters are those of the body's nodes.
     *
     * @param kind what listings call it: {@code lstm}
     * @param body one step; its nodes' names are unique in the whole network
     * @param states the number of states
     */
    record Scan(String kind, Graph body, int states) implements Operator {
        /** Return the number of outputs that are sequences. */
        public int collected() {
            return body.outputs().size() - states;
        }

        /**
         * Return which output of the node has the values that something in the body takes, one step
         * after the other, or -1 if they are not collected.
         */
        public int collected(Value value) {
            for (int i = 0; i < collected(); i++) {
                if (body.outputs().get(states + i).value().equals(value)) {
                    return i;
                }
            }
            return -1;
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
