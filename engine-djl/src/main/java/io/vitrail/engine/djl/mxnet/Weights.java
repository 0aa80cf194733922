package io.vitrail.engine.djl.mxnet;

import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Parameter;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The weights of a model as arrays of MXNet, each made on first use, under the library's lock. */
final class Weights {
    private static final Set<DataType> KNOWN =
            Set.of(
                    DataType.FLOAT16,
                    DataType.FLOAT32,
                    DataType.FLOAT64,
                    DataType.UINT8,
                    DataType.INT8,
                    DataType.INT32,
                    DataType.INT64,
                    DataType.BOOLEAN);

    private final NDManager manager;
    private final Map<Parameter, NDArray> arrays = new IdentityHashMap<>();
    private final Map<Parameter, NDArray> taped = new IdentityHashMap<>();
    private final FoldedWeights folded;

    /**
     * Create them.
     *
     * @param manager owns the arrays
     */
    Weights(NDManager manager) {
        this.manager = manager;
        this.folded = new FoldedWeights(manager, this::create);
    }

    /** Return the weights of convolutions with a batch norm in them. */
    FoldedWeights folded() {
        return folded;
    }

    /** Return the array that forward passes read. */
    NDArray get(Parameter parameter) {
        return arrays.computeIfAbsent(parameter, key -> kept(create(key)));
    }

    /**
     * Return the array that ways back read: tapes in training mode, and products in closed form.
     *
     * <p>A forward pass leaves a convolution's weights in the blocks that MKL-DNN likes best for
     * it, training mode undoes that, and a way back likes others: sharing them would rearrange them
     * in every pass.
     */
    NDArray taped(Parameter parameter) {
        return taped.computeIfAbsent(parameter, key -> kept(copy(key)));
    }

    private NDArray copy(Parameter parameter) {
        boolean held = parameter.array().orElse(null) instanceof MxNDArray;
        return held
                ? Calls.invoke(manager, "_copy", new NDList(get(parameter)))
                : create(parameter);
    }

    /** It outlives a scope that its first reader happens to be in. */
    private static NDArray kept(NDArray array) {
        NDScope.unregister(array);
        return array;
    }

    private NDArray create(Parameter parameter) {
        if (!KNOWN.contains(parameter.type())) {
            throw VitrailException.model(
                    "weight '"
                            + parameter.name()
                            + "' is of type "
                            + parameter.type()
                            + ", which MXNet does not run");
        }
        if (parameter.array().orElse(null) instanceof MxNDArray held) {
            return Libmxnet.alias(held, manager);
        }
        Shape stored = parameter.stored();
        int axes = stored.dimension();
        boolean ordered = parameter.order().equals(IntStream.range(0, axes).boxed().toList());
        try (NDManager scratch = manager.newSubManager()) {
            NDArray array = scratch.create(parameter.bytes(), stored, parameter.type());
            if (!ordered) {
                array =
                        Calls.invoke(
                                scratch,
                                "transpose",
                                array,
                                "axes",
                                Calls.tuple(parameter.order()));
            }
            if (!array.getShape().equals(parameter.shape())) {
                array = array.reshape(parameter.shape());
            }
            array.attach(manager);
            return array;
        }
    }
}
