package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Parameter;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a model as arrays of the engine, each made on first use, over the file's own
 * bytes.
 */
public final class Weights implements AutoCloseable {
    /** Types of which DJL makes arrays; it aborts the process when asked for another. */
    private static final Set<DataType> DIRECT =
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
    private final VectorJacobian products;

    /** Create weights whose arrays belong to a manager of their own, closed with them. */
    public Weights(NDManager manager) {
        this.manager = manager;
        this.products = new VectorJacobian(manager);
    }

    /** Return the array of a weight. */
    public synchronized NDArray get(Parameter parameter) {
        return arrays.computeIfAbsent(
                parameter,
                key -> {
                    NDArray array = create(key);
                    Script.nameWeights(array);
                    return array;
                });
    }

    private NDArray create(Parameter parameter) {
        if (DIRECT.contains(parameter.type())) {
            return manager.create(parameter.bytes(), parameter.shape(), parameter.type());
        }
        if (parameter.type() != DataType.BFLOAT16) {
            throw VitrailException.model(
                    "weight '"
                            + parameter.name()
                            + "' is of type "
                            + parameter.type()
                            + ", which is not run");
        }
        return BFloat16.of(parameter.bytes(), parameter.shape(), manager);
    }

    NDList get(List<Parameter> parameters) {
        NDList list = new NDList(parameters.size());
        parameters.forEach(parameter -> list.add(get(parameter)));
        return list;
    }

    VectorJacobian products() {
        return products;
    }

    NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        manager.close();
    }
}
