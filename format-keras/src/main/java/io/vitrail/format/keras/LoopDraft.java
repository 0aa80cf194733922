package io.vitrail.format.keras;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layer;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The body of a loop while it is written. */
record LoopDraft(LayerBuilder layer, String kind, List<Value> states, List<Value> sequences) {
    /**
     * A loop.
     *
     * @param types of what its node computes
     */
    record Made(Operator.Scan scan, Map<String, Parameter> weights, List<ArrayType> types) {}

    /** Begin the graph of one step. */
    GraphDraft begin(GraphDraft outside) {
        List<Graph.Port> ports = new ArrayList<>();
        for (Value state : states) {
            ports.add(new Graph.Port("state" + ports.size(), layer.type(state)));
        }
        for (Value sequence : sequences) {
            if (steps(sequence) != steps(sequences.get(0))) {
                throw layer.refusal(
                        "runs over "
                                + steps(sequences.get(0))
                                + " and "
                                + steps(sequence)
                                + " steps at once",
                        "sequences are of equal length");
            }
            ports.add(new Graph.Port("step" + ports.size(), step(layer.type(sequence))));
        }
        return new GraphDraft(ports, outside.type(), Set.of());
    }

    private long steps(Value sequence) {
        if (layer.rank(sequence) < 2) {
            throw layer.refusal(
                    "runs over the steps of " + layer.shape(sequence), "steps are the second axis");
        }
        return layer.shape(sequence).get(1);
    }

    /** Return the steps, then the states, as the body sees them. */
    List<Value> inputs() {
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            inputs.add(new Value.Input(states.size() + i));
        }
        for (int s = 0; s < states.size(); s++) {
            inputs.add(new Value.Input(s));
        }
        return inputs;
    }

    Made finish(GraphDraft inside, LayerBuilder.Step returned) {
        if (returned.states().size() != states.size()) {
            throw layer.refusal(
                    "returns " + returned.states().size() + " states of " + states.size(),
                    "a step returns as many states as it is given");
        }
        List<Graph.Result> results = new ArrayList<>();
        for (int s = 0; s < states.size(); s++) {
            Shape next = inside.type(returned.states().get(s)).shape();
            if (!next.equals(layer.shape(states.get(s)))) {
                throw layer.refusal(
                        "makes a state " + next + " of " + layer.shape(states.get(s)),
                        "a state keeps its shape");
            }
            results.add(new Graph.Result("state" + s, returned.states().get(s)));
        }
        List<Value> collected = new ArrayList<>(returned.outputs());
        List<Node> nodes = inside.finish(List.of()).nodes();
        activations(nodes).stream().filter(v -> !collected.contains(v)).forEach(collected::add);
        collected.forEach(v -> results.add(new Graph.Result("output" + results.size(), v)));
        Map<String, Parameter> weights = new LinkedHashMap<>();
        for (Node node : nodes) {
            node.parameters().forEach((name, p) -> weights.put(node.name() + "/" + name, p));
        }
        List<ArrayType> types = new ArrayList<>();
        collected.forEach(v -> types.add(sequence(inside.type(v), steps(sequences.get(0)))));
        states.forEach(state -> types.add(layer.type(state)));
        return new Made(
                new Operator.Scan(kind, inside.finish(results), states.size()), weights, types);
    }

    /** Return what activations read and compute: layers for a user, so their values are kept. */
    private static Set<Value> activations(List<Node> nodes) {
        Set<Value> values = new LinkedHashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            Value output = new Value.Output(i, 0);
            ArrayType type = node.outputs().get(0);
            if (new Layer(node.name(), node.operator(), output, List.of(), List.of(), type, 0)
                    .isActivation()) {
                node.inputs().stream().filter(Value.Output.class::isInstance).forEach(values::add);
                values.add(output);
            }
        }
        return values;
    }

    private static ArrayType step(ArrayType sequence) {
        Axes axes = sequence.axes();
        return new ArrayType(
                new Shape(without(sequence.shape().getShape(), 1)),
                sequence.type(),
                new Axes(
                        axes.spatial().stream().filter(a -> a > 1).map(a -> a - 1).toList(),
                        axes.channel() > 1 ? axes.channel() - 1 : -1));
    }

    private static long[] without(long[] sizes, int axis) {
        long[] left = new long[sizes.length - 1];
        for (int i = 0; i < left.length; i++) {
            left[i] = sizes[i < axis ? i : i + 1];
        }
        return left;
    }

    /** Steps are an axis of space, behind the batch. */
    static ArrayType sequence(ArrayType step, long steps) {
        long[] sizes = new long[step.shape().dimension() + 1];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = i == 0 ? step.shape().get(0) : i == 1 ? steps : step.shape().get(i - 1);
        }
        List<Integer> spatial = new ArrayList<>(List.of(1));
        step.axes().spatial().forEach(axis -> spatial.add(axis + 1));
        int channel = step.axes().channel();
        return new ArrayType(
                new Shape(sizes), step.type(), new Axes(spatial, channel < 0 ? -1 : channel + 1));
    }
}
