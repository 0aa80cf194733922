package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Put the graphs of blocks that are files into a recording; each is read once. */
final class SymbolGraphs implements AutoCloseable {
    private final Dialect dialect;
    private final Map<Block, GraphSource> sources = new IdentityHashMap<>();

    SymbolGraphs(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Add the nodes of such a block, and return its outputs. */
    NDList inline(Block block, NDList inputs, Interception interception) {
        Recording recording = interception.recording();
        String path = recording.names().path();
        GraphSource source = sources.get(block);
        if (source == null) {
            source = dialect.symbol(block, path);
            if (source == null) {
                throw new Refusal(
                        path,
                        "a " + block.getClass().getSimpleName() + " is of no format that is read",
                        "load the file that it came from");
            }
            sources.put(block, source);
        }
        List<Recorded> fed = new ArrayList<>();
        NDList real = new NDList();
        for (NDArray input : inputs) {
            Recorded recorded = interception.unwrap(input);
            fed.add(recorded);
            real.add(recorded.array());
        }
        Graph graph = source.graph(real);
        if (graph.readsValues()) {
            recording.valueRead();
        }
        NDList results = block.forward(new ParameterStore(recording.manager(), false), real, false);
        results.attach(recording.manager());
        NDList outputs = new NDList();
        List<Value> values = added(graph, fed, recording);
        for (int i = 0; i < values.size(); i++) {
            outputs.add(
                    interception.wrap(
                            new Recorded(
                                    new Recorded.Computed(values.get(i)), results.get(i), true)));
        }
        return outputs;
    }

    private static List<Value> added(Graph graph, List<Recorded> fed, Recording recording) {
        Map<Value, Value> moved = new HashMap<>();
        for (int i = 0; i < fed.size(); i++) {
            moved.put(new Value.Input(i), recording.value(fed.get(i)));
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            List<Value> outputs =
                    recording.inlined(node, node.inputs().stream().map(moved::get).toList());
            for (int k = 0; k < outputs.size(); k++) {
                moved.put(new Value.Output(i, k), outputs.get(k));
            }
        }
        recording.names().inlined(graph.names(), moved);
        return graph.outputs().stream().map(output -> moved.get(output.value())).toList();
    }

    @Override
    public void close() {
        sources.values().forEach(GraphSource::close);
    }
}
