package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Embedding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Make a graph of what was recorded: nodes that lead to an output, with shapes, types and axes. */
final class RecordedGraph {
    private final List<Draft> drafts;
    private final Function<Value, ArrayType> types;
    private final List<String> inputNames;
    private final boolean[] live;
    private final Map<Value, Value> moved = new HashMap<>();
    private final Map<Value, Axes> axes = new HashMap<>();

    /**
     * Create it.
     *
     * @param types shape and type of a value on the inputs of the recording
     */
    RecordedGraph(List<Draft> drafts, Function<Value, ArrayType> types, List<String> inputNames) {
        this.drafts = drafts;
        this.types = types;
        this.inputNames = inputNames;
        this.live = new boolean[drafts.size()];
    }

    /**
     * Return the graph.
     *
     * @param outputs name and value of each output
     * @param names further names of values
     */
    Graph of(Map<String, Value> outputs, Map<String, Value> names, boolean readsValues) {
        outputs.values().forEach(this::mark);
        for (int i = drafts.size() - 1; i >= 0; i--) {
            if (live[i]) {
                drafts.get(i).inputs.forEach(this::mark);
            }
        }
        List<Graph.Port> ports = ports();
        List<Node> nodes = nodes();
        List<Graph.Result> results = new ArrayList<>();
        outputs.forEach((name, value) -> results.add(new Graph.Result(name, moved.get(value))));
        Map<String, Value> kept = new LinkedHashMap<>();
        names.forEach(
                (name, value) -> {
                    if (moved.containsKey(value)) {
                        kept.put(name, moved.get(value));
                    }
                });
        return new Graph(ports, nodes, results, kept, readsValues);
    }

    private void mark(Value value) {
        if (value instanceof Value.Output output) {
            live[output.node()] = true;
        }
    }

    private List<Graph.Port> ports() {
        List<Graph.Port> ports = new ArrayList<>();
        for (int i = 0; i < inputNames.size(); i++) {
            Value value = new Value.Input(i);
            moved.put(value, value);
            axes.put(value, Axes.channelsFirst(rank(value)));
            ports.add(new Graph.Port(inputNames.get(i), type(value)));
        }
        return ports;
    }

    private List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            if (!live[i]) {
                continue;
            }
            Draft draft = drafts.get(i);
            List<ArrayType> types = new ArrayList<>();
            for (int k = 0; k < draft.outputs; k++) {
                Value value = new Value.Output(i, k);
                moved.put(value, new Value.Output(nodes.size(), k));
                axes.put(value, axesOf(draft, value));
                types.add(type(value));
            }
            nodes.add(
                    draft.node(draft.name, draft.inputs.stream().map(moved::get).toList(), types));
        }
        return nodes;
    }

    private ArrayType type(Value value) {
        ArrayType type = types.apply(value);
        return new ArrayType(type.shape(), type.type(), axes.get(value));
    }

    private int rank(Value value) {
        return types.apply(value).shape().dimension();
    }

    /**
     * Axes go with the first input as long as the rank stays; a permutation moves them. An
     * embedding puts its channels behind.
     */
    private Axes axesOf(Draft draft, Value value) {
        int rank = rank(value);
        if (Embedding.is(draft.operator)) {
            return Axes.channelsLast(rank);
        }
        if (draft.inputs.isEmpty() || rank(draft.inputs.get(0)) != rank) {
            return Axes.channelsFirst(rank);
        }
        Axes before = axes.get(draft.inputs.get(0));
        List<Integer> order = AtenOperators.permutation(draft.operator, rank);
        if (order.isEmpty()) {
            return before;
        }
        return new Axes(
                before.spatial().stream().map(order::indexOf).sorted().toList(),
                before.channel() < 0 ? -1 : order.indexOf(before.channel()));
    }
}
