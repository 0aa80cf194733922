package io.vitrail.format.keras;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Find the shape of what the operators over space compute: convolutions, pooling, resizing. */
final class SpatialTypes {
    private SpatialTypes() {}

    /** Return null for an operator that is not over space. */
    static @Nullable ArrayType of(
            Operator operator, ArrayType x, Map<String, Parameter> parameters) {
        if (operator instanceof Operator.Convolution o) {
            Shape weight = parameters.get("weight").shape();
            channels(x, o.layout(), Math.multiplyExact(weight.get(1), o.groups()));
            long[] sizes = sizes(x, o.layout(), o.strides().size(), weight.get(0));
            for (int i = 0; i < o.strides().size(); i++) {
                int at = axis(o.layout(), i);
                sizes[at] =
                        slid(
                                sizes[at] + o.before().get(i) + o.after().get(i),
                                extent(weight.get(i + 2), o.dilations().get(i)),
                                o.strides().get(i),
                                false);
            }
            return typed(x, o.layout(), sizes);
        }
        if (operator instanceof Operator.TransposedConvolution o) {
            Shape weight = parameters.get("weight").shape();
            channels(x, o.layout(), weight.get(0));
            long[] sizes =
                    sizes(
                            x,
                            o.layout(),
                            o.strides().size(),
                            Math.multiplyExact(weight.get(1), o.groups()));
            for (int i = 0; i < o.strides().size(); i++) {
                int at = axis(o.layout(), i);
                long whole =
                        Math.addExact(
                                Math.multiplyExact(sizes[at] - 1, o.strides().get(i)),
                                extent(weight.get(i + 2), o.dilations().get(i)));
                sizes[at] = whole - o.before().get(i) - o.after().get(i);
            }
            return typed(x, o.layout(), sizes);
        }
        if (operator instanceof Operator.MaxPool o) {
            long[] sizes = sizes(x, o.layout(), o.kernel().size(), -1);
            for (int i = 0; i < o.kernel().size(); i++) {
                int at = axis(o.layout(), i);
                sizes[at] =
                        slid(
                                sizes[at] + o.before().get(i) + o.after().get(i),
                                extent(o.kernel().get(i), o.dilations().get(i)),
                                o.strides().get(i),
                                o.ceil());
            }
            return typed(x, o.layout(), sizes);
        }
        if (operator instanceof Operator.AveragePool o) {
            long[] sizes = sizes(x, o.layout(), o.kernel().size(), -1);
            for (int i = 0; i < o.kernel().size(); i++) {
                int at = axis(o.layout(), i);
                sizes[at] =
                        slid(
                                sizes[at] + o.before().get(i) + o.after().get(i),
                                o.kernel().get(i),
                                o.strides().get(i),
                                o.ceil());
            }
            return typed(x, o.layout(), sizes);
        }
        if (operator instanceof Operator.AdaptiveAveragePool o) {
            return typed(x, Layout.CHANNELS_FIRST, set(x, Layout.CHANNELS_FIRST, o.size()));
        }
        if (operator instanceof Operator.Resize o) {
            return typed(x, o.layout(), set(x, o.layout(), o.sizes()));
        }
        return null;
    }

    private static int axis(Layout layout, int spatial) {
        return layout == Layout.CHANNELS_FIRST ? spatial + 2 : spatial + 1;
    }

    private static ArrayType typed(ArrayType x, Layout layout, long[] sizes) {
        return new ArrayType(new Shape(sizes), x.type(), layout.axes(sizes.length));
    }

    private static void channels(ArrayType x, Layout layout, long wanted) {
        int axis = layout.channel(x.shape().dimension());
        if (x.shape().dimension() < 3 || x.shape().get(axis) != wanted) {
            throw new IllegalArgumentException(
                    "it reads " + wanted + " channels on axis " + axis + ", not " + x.shape());
        }
    }

    /** Return the sizes with another number of channels, or the same for -1. */
    private static long[] sizes(ArrayType x, Layout layout, int spatial, long channels) {
        long[] sizes = x.shape().getShape().clone();
        if (sizes.length != spatial + 2) {
            throw new IllegalArgumentException(
                    "it reads " + spatial + " axes of space, not " + x.shape());
        }
        if (channels >= 0) {
            sizes[layout.channel(sizes.length)] = channels;
        }
        return sizes;
    }

    private static long[] set(ArrayType x, Layout layout, List<Long> wanted) {
        long[] sizes = sizes(x, layout, wanted.size(), -1);
        for (int i = 0; i < wanted.size(); i++) {
            sizes[axis(layout, i)] = wanted.get(i);
        }
        return sizes;
    }

    private static long extent(long kernel, long dilation) {
        return Math.addExact(Math.multiplyExact(kernel - 1, dilation), 1);
    }

    private static long slid(long size, long extent, long stride, boolean ceil) {
        if (extent < 1 || stride < 1 || extent > size) {
            throw new IllegalArgumentException(
                    "a window of "
                            + extent
                            + " by steps of "
                            + stride
                            + " does not fit into "
                            + size);
        }
        return (size - extent + (ceil ? stride - 1 : 0)) / stride + 1;
    }
}
