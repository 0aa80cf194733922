package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.Layer;
import io.vitrail.api.Step;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Parameter;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One node where a rule stands. */
final class MxNetStep implements Step {
    private final Layer layer;
    private final Graph graph;
    private final int index;
    private final Recording recording;
    private final NDList gradients;
    private final Weights weights;
    private final NDManager owner;

    MxNetStep(
            Layer layer,
            Graph graph,
            int index,
            Recording recording,
            NDList gradients,
            Weights weights,
            NDManager owner) {
        this.layer = layer;
        this.graph = graph;
        this.index = index;
        this.recording = recording;
        this.gradients = gradients;
        this.weights = weights;
        this.owner = owner;
    }

    /** Return the positions of a node's floating inputs: those that a rule sees. */
    static List<Integer> floating(Graph graph, int index) {
        Node node = graph.nodes().get(index);
        return IntStream.range(0, node.inputs().size())
                .filter(i -> graph.type(node.inputs().get(i)).type().isFloating())
                .boxed()
                .toList();
    }

    @Override
    public Layer layer() {
        return layer;
    }

    @Override
    public NDList inputs() {
        NDList inputs = new NDList();
        floating(graph, index)
                .forEach(i -> inputs.add(Libmxnet.alias(recording.inputs().get(i), owner)));
        return inputs;
    }

    @Override
    public NDList outputs() {
        NDList outputs = new NDList();
        recording.outputs().forEach(array -> outputs.add(Libmxnet.alias(array, owner)));
        return outputs;
    }

    @Override
    public NDList gradients() {
        return gradients;
    }

    @Override
    public NDList plain(NDList heads) {
        List<Integer> floating = floating(graph, index);
        List<@Nullable NDArray> found =
                Libmxnet.alone(() -> recording.product(List.copyOf(heads), floating, owner));
        NDList all = new NDList();
        for (int i : floating) {
            NDArray gradient = found.get(i);
            all.add(
                    gradient != null
                            ? gradient
                            : Calls.invoke(owner, "zeros_like", recording.inputs().get(i)));
        }
        return all;
    }

    @Override
    public Step with(BiFunction<String, NDArray, NDArray> change) {
        Node node = graph.nodes().get(index);
        Map<Parameter, NDArray> changed = new IdentityHashMap<>();
        node.parameters()
                .forEach(
                        (name, parameter) -> {
                            NDArray weight = Libmxnet.alias(weights.taped(parameter), owner);
                            changed.put(
                                    parameter, Libmxnet.alias(change.apply(name, weight), owner));
                        });
        Recording other =
                Libmxnet.alone(
                        () ->
                                Recording.of(
                                        node,
                                        recording.inputs(),
                                        floating(graph, index),
                                        changed::get,
                                        owner));
        return new MxNetStep(layer, graph, index, other, gradients, weights, owner);
    }
}
