package io.vitrail.engine.djl.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import io.vitrail.api.GraphSource;
import io.vitrail.api.Model;
import io.vitrail.engine.djl.plan.Backend;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.PlannedModel;
import io.vitrail.engine.djl.plan.Prepared;

/** PyTorch for one model. */
final class TorchBackend implements Backend {
    private final Device device;
    private final NativeCalls calls;
    private final NDManager manager;
    private final Weights weights;
    private final boolean rewrites;

    /** What derived weights may take of memory, however small the network is, in bytes. */
    private static final long ROOM = 128L << 20;

    /**
     * Create it.
     *
     * @param room what derived weights may take of memory in any case, in bytes
     */
    private TorchBackend(Device device, boolean exact, NativeCalls calls, long room) {
        this.device = device;
        this.rewrites = !exact && device.equals(Device.cpu()) && Libtorch.packs();
        this.calls = calls;
        this.manager = calls.newManager(device);
        this.weights = new Weights(manager, calls, room);
    }

    /** Make a model of a source, which it owns from here on. */
    static Model load(GraphSource source, Device device, boolean exact, NativeCalls calls) {
        return load(source, device, exact, calls, ROOM);
    }

    static Model load(
            GraphSource source, Device device, boolean exact, NativeCalls calls, long room) {
        return new PlannedModel(source, new TorchBackend(device, exact, calls, room));
    }

    @Override
    public String engine() {
        return PyTorchEngine.NAME;
    }

    @Override
    public String library() {
        return "PyTorch";
    }

    @Override
    public NDManager newManager() {
        return calls.newManager(device);
    }

    @Override
    public boolean owns(NDArray array) {
        return array instanceof PtNDArray;
    }

    @Override
    public NDArray fitting(NDArray input, DataType wanted) {
        if (input.getDataType() != DataType.FLOAT32) {
            return input; // any other type is the caller's business
        }
        return switch (wanted) {
            case BFLOAT16 -> BFloat16.of(input);
            case FLOAT16 -> input.toType(wanted, true);
            default -> input;
        };
    }

    @Override
    public Prepared prepare(Plan plan) {
        Lowering lowering = rewrites ? Lowering.of(plan) : null;
        return lowering == null
                ? CompiledPlan.compile(plan, weights)
                : RewrittenPlan.compile(lowering, weights);
    }

    @Override
    public boolean isCrowded() {
        return weights.derived().isCrowded();
    }

    @Override
    public void close() {
        manager.close();
    }
}
