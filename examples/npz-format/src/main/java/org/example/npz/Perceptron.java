package org.example.npz;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Dense layers with a ReLU between each two, ready to be drawn for any batch. */
final class Perceptron implements GraphSource {
    private final String name;
    private final long[] input;
    private final List<Map<String, Parameter>> layers = new ArrayList<>();

    /**
     * @param arrays {@code W1}, {@code b1}, {@code W2}, ... and {@code input}
     * @throws IllegalArgumentException if they make no perceptron
     */
    Perceptron(String name, Map<String, Npy> arrays) {
        this.name = name;
        Map<String, Npy> left = new LinkedHashMap<>(arrays);
        Npy shape = left.remove("input");
        long size = -1;
        for (int i = 1; left.containsKey("W" + i); i++) {
            layers.add(layer("W" + i, left.remove("W" + i), "b" + i, left.remove("b" + i), size));
            size = layers.get(i - 1).get("weight").shape().get(0);
        }
        if (layers.isEmpty() || !left.isEmpty()) {
            throw new IllegalArgumentException(
                    "no perceptron: it has the arrays " + arrays.keySet()
                            + "; W1, b1, W2, b2, ... without a gap, and input, please");
        }
        long first = layers.get(0).get("weight").shape().get(1);
        this.input = shape == null ? new long[] {first} : item(shape, first);
    }

    private static long[] item(Npy shape, long first) {
        long size = shape.shape().length == 1 && shape.data().length <= 4 ? 1 : -1;
        long[] item = new long[shape.data().length];
        for (int i = 0; i < item.length && size > 0; i++) {
            item[i] = (long) shape.data()[i];
            size = item[i] < 1 || item[i] > first ? -1 : size * item[i];
        }
        if (size != first) {
            throw new IllegalArgumentException(
                    "input " + Arrays.toString(item) + " does not fill the " + first
                            + " rows of W1");
        }
        return item;
    }

    private static Map<String, Parameter> layer(
            String weightName, Npy weight, String biasName, Npy bias, long in) {
        long[] shape = weight.shape();
        if (shape.length != 2 || in > 0 && shape[0] != in) {
            throw new IllegalArgumentException(
                    weightName + " has the shape " + Arrays.toString(shape) + "; (in, out), please"
                            + (in > 0 ? " with " + in + " rows" : ""));
        }
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        // x @ W has (in, out), the operator wants (out, in): the engine puts it in order
        parameters.put(
                "weight",
                new Parameter(
                        weightName,
                        new Shape(shape),
                        List.of(1, 0),
                        new Shape(shape[1], shape[0]),
                        DataType.FLOAT32,
                        () -> bytes(weight)));
        if (bias != null) {
            if (bias.shape().length != 1 || bias.shape()[0] != shape[1]) {
                throw new IllegalArgumentException(
                        biasName + " has the shape " + Arrays.toString(bias.shape()) + "; ("
                                + shape[1] + "), please");
            }
            Shape its = new Shape(shape[1]);
            parameters.put(
                    "bias", new Parameter(biasName, its, DataType.FLOAT32, () -> bytes(bias)));
        }
        return parameters;
    }

    private static ByteBuffer bytes(Npy array) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(4 * array.data().length).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(array.data());
        return bytes;
    }

    @Override
    public String format() {
        return "npz";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> engine() {
        return Optional.empty(); // neutral operators only: any engine runs them
    }

    @Override
    public List<Graph.Port> inputs() {
        return List.of(new Graph.Port("x", array(-1, input)));
    }

    @Override
    public Graph graph(NDList inputs) {
        Shape wanted = inputs().get(0).type().shape();
        if (inputs.size() != 1
                || !inputs.head().getShape().slice(1).equals(wanted.slice(1))
                || inputs.head().getDataType() != DataType.FLOAT32) {
            throw VitrailException.input(name + ": it takes one array of floats " + wanted);
        }
        return draw(inputs.head().getShape().get(0));
    }

    private Graph draw(long batch) {
        List<Node> nodes = new ArrayList<>();
        Value last = new Value.Input(0);
        if (input.length > 1) {
            long size = LongStream.of(input).reduce(1, (a, b) -> a * b);
            Operator flatten = new Operator.Flatten(1, input.length);
            last = add(nodes, "flatten", flatten, Map.of(), array(batch, size), last);
        }
        for (int i = 1; i <= layers.size(); i++) {
            Map<String, Parameter> weights = layers.get(i - 1);
            ArrayType type = array(batch, weights.get("weight").shape().get(0));
            last = add(nodes, "dense" + i, new Operator.Linear(), weights, type, last);
            if (i < layers.size()) {
                last = add(nodes, "relu" + i, new Operator.Relu(), Map.of(), type, last);
            }
        }
        return new Graph(
                List.of(new Graph.Port("x", array(batch, input))),
                nodes,
                List.of(new Graph.Result("logits", last)),
                Map.of(),
                false);
    }

    private Value add(
            List<Node> nodes,
            String node,
            Operator operator,
            Map<String, Parameter> weights,
            ArrayType type,
            Value from) {
        nodes.add(new Node(node, operator, List.of(from), weights, List.of(type), name));
        return new Value.Output(nodes.size() - 1, 0);
    }

    private static ArrayType array(long batch, long... item) {
        long[] shape = LongStream.concat(LongStream.of(batch), LongStream.of(item)).toArray();
        return new ArrayType(
                new Shape(shape), DataType.FLOAT32, Axes.channelsFirst(shape.length));
    }

    @Override
    public void close() {
        // the file was read whole
    }
}
