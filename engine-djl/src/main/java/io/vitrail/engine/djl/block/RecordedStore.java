package io.vitrail.engine.djl.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Hand out the weights of a block as aliases, recorded or plain. */
final class RecordedStore extends ParameterStore {
    private final NDManager manager;
    private final SharedWeights weights;
    private final Function<SharedWeights.Shared, NDArray> form;

    /**
     * Create it.
     *
     * @param manager what the block is told to make arrays with
     * @param form makes of a weight what the block gets
     */
    RecordedStore(
            NDManager manager,
            SharedWeights weights,
            Function<SharedWeights.Shared, NDArray> form) {
        super(manager, false);
        this.manager = manager;
        this.weights = weights;
        this.form = form;
    }

    @Override
    public @Nullable NDArray getValue(
            @Nullable Parameter parameter, Device device, boolean training) {
        if (parameter == null) {
            return null;
        }
        SharedWeights.Shared shared = weights.of(parameter);
        if (shared == null) {
            throw new Refusal(
                    "weight '" + parameter.getName() + "'",
                    "it is not initialised, or belongs to no block among the children",
                    "initialise the block, and add every block that it calls with addChildBlock");
        }
        return form.apply(shared);
    }

    @Override
    public NDManager getManager() {
        return manager;
    }
}
