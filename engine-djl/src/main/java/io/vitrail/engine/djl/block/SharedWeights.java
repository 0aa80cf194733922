package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.util.Pair;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a block as parameters of its graphs, over the same memory.
 *
 * <p>Each is an alias that is off every tape, so that neither the block's gradients nor its flags
 * are touched, and that holds the memory for as long as it is needed, even if the block is closed.
 */
final class SharedWeights implements AutoCloseable {
    /**
     * A weight.
     *
     * @param owner the path of the block that has it; empty for a constant
     */
    record Shared(Parameter parameter, NDArray alias, String owner) {}

    private final NDManager manager;
    private final Dialect dialect;
    private final Map<ai.djl.nn.Parameter, Shared> byParameter = new IdentityHashMap<>();
    private final Map<NDArray, Shared> byArray = new IdentityHashMap<>();
    private final Map<Parameter, String> owners = new IdentityHashMap<>();
    private final List<Shared> constants = new ArrayList<>();

    /**
     * Share the weights of a block.
     *
     * @param manager owns the aliases, and is closed with them
     */
    SharedWeights(Block block, NDManager manager, Dialect dialect) {
        this.manager = manager;
        this.dialect = dialect;
        share(block, "");
    }

    private void share(Block block, String path) {
        for (Pair<String, ai.djl.nn.Parameter> own : block.getDirectParameters()) {
            ai.djl.nn.Parameter parameter = own.getValue();
            if (parameter.isInitialized() && !byParameter.containsKey(parameter)) {
                NDArray array = parameter.getArray();
                String name = own.getKey();
                Shared shared = share(path.isEmpty() ? name : path + "." + name, array, path);
                byParameter.put(parameter, shared);
                byArray.put(array, shared);
            }
        }
        for (Pair<String, Block> child : block.getChildren()) {
            String name = child.getKey();
            share(child.getValue(), path.isEmpty() ? name : path + "." + name);
        }
    }

    private Shared share(String name, NDArray array, String owner) {
        NDArray alias = array.stopGradient();
        alias.attach(manager);
        NDScope.unregister(alias); // it outlives a scope that the caller happens to be in
        Object memory = dialect.memory(array);
        Parameter parameter =
                Parameter.of(
                        name, alias.getShape(), alias.getDataType(), () -> held(alias, memory));
        Shared shared = new Shared(parameter, alias, owner);
        byArray.put(alias, shared);
        owners.put(parameter, owner);
        return shared;
    }

    /** The memory that an alias stands on lives as long as the parameter that refers to both. */
    private static NDArray held(NDArray alias, @Nullable Object memory) {
        java.lang.ref.Reference.reachabilityFence(memory);
        return alias;
    }

    /** Return a weight of the block, or null if it is not one, or was not initialised. */
    @Nullable Shared of(ai.djl.nn.Parameter parameter) {
        return byParameter.get(parameter);
    }

    /** Return the path of the block that has a weight; empty for a constant. */
    String owner(Parameter parameter) {
        return owners.getOrDefault(parameter, "");
    }

    /**
     * Return an array that is not computed from the inputs: a weight that was taken past the
     * parameter store, or a constant, which is the same as an earlier one of the same numbers.
     */
    Shared of(NDArray array) {
        Shared known = byArray.get(array);
        if (known != null) {
            return known;
        }
        for (Shared constant : constants) {
            NDArray alias = constant.alias();
            if (alias.getDataType() == array.getDataType()
                    && alias.getShape().equals(array.getShape())
                    && alias.toByteBuffer().equals(array.toByteBuffer())) {
                return constant;
            }
        }
        NDArray copy = array.duplicate();
        copy.attach(manager);
        NDScope.unregister(copy);
        Shared fresh = share("constant" + (constants.size() + 1), copy, "");
        constants.add(fresh);
        return fresh;
    }

    @Override
    public void close() {
        manager.close();
    }
}
