package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;

/** The sizes of a convolution over two axes, forwards and backwards. */
final class PlaneGeometry {
    /** How the input gradient is computed. */
    enum Back {
        /** Stride 1: a convolution with the kernel turned round. */
        TURNED,
        /** A transposed convolution. */
        TRANSPOSED,
        /**
         * A convolution that computes every position of a stride as a channel: several times as
         * fast as the transposed one where the image has a few channels and the kernel is wide.
         */
        PHASES,
        /** Libtorch's own, which reads the convolution's input. */
        ATEN
    }

    final Operator.Convolution operator;
    final long[] kernel; // out, in / groups, height, width
    final long[] read; // N, C, H, W; padded, where the two sides differ
    final long[] made;
    final List<Long> padding; // of oneDNN's own

    PlaneGeometry(Graph graph, Node node) {
        this.operator = (Operator.Convolution) node.operator();
        this.kernel = node.parameters().get("weight").shape().getShape();
        this.read = channelsFirst(graph.type(node.inputs().get(0)).shape());
        this.made = channelsFirst(node.outputs().get(0).shape());
        this.padding = even() ? operator.before() : List.of(0L, 0L);
        if (!even()) {
            for (int i = 0; i < 2; i++) {
                read[2 + i] += operator.before().get(i) + operator.after().get(i);
            }
        }
    }

    /** Return whether oneDNN pads by itself: as much in front as behind. */
    boolean even() {
        return operator.before().equals(operator.after())
                && operator.before().stream().allMatch(pad -> pad >= 0);
    }

    private long[] channelsFirst(Shape shape) {
        long[] s = shape.getShape();
        return operator.layout() == Layout.CHANNELS_FIRST
                ? s.clone()
                : new long[] {s[0], s[3], s[1], s[2]};
    }

    /** Return how the input gradient is computed fastest. */
    Back back() {
        boolean unit = operator.strides().equals(List.of(1L, 1L));
        if (unit && turnedPadding().stream().allMatch(pad -> pad >= 0)) {
            return Back.TURNED;
        }
        if (operator.groups() != 1 || extra(0) < 0 || extra(1) < 0) {
            return Back.ATEN;
        }
        long stride = operator.strides().get(0);
        boolean square =
                operator.strides().get(1) == stride
                        && operator.dilations().equals(List.of(1L, 1L))
                        && read[2] % stride == 0
                        && read[3] % stride == 0;
        boolean wide = kernel[2] > 2 * stride && kernel[3] > 2 * stride;
        return square && stride > 1 && kernel[1] <= 4 && wide ? Back.PHASES : Back.TRANSPOSED;
    }

    /** Return the padding of the convolution with the kernel turned round. */
    List<Long> turnedPadding() {
        List<Long> turned = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            turned.add(operator.dilations().get(i) * (kernel[2 + i] - 1) - padding.get(i));
        }
        return turned;
    }

    /** Return the positions at the end of an axis that no window reached. */
    long extra(int axis) {
        long covered =
                (made[2 + axis] - 1) * operator.strides().get(axis)
                        - 2 * padding.get(axis)
                        + operator.dilations().get(axis) * (kernel[2 + axis] - 1)
                        + 1;
        return read[2 + axis] - covered;
    }

    /**
     * Return the first output that an input reads, before it: outputs y = q + d read input q *
     * stride + r where kernel r + p - stride * d is one.
     */
    long first(int axis) {
        long stride = operator.strides().get(0);
        return -Math.floorDiv(kernel[2 + axis] - 1 - padding.get(axis), stride);
    }

    /** Return the size of the kernel that computes every phase. */
    long taps(int axis) {
        long stride = operator.strides().get(0);
        return Math.floorDiv(stride - 1 + padding.get(axis), stride) - first(axis) + 1;
    }

    /** Return the zeros in front of the outputs for that kernel. */
    List<Long> phasesBefore() {
        return List.of(-first(0), -first(1));
    }

    /** Return the zeros behind the outputs for that kernel. */
    List<Long> phasesAfter() {
        long stride = operator.strides().get(0);
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            after.add(read[2 + i] / stride - 1 + first(i) + taps(i) - made[2 + i]);
        }
        return after;
    }
}
