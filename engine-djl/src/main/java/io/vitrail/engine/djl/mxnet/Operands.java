package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What one node computes with, and the words that formulas are written in.
 *
 * @param weights the array of a weight by the name that the operator gives it
 * @param owner owns what is made
 * @param trace is told of every call; null where nobody listens
 */
record Operands(
        Node node,
        NDList inputs,
        Function<String, @Nullable NDArray> weights,
        NDManager owner,
        @Nullable Trace trace) {

    /** Return the same with another owner. */
    Operands in(NDManager other) {
        return new Operands(node, inputs, weights, other, trace);
    }

    /** Return the only input. */
    NDArray x() {
        return inputs.get(0);
    }

    NDArray x(int index) {
        return inputs.get(index);
    }

    @Nullable NDArray weight(String name) {
        return weights.apply(name);
    }

    NDArray need(String name) {
        NDArray weight = weight(name);
        if (weight == null) {
            throw new IllegalStateException(node.name() + " has no weight '" + name + "'");
        }
        return weight;
    }

    /** Return the sizes of the node's first output. */
    long[] output() {
        return node.outputs().get(0).shape().getShape();
    }

    NDArray call(String operator, NDArray x, Object... attributes) {
        return call(operator, new NDList(x), attributes);
    }

    NDArray call(String operator, NDArray x, NDArray y) {
        return call(operator, new NDList(x, y));
    }

    NDArray call(String operator, NDList x, Object... attributes) {
        return calls(operator, x, Calls.texts(attributes)).head();
    }

    /** Return all outputs of an operator. */
    NDList calls(String operator, NDList x, Map<String, String> attributes) {
        NDList made = Calls.invoke(owner, operator, x, attributes);
        if (trace != null) {
            trace.call(operator, x, attributes, made);
        }
        return made;
    }

    NDArray plus(NDArray x, NDArray y) {
        return call("broadcast_add", x, y);
    }

    NDArray minus(NDArray x, NDArray y) {
        return call("broadcast_sub", x, y);
    }

    NDArray times(NDArray x, NDArray y) {
        return call("broadcast_mul", x, y);
    }

    NDArray over(NDArray x, NDArray y) {
        return call("broadcast_div", x, y);
    }

    NDArray plus(NDArray x, double number) {
        return number == 0 ? x : call("_plus_scalar", x, "scalar", number);
    }

    NDArray times(NDArray x, double number) {
        return number == 1 ? x : call("_mul_scalar", x, "scalar", number);
    }

    /** Return 1 where {@code x > limit}, else 0, in the type of x; no gradient flows through. */
    NDArray above(NDArray x, double limit) {
        return call("_greater_scalar", x, "scalar", limit);
    }

    /** Return 1 where {@code x >= limit}, else 0, in the type of x; no gradient flows through. */
    NDArray atLeast(NDArray x, double limit) {
        return call("_greater_equal_scalar", x, "scalar", limit);
    }

    /** Return {@code then} where the condition is not 0, else {@code otherwise}. */
    NDArray where(NDArray condition, NDArray then, NDArray otherwise) {
        return call("where", new NDList(condition, then, otherwise));
    }

    /** Return an array like x of one number, which no gradient flows through. */
    NDArray constant(NDArray x, double number) {
        return plus(call("zeros_like", x), number);
    }

    /** Return numbers as an array of a type. */
    NDArray numbers(double[] numbers, DataType type, long... shape) {
        NDArray doubles = owner.create(numbers, new Shape(shape));
        NDArray made = type == DataType.FLOAT64 ? doubles : doubles.toType(type, false);
        return trace == null ? made : trace.constant(made);
    }

    NDArray reshaped(NDArray x, long... sizes) {
        return call("Reshape", x, "shape", LongStream.of(sizes).boxed().toList());
    }

    NDArray transposed(NDArray x, List<Integer> axes) {
        return call("transpose", x, "axes", axes);
    }

    NDArray sum(NDArray x, List<Integer> axes) {
        return call("sum", x, "axis", axes, "keepdims", true);
    }

    NDArray mean(NDArray x, List<Integer> axes, boolean keep) {
        return call("mean", x, "axis", axes, "keepdims", keep);
    }

    /** Return {@code (N, C, spatial...)}, whatever the layout. */
    NDArray channelsFirst(NDArray x, Layout layout) {
        return layout == Layout.CHANNELS_FIRST ? x : transposed(x, toFirst(rank(x)));
    }

    /** Return an array of channels first in a layout. */
    NDArray restored(NDArray x, Layout layout) {
        return layout == Layout.CHANNELS_FIRST ? x : transposed(x, toLast(rank(x)));
    }

    /** Return the spatial sizes of the node's output. */
    List<Long> outputSpace(Layout layout) {
        List<Long> sizes = LongStream.of(output()).boxed().toList();
        return layout == Layout.CHANNELS_FIRST
                ? sizes.subList(2, sizes.size())
                : sizes.subList(1, sizes.size() - 1);
    }

    static int rank(NDArray x) {
        return x.getShape().dimension();
    }

    private static List<Integer> toFirst(int rank) {
        List<Integer> axes = new ArrayList<>(List.of(0, rank - 1));
        IntStream.range(1, rank - 1).forEach(axes::add);
        return axes;
    }

    private static List<Integer> toLast(int rank) {
        List<Integer> axes = new ArrayList<>(List.of(0));
        IntStream.range(2, rank).forEach(axes::add);
        axes.add(1);
        return axes;
    }
}
