package io.vitrail.engine.djl.mxnet;

import ai.djl.Device;
import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.engine.djl.plan.Backend;
import io.vitrail.engine.djl.plan.Plan;
import io.vitrail.engine.djl.plan.Prepared;
import io.vitrail.engine.djl.plan.Replacements;
import io.vitrail.engine.djl.plan.Run;
import io.vitrail.engine.djl.plan.Unrolled;
import java.util.List;

/** MXNet for one model. */
final class MxNetBackend implements Backend {
    private static final int MOST_STEPS = 256; // each is written out

    private final Device device;
    private final boolean exact;
    private final NDManager manager;
    private final Weights weights;

    MxNetBackend(Device device, boolean exact) {
        this.device = device;
        this.exact = exact;
        this.manager = Libmxnet.newManager(device);
        this.weights = new Weights(manager);
    }

    @Override
    public String engine() {
        return MxNetEngine.NAME;
    }

    @Override
    public String library() {
        return "MXNet";
    }

    @Override
    public NDManager newManager() {
        return Libmxnet.newManager(device);
    }

    @Override
    public boolean owns(NDArray array) {
        return array instanceof MxNDArray;
    }

    @Override
    public NDArray fitting(NDArray input, DataType wanted) {
        boolean half = wanted == DataType.FLOAT16 && input.getDataType() == DataType.FLOAT32;
        return half ? Libmxnet.alone(() -> input.toType(wanted, true)) : input;
    }

    @Override
    public boolean guides(Node node) {
        return Kernels.closed(node);
    }

    @Override
    public Graph fitting(Graph graph) {
        return Unrolled.of(graph, MOST_STEPS, MxNetEngine.NAME);
    }

    @Override
    public Prepared prepare(Plan plan) {
        plan.graph().nodes().forEach(Kernels::of); // refuses what does not run here
        return new Planned(
                plan, Pieces.of(plan), weights, new Symbols(plan, weights, exact, device));
    }

    private record Planned(Plan plan, List<Piece> pieces, Weights weights, Symbols symbols)
            implements Prepared {
        @Override
        public Run run(Replacements replacements, NDList inputs, NDManager manager) {
            MxNetRun run = new MxNetRun(plan, pieces, weights, symbols, manager);
            return Libmxnet.alone(() -> run.forward(replacements, inputs));
        }

        @Override
        public void close() {
            symbols.close();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
