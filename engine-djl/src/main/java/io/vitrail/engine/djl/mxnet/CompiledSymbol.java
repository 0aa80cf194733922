package io.vitrail.engine.djl.mxnet;

import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.jna.JnaUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A symbol that MXNet runs in one call, and differentiates in another: its {@code CachedOp}. */
final class CompiledSymbol implements AutoCloseable {
    private final List<String> inputs;
    private final Pointer handle;

    private CompiledSymbol(List<String> inputs, Pointer handle) {
        this.inputs = inputs;
        this.handle = handle;
    }

    /**
     * Compile a symbol.
     *
     * @param constant whether an input, by name, is the same array in every run
     * @param kept whether MXNet keeps the memory for what it computes on the way from one run to
     *     the next
     */
    static CompiledSymbol of(String json, Predicate<String> constant, boolean kept) {
        Pointer symbol = JnaUtils.createSymbolFromString(json);
        try {
            List<String> inputs = List.of(JnaUtils.listSymbolNames(symbol));
            String keep = kept ? "1" : "0";
            return new CompiledSymbol(
                    inputs,
                    Libmxnet.cachedOp(
                            symbol,
                            new String[] {
                                "data_indices", "param_indices", "static_alloc", "static_shape"
                            },
                            new String[] {
                                indices(inputs, constant.negate()),
                                indices(inputs, constant),
                                keep,
                                keep
                            }));
        } finally {
            JnaUtils.freeSymbol(symbol);
        }
    }

    private static String indices(List<String> inputs, Predicate<String> which) {
        return IntStream.range(0, inputs.size())
                .filter(i -> which.test(inputs.get(i)))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Return the inputs that the outputs depend on, in MXNet's order. */
    List<String> inputs() {
        return inputs;
    }

    /** Return the outputs. */
    NDList run(Function<String, NDArray> arrays, NDManager owner) {
        MxNDArray[] given =
                inputs.stream().map(arrays).map(MxNDArray.class::cast).toArray(MxNDArray[]::new);
        return new NDList(JnaUtils.cachedOpInvoke((MxNDManager) owner, handle, given));
    }

    @Override
    public void close() {
        JnaUtils.freeCachedOp(handle);
    }
}
