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
import io.vitrail.format.keras.file.StoredLayer;
import io.vitrail.format.keras.file.StoredModel;
import io.vitrail.format.keras.layers.Activations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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
    private final InnerCalls calls;
    private final String prefix;
    private final Map<Integer, String> parts; // by node
    private final int first;
    private final @Nullable StoredModel wrapped;

    LayerBuilder(StoredLayer layer, CallArguments arguments, GraphDraft graph, InnerCalls calls) {
        this(
                layer.config(),
                layer.weights(),
                arguments,
                graph,
                calls,
                ITSELF,
                new TreeMap<>(),
                layer.wrapped());
    }

    private LayerBuilder(
            LayerConfig config,
            LayerWeights weights,
            CallArguments arguments,
            GraphDraft graph,
            InnerCalls calls,
            String prefix,
            Map<Integer, String> parts,
            @Nullable StoredModel wrapped) {
        this.config = config;
        this.weights = weights;
        this.arguments = arguments;
        this.graph = graph;
        this.calls = calls;
        this.prefix = prefix;
        this.parts = parts;
        this.first = graph.size();
        this.wrapped = wrapped;
    }

    /**
     * Return a builder of the same call whose weights are those of a part of the layer; see {@link
     * LayerWeights#child}.
     *
     * <p>Its nodes are parts of this layer, called {@code prefix/part}.
     */
    public LayerBuilder part(String prefix, String name, String attribute) {
        return within(config, weights.child(name, attribute), arguments, prefix, wrapped);
    }

    /** Return a builder of the same call whose nodes are called {@code prefix/part}. */
    public LayerBuilder part(String prefix) {
        return within(config, weights, arguments, prefix, wrapped);
    }

    /**
     * Return a builder of a layer inside of this one, such as that of a wrapper.
     *
     * <p>Its nodes are parts of this layer, called {@code prefix/part}.
     *
     * @param name the folder of its weights in an {@code .h5}; see {@link LayerWeights#child}
     * @param attribute the folder of its weights in a {@code .keras}
     * @param inputs what it is called with
     */
    public LayerBuilder inner(
            LayerConfig inner, String prefix, String name, String attribute, List<Value> inputs) {
        CallArguments call = CallArguments.of(inputs);
        return within(inner, weights.child(name, attribute), call, prefix, null);
    }

    /** Return whether a part of the layer has weights in a folder of its own. */
    public boolean hasPart(String name, String attribute) {
        return weights.hasChild(name, attribute);
    }

    /**
     * Read a layer inside of another one, by the reader of its class.
     *
     * @return what its call returns
     */
    public List<Value> read() {
        return KeptMasks.read(calls.reader(config), this);
    }

    /** Return whether the layer wraps a model. */
    public boolean wrapsModel() {
        return wrapped != null;
    }

    /**
     * Call the model that this layer wraps; its layers have the names that they have there.
     *
     * @throws io.vitrail.api.VitrailException if it wraps none, or one of another number of inputs
     */
    public List<Value> callModel(List<Value> inputs) {
        if (wrapped == null || wrapped.inputs().size() != inputs.size()) {
            throw refusal("wraps no model of " + inputs.size() + " inputs", "save the model again");
        }
        return calls.call(wrapped, inputs, graph);
    }

    /** Return the reader of this layer's class if it reads cells, or null. */
    public @Nullable KerasCell cell() {
        return calls.reader(config) instanceof KerasCell cell ? cell : null;
    }

    /** What one step of a loop returns. */
    public record Step(List<Value> outputs, List<Value> states) {
        public Step {
            outputs = List.copyOf(outputs);
            states = List.copyOf(states);
        }
    }

    /**
     * Add a loop over the steps of sequences.
     *
     * @param part its name within the layer, or {@link #ITSELF}
     * @param kind what listings call it
     * @param states the first states, (N, ...)
     * @param sequences arrays (N, steps, ...) of as many steps
     * @param body reads one step: its builder's inputs are the steps (N, ...), then the states
     * @return the outputs of the steps as sequences (N, steps, ...), then the last states
     */
    public List<Value> loop(
            String part,
            String kind,
            List<Value> states,
            List<Value> sequences,
            Function<LayerBuilder, Step> body) {
        LoopDraft draft = new LoopDraft(this, kind, states, sequences);
        GraphDraft inside = draft.begin(graph);
        Map<Integer, String> names = new TreeMap<>();
        LayerBuilder step =
                new LayerBuilder(
                        config,
                        weights,
                        CallArguments.of(draft.inputs()),
                        inside,
                        calls,
                        ITSELF,
                        names,
                        null);
        Step returned = body.apply(step);
        names.forEach((node, name) -> inside.name(node, name, false));
        List<Value> in = new ArrayList<>(states);
        in.addAll(sequences);
        LoopDraft.Made made = draft.finish(inside, returned);
        List<Value> outputs =
                add(part, made.scan(), made.weights(), made.types(), in.toArray(Value[]::new));
        List<Value> all = new ArrayList<>(outputs.subList(0, returned.outputs().size()));
        all.addAll(outputs.subList(outputs.size() - states.size(), outputs.size()));
        return all;
    }

    private LayerBuilder within(
            LayerConfig inner,
            LayerWeights own,
            CallArguments given,
            String part,
            @Nullable StoredModel model) {
        return new LayerBuilder(inner, own, given, graph, calls, named(part), parts, model);
    }

    private String named(String part) {
        return prefix.isEmpty() ? part : part.isEmpty() ? prefix : prefix + "/" + part;
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
        return calls.parameters().of(weights.get(name, index, stored), order, shape, this);
    }

    /** Return the elements of a small weight, for a layer that computes with them. */
    public double[] numbers(String name, int index, Shape stored) {
        return calls.parameters().numbers(weights.get(name, index, stored), this);
    }

    /** Return a parameter with given elements, such as numbers of the configuration. */
    public Parameter parameter(String name, Shape shape, double[] elements) {
        return calls.parameters()
                .of(config.path() + "/" + named(name), shape, graph.type(), elements);
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
        return add(part, operator, weights, List.of(output), inputs).get(0);
    }

    /** Add a node with several outputs, which are known to the caller. */
    public List<Value> add(
            String part,
            Operator operator,
            Map<String, Parameter> weights,
            List<ArrayType> outputs,
            Value... inputs) {
        parts.put(graph.size(), named(part));
        return graph.add(
                new Node(part, operator, List.of(inputs), weights, outputs, config.place()));
    }

    /**
     * Return which steps of an array count: booleans (N, steps), as Keras's masks; null where all
     * do.
     */
    public @Nullable Value mask(Value value) {
        return graph.mask(value);
    }

    /** Say which steps of what this layer returns count; null where all do. */
    public void mask(Value value, @Nullable Value mask) {
        graph.mask(value, mask);
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
            Value output = own ? value : add(new Operator.Identity(), value);
            graph.mask(output, graph.mask(value));
            outputs.add(output);
        }
        String name = graph.callName(config.path());
        parts.forEach(
                (node, part) -> {
                    boolean itself = parts.size() == 1 || part.equals(ITSELF);
                    graph.name(node, itself ? name : name + "/" + part, !itself);
                });
        for (int i = 0; i < outputs.size(); i++) {
            graph.alias(i == 0 ? name : name + ":" + i, outputs.get(i));
        }
        return outputs;
    }
}
