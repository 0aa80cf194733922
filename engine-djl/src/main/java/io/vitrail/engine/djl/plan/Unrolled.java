package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph whose loops are written out, for an engine that has none.
 *
 * <p>A layer inside of a loop becomes one layer a step, named as the calls of a layer that is
 * called several times: {@code rnn/relu}, {@code rnn/relu#2}.
 */
public final class Unrolled {
    private final Graph graph;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Value> values = new HashMap<>();
    private final Set<Value> read = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    private Unrolled(Graph graph) {
        this.graph = graph;
        graph.nodes().forEach(node -> read.addAll(node.inputs()));
        graph.outputs().forEach(output -> read.add(output.value()));
        read.addAll(graph.names().values());
        graph.nodes().forEach(node -> used.add(node.name()));
    }

    /**
     * Return a graph without loops, the same if it has none.
     *
     * @param most how many steps a loop may have
     * @throws VitrailException if a loop has more
     */
    public static Graph of(Graph graph, int most, String engine) {
        boolean any =
                graph.nodes().stream().anyMatch(node -> node.operator() instanceof Operator.Scan);
        return any ? new Unrolled(graph).written(most, engine) : graph;
    }

    private Graph written(int most, String engine) {
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            if (node.operator() instanceof Operator.Scan scan) {
                long steps = graph.type(node.inputs().get(scan.states())).shape().get(1);
                if (steps > most) {
                    throw VitrailException.model(
                            node.name()
                                    + ": a loop of "
                                    + steps
                                    + " steps, of which "
                                    + engine
                                    + " runs "
                                    + most
                                    + " at most\n  place: "
                                    + node.place()
                                    + "\n  instead: --engine pytorch");
                }
                write(i, node, scan, (int) steps);
            } else {
                Value made = add(node.name(), node, node.inputs().stream().map(this::now).toList());
                for (int k = 0; k < node.outputs().size(); k++) {
                    values.put(
                            new Value.Output(i, k),
                            new Value.Output(((Value.Output) made).node(), k));
                }
            }
        }
        Map<String, Value> names = new LinkedHashMap<>();
        graph.names().forEach((name, value) -> names.put(name, now(value)));
        return new Graph(
                graph.inputs(),
                nodes,
                graph.outputs().stream()
                        .map(output -> new Graph.Result(output.name(), now(output.value())))
                        .toList(),
                names,
                graph.readsValues());
    }

    private Value now(Value value) {
        return value instanceof Value.Input ? value : values.getOrDefault(value, value);
    }

    private Value add(String name, Node like, List<Value> inputs) {
        nodes.add(
                new Node(
                        name,
                        like.operator(),
                        inputs,
                        like.parameters(),
                        like.outputs(),
                        like.place()));
        return new Value.Output(nodes.size() - 1, 0);
    }

    private Value add(String name, Operator operator, ArrayType type, Node loop, Value... inputs) {
        Map<String, Parameter> none = Map.of();
        nodes.add(
                new Node(
                        unique(name),
                        operator,
                        List.of(inputs),
                        none,
                        List.of(type),
                        loop.place()));
        return new Value.Output(nodes.size() - 1, 0);
    }

    private String unique(String wanted) {
        String name = wanted;
        for (int i = 2; !used.add(name); i++) {
            name = wanted + "#" + i;
        }
        return name;
    }

    private void write(int index, Node loop, Operator.Scan scan, int steps) {
        int states = scan.states();
        List<Value> state = new ArrayList<>();
        loop.inputs().subList(0, states).forEach(value -> state.add(now(value)));
        List<List<Value>> collected = new ArrayList<>();
        for (int k = 0; k < scan.collected(); k++) {
            collected.add(new ArrayList<>());
        }
        for (int t = 0; t < steps; t++) {
            Map<Value, Value> inside = new HashMap<>();
            for (int s = 0; s < states; s++) {
                inside.put(new Value.Input(s), state.get(s));
            }
            for (int i = states; i < loop.inputs().size(); i++) {
                inside.put(new Value.Input(i), step(loop, scan, i, t, steps));
            }
            for (int n = 0; n < scan.body().nodes().size(); n++) {
                Node node = scan.body().nodes().get(n);
                List<Value> inputs = node.inputs().stream().map(inside::get).toList();
                inside.put(new Value.Output(n, 0), add(unique(node.name()), node, inputs));
            }
            for (int k = 0; k < collected.size(); k++) {
                Value value = scan.body().outputs().get(states + k).value();
                if (read.contains(new Value.Output(index, k))) {
                    collected.get(k).add(asSequence(loop, k, inside.get(value)));
                }
            }
            for (int s = 0; s < states; s++) {
                state.set(s, inside.get(scan.body().outputs().get(s).value()));
            }
        }
        used.remove(loop.name());
        for (int k = 0; k < collected.size(); k++) {
            if (!collected.get(k).isEmpty()) {
                Value whole =
                        add(
                                loop.name(),
                                new Operator.Concat(1),
                                loop.outputs().get(k),
                                loop,
                                collected.get(k).toArray(Value[]::new));
                values.put(new Value.Output(index, k), whole);
            }
        }
        for (int s = 0; s < states; s++) {
            values.put(new Value.Output(index, scan.collected() + s), state.get(s));
        }
    }

    /** Return one step of a sequence, its axis of steps gone. */
    private Value step(Node loop, Operator.Scan scan, int input, int t, int steps) {
        Value sequence = loop.inputs().get(input);
        ArrayType whole = graph.type(sequence);
        int rank = whole.shape().dimension();
        List<Long> before = new ArrayList<>(Collections.nCopies(rank, 0L));
        List<Long> after = new ArrayList<>(before);
        before.set(1, (long) t);
        after.set(1, (long) steps - 1 - t);
        long[] sizes = whole.shape().getShape().clone();
        sizes[1] = 1;
        ArrayType one = new ArrayType(new Shape(sizes), whole.type(), whole.axes());
        Operator crop = new Operator.Crop(before, after);
        Value cut = add(loop.name() + "/step", crop, one, loop, now(sequence));
        ArrayType type = scan.body().inputs().get(input).type();
        return add(loop.name() + "/reshape", new Operator.Reshape(free(type)), type, loop, cut);
    }

    private Value asSequence(Node loop, int output, Value step) {
        ArrayType whole = loop.outputs().get(output);
        long[] sizes = whole.shape().getShape().clone();
        sizes[1] = 1;
        ArrayType type = new ArrayType(new Shape(sizes), whole.type(), whole.axes());
        return add(loop.name() + "/reshape", new Operator.Reshape(free(type)), type, loop, step);
    }

    /** Return sizes with the batch left free. */
    private static List<Long> free(ArrayType type) {
        List<Long> sizes = new ArrayList<>();
        for (int axis = 0; axis < type.shape().dimension(); axis++) {
            sizes.add(axis == 0 ? -1 : type.shape().get(axis));
        }
        return sizes;
    }
}
