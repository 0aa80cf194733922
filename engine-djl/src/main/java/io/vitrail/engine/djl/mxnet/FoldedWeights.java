package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The weights of convolutions with the batch norm behind them, computed once, in double precision.
 *
 * <p>The way back has a weight of its own: either way leaves it in the blocks that suit it.
 */
final class FoldedWeights {
    private record Folded(NDArray weight, NDArray back, NDArray bias) {}

    /** A convolution and a batch norm by their weights: the same ones in every recording. */
    private record Key(Parameter weight, Parameter variance) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.weight == weight && key.variance == variance;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(weight) + System.identityHashCode(variance);
        }
    }

    private final NDManager manager;
    private final Function<Parameter, NDArray> plain;
    private final Map<Key, Folded> folded = new HashMap<>();

    /**
     * Create them.
     *
     * @param manager owns the arrays
     * @param plain makes the array of a weight, owned by the caller
     */
    FoldedWeights(NDManager manager, Function<Parameter, NDArray> plain) {
        this.manager = manager;
        this.plain = plain;
    }

    /**
     * Return the weight or the bias of both.
     *
     * @param name {@code weight} or {@code bias}
     * @param back whether the way back reads it
     */
    NDArray get(Node convolution, Node norm, String name, boolean back) {
        Key key =
                new Key(
                        Objects.requireNonNull(convolution.parameters().get("weight")),
                        Objects.requireNonNull(norm.parameters().get("variance")));
        Folded both = folded.computeIfAbsent(key, k -> fold(convolution, norm));
        return name.equals("bias") ? both.bias() : back ? both.back() : both.weight();
    }

    private Folded fold(Node convolution, Node norm) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray variance = Objects.requireNonNull(wide(norm, "variance", scratch));
            double epsilon = ((Operator.BatchNorm) norm.operator()).epsilon();
            NDArray deviation =
                    call(
                            scratch,
                            "sqrt",
                            Calls.invoke(scratch, "_plus_scalar", variance, "scalar", epsilon));
            NDArray ones = call(scratch, "ones_like", variance);
            NDArray gamma = or(ones, wide(norm, "weight", scratch));
            NDArray factor = call(scratch, "elemwise_div", gamma, deviation);
            NDArray weight = Objects.requireNonNull(wide(convolution, "weight", scratch));
            Long[] channel = new Long[weight.getShape().dimension()];
            Arrays.fill(channel, 1L);
            channel[0] = -1L;
            NDArray along =
                    Calls.invoke(scratch, "Reshape", factor, "shape", Arrays.asList(channel));
            NDArray zeros = call(scratch, "zeros_like", variance);
            NDArray bias = or(zeros, wide(convolution, "bias", scratch));
            NDArray mean = Objects.requireNonNull(wide(norm, "mean", scratch));
            NDArray centred = call(scratch, "elemwise_sub", bias, mean);
            NDArray shift = or(zeros, wide(norm, "bias", scratch));
            NDArray whole =
                    call(
                            scratch,
                            "elemwise_add",
                            call(scratch, "elemwise_mul", centred, factor),
                            shift);
            NDArray product = call(scratch, "broadcast_mul", weight, along);
            DataType type = Objects.requireNonNull(convolution.parameters().get("weight")).type();
            return new Folded(
                    kept(product, type, scratch),
                    kept(product, type, scratch),
                    kept(whole, type, scratch));
        }
    }

    private static NDArray or(NDArray otherwise, @Nullable NDArray array) {
        return array == null ? otherwise : array;
    }

    private @Nullable NDArray wide(Node node, String name, NDManager scratch) {
        Parameter parameter = node.parameters().get(name);
        if (parameter == null) {
            return null;
        }
        NDArray array = plain.apply(parameter);
        array.attach(scratch);
        return Calls.invoke(scratch, "Cast", array, "dtype", "float64");
    }

    private NDArray kept(NDArray array, DataType type, NDManager scratch) {
        String name = type.name().toLowerCase(Locale.ROOT);
        NDArray made =
                Calls.invoke(scratch, "_copy", Calls.invoke(scratch, "Cast", array, "dtype", name));
        made.attach(manager);
        NDScope.unregister(made);
        return made;
    }

    private static NDArray call(NDManager owner, String operator, NDArray... x) {
        return Calls.invoke(owner, operator, new NDList(x));
    }
}
