package io.vitrail.api;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The layers inside of a loop: those nodes of its body whose values are collected.
 *
 * <p>What such a layer computes has an axis of steps behind the batch, and that is its space.
 */
record LoopLayers(Node node, int index, Operator.Scan scan, Graph graph) {

    /** Return the layers by their positions in the body, in order. */
    Map<Integer, Layer> all() {
        Map<Integer, Layer> all = new LinkedHashMap<>();
        for (int i = 0; i < scan.body().nodes().size(); i++) {
            int collected = scan.collected(new Value.Output(i, 0));
            if (collected >= 0) {
                all.put(i, layer(scan.body().nodes().get(i), collected));
            }
        }
        return all;
    }

    private Layer layer(Node inner, int collected) {
        List<Value> inputs =
                inner.inputs().stream().map(this::outside).filter(Objects::nonNull).toList();
        return new Layer(
                inner.name(),
                inner.operator(),
                new Value.Output(index, collected),
                inputs,
                inputs.stream().map(graph::type).toList(),
                node.outputs().get(collected),
                inner.parameters().values().stream()
                        .map(Parameter::shape)
                        .mapToLong(Shape::size)
                        .sum());
    }

    /** Return the value of the graph that has a value of the body for every step, or null. */
    private @Nullable Value outside(Value value) {
        int collected = scan.collected(value);
        if (collected >= 0) {
            return new Value.Output(index, collected);
        }
        return value instanceof Value.Input input && input.index() >= scan.states()
                ? node.inputs().get(input.index())
                : null;
    }
}
