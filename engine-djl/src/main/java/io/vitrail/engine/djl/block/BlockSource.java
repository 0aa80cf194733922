package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A block that an application holds; its graphs are recorded while its forward pass runs.
 *
 * <p>Recordings queue: a block makes no promise that two threads may run it.
 */
final class BlockSource implements GraphSource {
    private final Block block;
    private final String name;
    private final Dialect dialect;
    private final List<Graph.Port> inputs;
    private final NDManager manager;
    private final SharedWeights weights;
    private final SymbolGraphs symbols;

    /**
     * Create it.
     *
     * @param shapes the shapes of the inputs, batch included; empty where unknown
     * @param manager owns the aliases of the weights, and is closed with the source
     */
    BlockSource(Block block, String name, List<Shape> shapes, Dialect dialect, NDManager manager) {
        this.block = block;
        this.name = name;
        this.dialect = dialect;
        this.manager = manager;
        this.weights = new SharedWeights(block, manager.newSubManager(), dialect);
        this.symbols = new SymbolGraphs(dialect);
        this.inputs = ports(shapes);
    }

    private static List<Graph.Port> ports(List<Shape> shapes) {
        List<Graph.Port> ports = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            long[] sizes = shapes.get(i).getShape().clone();
            if (sizes.length > 0) {
                sizes[0] = -1;
            }
            ports.add(
                    new Graph.Port(
                            portName(i, shapes.size()),
                            new ArrayType(
                                    new Shape(sizes),
                                    DataType.FLOAT32,
                                    Axes.channelsFirst(sizes.length))));
        }
        return List.copyOf(ports);
    }

    private static String portName(int index, int count) {
        return count == 1 ? "input" : "input_" + index;
    }

    @Override
    public String format() {
        return DjlBlocks.ID;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> engine() {
        return Optional.of(dialect.engine());
    }

    @Override
    public List<Graph.Port> inputs() {
        return inputs;
    }

    @Override
    public Graph graph(NDList fed) {
        try {
            return dialect.alone(() -> proved(fed));
        } catch (Refusal refusal) {
            throw refusal.of(name);
        }
    }

    private synchronized Graph proved(NDList fed) {
        Graph first = record(fed);
        new Proof(this, dialect).check(first, fed);
        return first;
    }

    /** Record the block on these inputs, which stay as they are. */
    Graph record(NDList fed) {
        try (Recording recording = new Recording(manager.newSubManager(), weights, dialect)) {
            Interception interception = new Interception(recording);
            NDList proxies = new NDList();
            List<Graph.Port> ports = new ArrayList<>();
            for (int i = 0; i < fed.size(); i++) {
                NDArray own = own(fed.get(i), recording.manager());
                Recorded input = recording.input(i, own);
                ports.add(
                        new Graph.Port(
                                portName(i, fed.size()), recording.type(recording.value(input))));
                proxies.add(interception.wrap(input));
            }
            BlockRun run = new BlockRun(interception, symbols);
            List<Recorded> outputs = run.unwrapped(run.forward(block, proxies));
            if (outputs.isEmpty()) {
                throw new Refusal("its forward pass", "it returns no array", "return one");
            }
            return recording.graph(ports, outputs);
        }
    }

    /** Run the block as it is on these inputs, which stay as they are. */
    NDList plain(NDList fed, NDManager own) {
        NDList copies = new NDList();
        fed.forEach(input -> copies.add(own(input, own)));
        ParameterStore store = new RecordedStore(own, weights, SharedWeights.Shared::alias);
        NDList outputs = block.forward(store, copies, false, null);
        outputs.attach(own);
        return outputs;
    }

    private static NDArray own(NDArray array, NDManager own) {
        try (NDArray untaped = array.stopGradient()) {
            NDArray copy = untaped.duplicate();
            copy.attach(own);
            return copy;
        }
    }

    NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        dialect.alone(this::free);
    }

    private synchronized boolean free() {
        symbols.close();
        weights.close();
        manager.close();
        return true;
    }
}
