package io.vitrail.format.keras;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A graph while its layers are called one after the other. */
final class GraphDraft {
    private final List<Graph.Port> ports;
    private final DataType type;
    private final Set<String> reserved;
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<String, Value> names = new LinkedHashMap<>();
    private final Map<Value, Value> masks = new HashMap<>();

    /**
     * Begin a graph.
     *
     * @param type the element type of the weights
     * @param reserved the paths of all layers, which no part of another layer may be called
     */
    GraphDraft(List<Graph.Port> ports, DataType type, Set<String> reserved) {
        this.ports = List.copyOf(ports);
        this.type = type;
        this.reserved = reserved;
    }

    /** Return the element type of the weights. */
    DataType type() {
        return type;
    }

    /** Return the number of nodes so far. */
    int size() {
        return nodes.size();
    }

    ArrayType type(Value value) {
        return value instanceof Value.Input input
                ? ports.get(input.index()).type()
                : nodes.get(((Value.Output) value).node())
                        .outputs()
                        .get(((Value.Output) value).index());
    }

    /** Return what the next call of a layer is called: {@code relu}, then {@code relu#2}. */
    String callName(String path) {
        int call = calls.merge(path, 1, Integer::sum);
        return call == 1 ? path : path + "#" + call;
    }

    /** Add a node, whose name may change until its layer is finished; return its outputs. */
    List<Value> add(Node node) {
        nodes.add(node);
        int last = nodes.size() - 1;
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            outputs.add(new Value.Output(last, i));
        }
        return outputs;
    }

    /** Return which steps of a value count, null where all do. */
    @Nullable Value mask(Value value) {
        return masks.get(value);
    }

    void mask(Value value, @Nullable Value mask) {
        if (mask != null) {
            masks.put(value, mask);
        }
    }

    /** Give a node its name for good; a part makes way for a layer that is called the same. */
    void name(int node, String wanted, boolean part) {
        String name = wanted;
        for (int i = 2; used.contains(name) || part && reserved.contains(name); i++) {
            name = wanted + "#" + i;
        }
        used.add(name);
        Node old = nodes.get(node);
        nodes.set(
                node,
                new Node(
                        name,
                        old.operator() instanceof Operator.Scan scan
                                ? named(scan, name)
                                : old.operator(),
                        old.inputs(),
                        old.parameters(),
                        old.outputs(),
                        old.place()));
    }

    /** Call what is inside of a loop as parts of it. */
    private Operator named(Operator.Scan scan, String loop) {
        List<Node> inside = new ArrayList<>();
        for (Node node : scan.body().nodes()) {
            String wanted = loop + "/" + node.name();
            String name = wanted;
            for (int i = 2; used.contains(name) || reserved.contains(name); i++) {
                name = wanted + "#" + i;
            }
            used.add(name);
            inside.add(
                    new Node(
                            name,
                            node.operator(),
                            node.inputs(),
                            node.parameters(),
                            node.outputs(),
                            node.place()));
        }
        Graph body = scan.body();
        return new Operator.Scan(
                scan.kind(),
                new Graph(body.inputs(), inside, body.outputs(), body.names(), false),
                scan.states());
    }

    /** Let a name stand for a value that it is not already the node of. */
    void alias(String name, Value value) {
        if (!(value instanceof Value.Output output)
                || output.index() != 0
                || !nodes.get(output.node()).name().equals(name)) {
            names.put(name, value);
        }
    }

    Graph finish(List<Graph.Result> outputs) {
        return new Graph(ports, nodes, outputs, names, false);
    }
}
