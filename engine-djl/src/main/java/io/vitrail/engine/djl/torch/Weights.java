package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The weights of a model as arrays of the engine, each made on first use: over the file's own bytes
 * where they stand in order, else as a native copy in order.
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

    /** Memory formats as libtorch counts them. */
    private static final int CONTIGUOUS = 0;

    private static final int CHANNELS_LAST = 2;
    private static final int CHANNELS_LAST_3D = 3;

    private final NDManager manager;
    private final NativeCalls calls;
    private final Map<Parameter, FutureTask<NDArray>> arrays = new ConcurrentHashMap<>();
    private final VectorJacobian products;
    private final DerivedWeights derived;

    /** Create weights whose arrays belong to a manager of their own, closed with them. */
    public Weights(NDManager manager) {
        this(manager, NativeCalls.DIRECT, 0);
    }

    Weights(NDManager manager, NativeCalls calls, long room) {
        this.derived = new DerivedWeights(this, room);
        this.manager = manager;
        this.calls = calls;
        this.products = new VectorJacobian(manager, calls);
    }

    /** Return the array of a weight; whoever asks first makes it, the others wait for that one. */
    public NDArray get(Parameter parameter) {
        FutureTask<NDArray> mine = new FutureTask<>(() -> create(parameter));
        FutureTask<NDArray> first = arrays.putIfAbsent(parameter, mine);
        if (first == null) {
            first = mine;
            mine.run();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return first.get();
                } catch (InterruptedException e) {
                    interrupted = true; // it is nearly done: say so afterwards
                }
            }
        } catch (ExecutionException e) {
            arrays.remove(parameter, first); // another time it may work
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Return the array of a weight for a moment: that which is kept, or a copy of the caller's own
     * where keeping it would cost memory.
     *
     * <p>What lies over the file costs none, and is kept for what may be a view of it.
     *
     * @param own owns what is made
     */
    NDArray borrow(Parameter parameter, NDManager own) {
        if (isInOrder(parameter)
                || parameter.array().isPresent()
                || arrays.containsKey(parameter)) {
            return get(parameter);
        }
        calls.before("create");
        return array(parameter, own);
    }

    private NDArray create(Parameter parameter) {
        calls.before("create");
        NDArray array = array(parameter, manager);
        NDScope.unregister(array); // it outlives a scope that its first reader happens to be in
        return array;
    }

    private NDArray array(Parameter parameter, NDManager owner) {
        if (parameter.array().orElse(null) instanceof PtNDArray held) {
            NDArray alias = held.stopGradient(); // the same memory, which it keeps
            alias.attach(owner);
            return alias;
        }
        if (isInOrder(parameter)) {
            return create(parameter, parameter.shape(), owner);
        }
        try (NDManager own = calls.newManager(manager.getDevice())) {
            NDArray ordered = inOrder(parameter, own);
            ordered.attach(owner);
            return ordered;
        }
    }

    private static NDArray create(Parameter parameter, Shape shape, NDManager owner) {
        if (DIRECT.contains(parameter.type())) {
            return owner.create(parameter.bytes(), shape, parameter.type());
        }
        if (parameter.type() != DataType.BFLOAT16) {
            throw VitrailException.model(
                    "weight '"
                            + parameter.name()
                            + "' is of type "
                            + parameter.type()
                            + ", which is not run");
        }
        return BFloat16.of(parameter.bytes(), shape, owner);
    }

    /** Return whether the elements need not move; axes of one position may stand anywhere. */
    private static boolean isInOrder(Parameter parameter) {
        int last = -1;
        for (int axis : parameter.order()) {
            if (parameter.stored().get(axis) != 1) {
                if (axis < last) {
                    return false;
                }
                last = axis;
            }
        }
        return true;
    }

    /**
     * Return a native copy in order, made from the file's own bytes.
     *
     * <p>Kernels are laid out with their channels last, as the arrays that meet them are: a
     * convolution would reorder them in every call else.
     */
    private NDArray inOrder(Parameter parameter, NDManager own) {
        int rank = parameter.shape().dimension();
        int format = rank == 4 ? CHANNELS_LAST : rank == 5 ? CHANNELS_LAST_3D : CONTIGUOUS;
        String text =
                "return [torch.clone(torch.reshape(torch.permute(x[0], "
                        + parameter.order()
                        + "), "
                        + Arrays.toString(parameter.shape().getShape())
                        + "), memory_format="
                        + format
                        + ")]";
        NDList stored = new NDList(create(parameter, parameter.stored(), own));
        try (Script script = Script.compile(own, text, false, calls)) {
            return GradMode.off(() -> script.run(stored, new NDList()).head());
        }
    }

    NDList get(List<Parameter> parameters) {
        NDList list = new NDList(parameters.size());
        parameters.forEach(parameter -> list.add(get(parameter)));
        return list;
    }

    VectorJacobian products() {
        return products;
    }

    DerivedWeights derived() {
        return derived;
    }

    NDManager manager() {
        return manager;
    }

    NativeCalls calls() {
        return calls;
    }

    @Override
    public void close() {
        manager.close();
    }
}
