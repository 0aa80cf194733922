package io.vitrail.engine.djl.block;

import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Make a graph of the nodes that lead to an output, under their names. */
final class LiveNodes {
    private final List<Node> nodes;
    private final BlockNames names;
    private final boolean[] live;

    LiveNodes(List<Node> nodes, BlockNames names) {
        this.nodes = nodes;
        this.names = names;
        this.live = new boolean[nodes.size()];
    }

    Graph graph(List<Graph.Port> inputs, List<Value> outputs, boolean readsValues) {
        outputs.forEach(this::mark);
        for (int i = live.length - 1; i >= 0; i--) {
            if (live[i]) {
                nodes.get(i).inputs().forEach(this::mark);
            }
        }
        Map<Value, Value> moved = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            moved.put(new Value.Input(i), new Value.Input(i));
        }
        List<Node> kept = new ArrayList<>();
        for (int i = 0; i < live.length; i++) {
            if (live[i]) {
                Node node = nodes.get(i);
                for (int k = 0; k < node.outputs().size(); k++) {
                    moved.put(new Value.Output(i, k), new Value.Output(kept.size(), k));
                }
                kept.add(
                        new Node(
                                names.name(i),
                                node.operator(),
                                node.inputs().stream().map(moved::get).toList(),
                                node.parameters(),
                                node.outputs(),
                                node.place()));
            }
        }
        List<Graph.Result> results = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            String name = outputs.size() == 1 ? "output" : Integer.toString(i);
            results.add(new Graph.Result(name, moved.get(outputs.get(i))));
        }
        Map<String, Value> further = new LinkedHashMap<>();
        names.containers()
                .forEach(
                        (name, value) -> {
                            if (moved.containsKey(value)) {
                                further.put(name, moved.get(value));
                            }
                        });
        return new Graph(inputs, kept, results, further, readsValues);
    }

    private void mark(Value value) {
        if (value instanceof Value.Output output) {
            live[output.node()] = true;
        }
    }
}
