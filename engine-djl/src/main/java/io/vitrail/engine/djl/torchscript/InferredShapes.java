package io.vitrail.engine.djl.torchscript;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Tell the shape that an operator makes of floats from the shapes that it reads, so that a network
 * need not run to be recorded.
 *
 * <p>Null is no refusal: the operator is not of those known here, or libtorch may refuse what it
 * reads. Then it has to run, and says so itself.
 */
final class InferredShapes {
    /** 1 GiB of floats; whether more is there shows when it runs. */
    private static final double MAX_ELEMENTS = 1 << 28;

    private InferredShapes() {}

    /**
     * Return the shape of the only output, an array of floats.
     *
     * @param in shapes of the inputs, arrays of floats
     */
    static @Nullable Shape of(
            Operator operator, Map<String, Parameter> parameters, List<Shape> in) {
        for (Parameter parameter : parameters.values()) {
            if (parameter.type() != DataType.FLOAT32) {
                return null;
            }
        }
        long[] sizes = sizes(operator, parameters, in);
        double elements = 1;
        for (int i = 0; sizes != null && i < sizes.length; i++) {
            if (sizes[i] < 1) {
                return null;
            }
            elements *= sizes[i];
        }
        return sizes == null || elements > MAX_ELEMENTS ? null : new Shape(sizes);
    }

    private static long @Nullable [] sizes(
            Operator operator, Map<String, Parameter> parameters, List<Shape> in) {
        if (operator instanceof Operator.Constant) {
            return parameters.get("value").shape().getShape().clone();
        }
        if (in.isEmpty()) {
            return null;
        }
        long[] x = in.get(0).getShape().clone();
        if (isPointwise(operator)) {
            return x;
        }
        if (operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply) {
            return broadcast(x, in.get(1).getShape());
        }
        if (operator instanceof Operator.Convolution o) {
            return convolved(o, x, parameters.get("weight"), parameters.get("bias"));
        }
        if (operator instanceof Operator.BatchNorm o) {
            boolean each =
                    o.axis() == 1
                            && x.length >= 2
                            && parameters.values().stream()
                                    .allMatch(p -> p.shape().equals(new Shape(x[1])));
            return each ? x : null;
        }
        if (operator instanceof Operator.Linear) {
            return product(x, parameters.get("weight"), parameters.get("bias"));
        }
        if (operator instanceof Operator.MaxPool o) {
            return o.layout() == Layout.CHANNELS_FIRST && o.before().equals(o.after())
                    ? pooled(x, o.kernel(), o.strides(), o.before(), o.dilations(), o.ceil())
                    : null;
        }
        if (operator instanceof Operator.AveragePool o) {
            List<Long> dense = o.kernel().stream().map(size -> 1L).toList();
            return o.layout() == Layout.CHANNELS_FIRST && o.before().equals(o.after())
                    ? pooled(x, o.kernel(), o.strides(), o.before(), dense, o.ceil())
                    : null;
        }
        if (operator instanceof Operator.AdaptiveAveragePool o) {
            if (x.length != o.size().size() + 2) {
                return null;
            }
            for (int i = 0; i < o.size().size(); i++) {
                x[i + 2] = o.size().get(i);
            }
            return x;
        }
        return arranged(operator, x, in);
    }

    private static long @Nullable [] arranged(Operator operator, long[] x, List<Shape> in) {
        if (operator instanceof Operator.Softmax o) {
            return o.axes().size() == 1 && isAxis(o.axis(), x) ? x : null;
        }
        if (operator instanceof Operator.LogSoftmax o) {
            return isAxis(o.axis(), x) ? x : null;
        }
        if (operator instanceof Operator.Mean o) {
            return reduced(o, x);
        }
        if (operator instanceof Operator.Flatten o) {
            return o.start() < 0 || o.end() >= x.length || o.start() > o.end()
                    ? null
                    : joined(x, o.start(), o.end());
        }
        if (operator instanceof Operator.Reshape o) {
            return reshaped(o, x);
        }
        if (operator instanceof Operator.Permute o) {
            boolean all =
                    o.axes().size() == x.length
                            && o.axes().stream().distinct().allMatch(axis -> isAxis(axis, x))
                            && o.axes().stream().distinct().count() == x.length;
            return all ? o.axes().stream().mapToLong(axis -> x[axis]).toArray() : null;
        }
        if (operator instanceof Operator.Concat o) {
            return concatenated(o.axis(), x, in);
        }
        if (operator instanceof Operator.Pad o && o.before().size() == x.length) {
            for (int i = 0; i < x.length; i++) {
                if (o.before().get(i) < 0 || o.after().get(i) < 0) {
                    return null;
                }
                x[i] += o.before().get(i) + o.after().get(i);
            }
            return x;
        }
        return null;
    }

    private static boolean isPointwise(Operator operator) {
        return operator instanceof Operator.Relu
                || operator instanceof Operator.LeakyRelu
                || operator instanceof Operator.Clip
                || operator instanceof Operator.Elu
                || operator instanceof Operator.Gelu
                || operator instanceof Operator.Silu
                || operator instanceof Operator.Mish
                || operator instanceof Operator.Softplus
                || operator instanceof Operator.HardSwish
                || operator instanceof Operator.HardSigmoid
                || operator instanceof Operator.Sigmoid
                || operator instanceof Operator.Tanh;
    }

    private static boolean isAxis(int axis, long[] x) {
        return axis >= 0 && axis < x.length;
    }

    private static long @Nullable [] broadcast(long[] a, long[] b) {
        long[] both = new long[Math.max(a.length, b.length)];
        for (int i = 1; i <= both.length; i++) {
            long one = i <= a.length ? a[a.length - i] : 1;
            long other = i <= b.length ? b[b.length - i] : 1;
            if (one != other && one != 1 && other != 1) {
                return null;
            }
            both[both.length - i] = Math.max(one, other);
        }
        return both;
    }

    private static boolean isOptional(@Nullable Parameter bias, long size) {
        return bias == null || bias.shape().equals(new Shape(size));
    }

    private static long @Nullable [] convolved(
            Operator.Convolution o, long[] x, Parameter weight, @Nullable Parameter bias) {
        long[] kernel = weight.shape().getShape();
        int axes = o.strides().size();
        if (o.layout() != Layout.CHANNELS_FIRST
                || x.length != axes + 2
                || kernel.length != axes + 2
                || o.groups() < 1
                || x[1] != kernel[1] * o.groups()
                || kernel[0] % o.groups() != 0
                || !isOptional(bias, kernel[0])) {
            return null;
        }
        x[1] = kernel[0];
        for (int i = 0; i < axes; i++) {
            long before = o.before().get(i);
            long after = o.after().get(i);
            if (before < 0 || after < 0 || o.strides().get(i) < 1 || o.dilations().get(i) < 1) {
                return null;
            }
            long reach = o.dilations().get(i) * (kernel[i + 2] - 1) + 1;
            long room = x[i + 2] + before + after - reach;
            if (room < 0) {
                return null;
            }
            x[i + 2] = room / o.strides().get(i) + 1;
        }
        return x;
    }

    private static long @Nullable [] product(long[] x, Parameter weight, @Nullable Parameter bias) {
        long[] matrix = weight.shape().getShape();
        if (x.length < 2
                || matrix.length != 2
                || x[x.length - 1] != matrix[1]
                || !isOptional(bias, matrix[0])) {
            return null;
        }
        x[x.length - 1] = matrix[0];
        return x;
    }

    private static long @Nullable [] pooled(
            long[] x,
            List<Long> kernel,
            List<Long> strides,
            List<Long> padding,
            List<Long> dilations,
            boolean ceil) {
        int axes = kernel.size();
        if (x.length != axes + 2) {
            return null;
        }
        for (int i = 0; i < axes; i++) {
            long stride = strides.get(i);
            long pad = padding.get(i);
            if (stride < 1
                    || dilations.get(i) < 1
                    || kernel.get(i) < 1
                    || pad < 0
                    || 2 * pad > kernel.get(i)) {
                return null;
            }
            if (axes == 3 && x[i + 2] < kernel.get(i)) {
                return null; // padding counts over a plane only
            }
            long room = x[i + 2] + 2 * pad - (dilations.get(i) * (kernel.get(i) - 1) + 1);
            if (room < 0) {
                return null; // libtorch rounds it up or down to one window, or refuses it
            }
            long windows = (ceil ? room + stride - 1 : room) / stride + 1;
            if (ceil && (windows - 1) * stride >= x[i + 2] + pad) {
                windows--; // the last window must begin in the image or in front of it
            }
            x[i + 2] = windows;
        }
        return x;
    }

    private static long @Nullable [] reduced(Operator.Mean o, long[] x) {
        if (o.axes().stream().distinct().count() != o.axes().size()
                || !o.axes().stream().allMatch(axis -> isAxis(axis, x))) {
            return null;
        }
        List<Long> left = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            if (!o.axes().contains(i)) {
                left.add(x[i]);
            } else if (o.keep()) {
                left.add(1L);
            }
        }
        return left.stream().mapToLong(Long::longValue).toArray();
    }

    private static long[] joined(long[] x, int start, int end) {
        long[] result = new long[x.length - (end - start)];
        System.arraycopy(x, 0, result, 0, start);
        result[start] =
                LongStream.of(x).skip(start).limit(end - start + 1L).reduce(1, Math::multiplyExact);
        System.arraycopy(x, end + 1, result, start + 1, x.length - end - 1);
        return result;
    }

    private static long @Nullable [] reshaped(Operator.Reshape o, long[] x) {
        long elements = LongStream.of(x).reduce(1, Math::multiplyExact);
        long[] sizes = o.sizes().stream().mapToLong(Long::longValue).toArray();
        int free = -1;
        double known = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1 && free < 0) {
                free = i;
            } else if (sizes[i] < 1) {
                return null;
            } else {
                known *= sizes[i];
            }
        }
        if (known > elements || elements % (long) known != 0 || free < 0 && known != elements) {
            return null;
        }
        if (free >= 0) {
            sizes[free] = elements / (long) known;
        }
        return sizes;
    }

    private static long @Nullable [] concatenated(int axis, long[] x, List<Shape> in) {
        if (!isAxis(axis, x)) {
            return null;
        }
        long all = 0;
        for (Shape part : in) {
            if (part.dimension() != x.length) {
                return null;
            }
            for (int i = 0; i < x.length; i++) {
                if (i != axis && part.get(i) != x[i]) {
                    return null;
                }
            }
            all += part.get(axis);
        }
        x[axis] = all;
        return x;
    }
}
