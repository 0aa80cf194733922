package io.vitrail.format.keras;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.layers.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turn one call of a layer into nodes: what a {@link KerasLayer} is handed.
 *
 * <p>Arrays stand in the file's own layout, {@code (N, spatial..., C)} unless the layer says {@code
 * channels_first}. Shapes are those of the input at hand; they follow from the operator, and an
 * operator that does not fit its inputs is refused.
 *
 * <p>A layer of one node gives it its name. Of several, each is called {@code layer/part}, and the
 * layer's name stands for what the call returns.
 */
public final class LayerBuilder {
    /** The part that is called as the layer itself: the convolution of one with an activation. */
    public static final String ITSELF = "";

    private final LayerConfig config;
    private final LayerWeights weights;
    private final CallArguments arguments;
    private final GraphDraft graph;
    private final Parameters parameters;
    private final List<String> parts = new ArrayList<>();
    private final int first;

    LayerBuilder(
            LayerConfig config,
            LayerWeights weights,
            CallArguments arguments,
            GraphDraft graph,
            Parameters parameters) {
        this.config = config;
        this.weights = weights;
        this.arguments = arguments;
        this.graph = graph;
        this.parameters = parameters;
        this.first = graph.size();
    }

    /** Return the layer's configuration. */
    public LayerConfig config() {
        return config;
    }

    /** Return the arrays that the layer is called with: arguments in order, then keywords. */
    public List<Value> inputs() {
        return arguments.tensors();
    }

    /** Return the one array that the layer is called with. */
    public Value input() {
        return inputs(1).get(0);
    }

    /** Return the arrays that the layer is called with, which must be so many. */
    public List<Value> inputs(int count) {
        if (inputs().size() != count) {
            throw refusal(
                    "is called with " + inputs().size() + " arrays, where it takes " + count,
                    "save the model again");
        }
        return inputs();
    }

    /**
     * Return what the layer is called with at a position or under a keyword.
     *
     * @return a {@link Value} for an array, a list of such, or null, Boolean, Long, Double, String
     *     as the file has it; null also where there is nothing
     */
    public @Nullable Object argument(int position, String keyword) {
        return arguments.get(position, keyword);
    }

    /** Return the shape, type and axes of an array. */
    public ArrayType type(Value value) {
        return graph.type(value);
    }

    /** Return the shape of an array. */
    public Shape shape(Value value) {
        return type(value).shape();
    }

    /** Return the number of axes of an array. */
    public int rank(Value value) {
        return shape(value).dimension();
    }

    /** Return the size of the last axis of an array. */
    public long lastSize(Value value) {
        Shape shape = shape(value);
        if (shape.dimension() == 0) {
            throw refusal("reads an array without axes", "save the model again");
        }
        return shape.get(shape.dimension() - 1);
    }

    /** Return where the layer has its channels: its {@code data_format}. */
    public Layout layout() {
        String format = config.string("data_format", "channels_last");
        return switch (format) {
            case "channels_last" -> Layout.CHANNELS_LAST;
            case "channels_first" -> Layout.CHANNELS_FIRST;
            default ->
                    throw refusal(
                            "has data_format '" + format + "'",
                            "channels_last and channels_first are known");
        };
    }

    /** Return whether the file has such a weight. */
    public boolean hasWeight(String name, int index) {
        return weights.has(name, index);
    }

    /** Return a weight as it is stored; see {@link LayerWeights#get}. */
    public Parameter weight(String name, int index, Shape stored) {
        return weight(name, index, stored, IntStream.range(0, stored.dimension()).boxed().toList());
    }

    /** Return a weight whose axes an operator wants in another order, as {@link Parameter}. */
    public Parameter weight(String name, int index, Shape stored, List<Integer> order) {
        long[] sizes = order.stream().mapToLong(stored::get).toArray();
        return weight(name, index, stored, order, new Shape(sizes));
    }

    /** Return a weight in another order of axes and another shape, as {@link Parameter}. */
    public Parameter weight(
            String name, int index, Shape stored, List<Integer> order, Shape shape) {
        return parameters.of(weights.get(name, index, stored), order, shape, this);
    }

    /** Return the elements of a small weight, for a layer that computes with them. */
    public double[] numbers(String name, int index, Shape stored) {
        return parameters.numbers(weights.get(name, index, stored), this);
    }

    /** Return a parameter with given elements, such as numbers of the configuration. */
    public Parameter parameter(String name, Shape shape, double[] elements) {
        return parameters.of(config.path() + "/" + name, shape, graph.type(), elements);
    }

    /** Add a node that holds given elements. */
    public Value constant(String part, Shape shape, double... elements) {
        Parameter value = parameter(part, shape, elements);
        return add(part, new Operator.Constant(), Map.of("value", value));
    }

    /** Add a node without weights, called as its operator. */
    public Value add(Operator operator, Value... inputs) {
        return add(operator.kind(), operator, Map.of(), inputs);
    }

    /** Add a node with weights, called as its operator. */
    public Value add(Operator operator, Map<String, Parameter> weights, Value... inputs) {
        return add(operator.kind(), operator, weights, inputs);
    }

    /**
     * Add a node.
     *
     * @param part its name within the layer, or {@link #ITSELF}
     * @param weights its weights by the names that {@link Operator} gives them
     * @return its output, of the shape that follows from the operator
     */
    public Value add(
            String part, Operator operator, Map<String, Parameter> weights, Value... inputs) {
        ArrayType type;
        try {
            type =
                    OutputTypes.of(
                            operator, Arrays.stream(inputs).map(graph::type).toList(), weights);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UnfitShape(
                    config.place() + ": " + operator.kind() + " does not fit: " + e.getMessage());
        }
        return add(part, operator, weights, type, inputs);
    }

    /** Add a node whose output is known to the caller, such as an operator of one engine. */
    public Value add(
            String part,
            Operator operator,
            Map<String, Parameter> weights,
            ArrayType output,
            Value... inputs) {
        parts.add(part);
        return graph.add(
                new Node(
                        part, operator, List.of(inputs), weights, List.of(output), config.place()));
    }

    /** Add the activation that the configuration names under a key; none for {@code linear}. */
    public Value activate(String key, Value input) {
        return Activations.add(this, config.activation(key), input);
    }

    /** Return the element type of the weights. */
    public DataType weightType() {
        return graph.type();
    }

    /** Return an error of kind {@code MODEL} at this layer. */
    public VitrailException refusal(String what, String remedy) {
        return config.refusal(what, remedy);
    }

    /** Name the nodes, once the layer has returned its values. */
    List<Value> finish(List<Value> returned) {
        List<Value> outputs = new ArrayList<>();
        for (Value value : returned) {
            boolean own = value instanceof Value.Output output && output.node() >= first;
            outputs.add(own ? value : add(new Operator.Identity(), value));
        }
        String name = graph.callName(config.path());
        for (int i = 0; i < parts.size(); i++) {
            boolean itself = parts.size() == 1 || parts.get(i).equals(ITSELF);
            graph.name(first + i, itself ? name : name + "/" + parts.get(i), !itself);
        }
        for (int i = 0; i < outputs.size(); i++) {
            graph.alias(i == 0 ? name : name + ":" + i, outputs.get(i));
        }
        return outputs;
    }
}
