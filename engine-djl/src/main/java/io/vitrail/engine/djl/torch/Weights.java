package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Parameter;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a model as arrays of the engine, each made on first use, over the file's own
 * bytes.
 */
final class Weights implements AutoCloseable {
    private final NDManager manager;
    private final Map<Parameter, NDArray> arrays = new IdentityHashMap<>();
    private final VectorJacobian products;

    Weights(NDManager manager) {
        this.manager = manager;
        this.products = new VectorJacobian(manager);
    }

    synchronized NDArray get(Parameter parameter) {
        return arrays.computeIfAbsent(
                parameter,
                key -> {
                    NDArray array = manager.create(key.bytes(), key.shape(), key.type());
                    Script.nameWeights(array);
                    return array;
                });
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
