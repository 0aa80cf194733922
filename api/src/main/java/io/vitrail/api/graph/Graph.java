package io.vitrail.api.graph;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network as a straight line of operations, the neutral form between file formats and engines.
 *
 * @param inputs what the network is fed
 * @param nodes the operations in an order in which they can be executed
 * @param outputs what the network returns, in order
 * @param names further names of values, such as {@code layer4} for the output of the last node
 *     inside that module; such a name goes before that of a node
 * @param readsValues whether building this graph looked at the values of its inputs, so that it
 *     holds for those inputs only
 */
public record Graph(
        List<Port> inputs,
        List<Node> nodes,
        List<Result> outputs,
        Map<String, Value> names,
        boolean readsValues) {

    /** A named input of a graph. */
    public record Port(String name, ArrayType type) {}

    /** A named output of a graph. */
    public record Result(String name, Value value) {}

    public Graph {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
        names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (!seen.add(node.name())) {
                throw new IllegalArgumentException("two nodes are called '" + node.name() + "'");
            }
            for (Value value : node.inputs()) {
                check(value, i, inputs, nodes, node.name());
            }
        }
        for (Result output : outputs) {
            check(output.value(), nodes.size(), inputs, nodes, output.name());
        }
    }

    /** Return the shape, type and axes of a value. */
    public ArrayType type(Value value) {
        return typeOf(value, inputs, nodes);
    }

    private static ArrayType typeOf(Value value, List<Port> inputs, List<Node> nodes) {
        if (value instanceof Value.Input input) {
            return inputs.get(input.index()).type();
        }
        Value.Output output = (Value.Output) value;
        return nodes.get(output.node()).outputs().get(output.index());
    }

    private static void check(
            Value value, int before, List<Port> inputs, List<Node> nodes, String reader) {
        boolean ok =
                value instanceof Value.Input input
                        ? input.index() >= 0 && input.index() < inputs.size()
                        : value instanceof Value.Output output
                                && output.node() >= 0
                                && output.node() < before
                                && output.index() >= 0
                                && output.index() < nodes.get(output.node()).outputs().size();
        if (!ok) {
            throw new IllegalArgumentException(
                    "'" + reader + "' reads " + value + ", which is not computed before it");
        }
    }
}
