package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.forms.FloatNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A convolution, {@code conv}, its ReLU, {@code features}, and behind it what a test adds. */
final class HeadNetwork implements GraphSource {
    static final int CLASSES = 6;

    private final Layout layout;
    private final long items;
    private final long size;
    private final List<Node> nodes = new ArrayList<>();
    private final Random random = new Random(7);

    HeadNetwork(Layout layout, long items, long channels, long size) {
        this.layout = layout;
        this.items = items;
        this.size = size;
        convolution("conv", new Value.Input(0), 3, channels);
        add("features", new Operator.Relu(), Map.of(), last().getShape());
    }

    private Shape plane(long channels) {
        return layout == Layout.CHANNELS_FIRST
                ? new Shape(items, channels, size, size)
                : new Shape(items, size, size, channels);
    }

    private Shape last() {
        return nodes.get(nodes.size() - 1).outputs().get(0).shape();
    }

    private HeadNetwork convolution(String name, Value in, long from, long to) {
        return add(
                name,
                new Operator.Convolution(
                        List.of(1L, 1L),
                        List.of(1L, 1L),
                        List.of(1L, 1L),
                        List.of(1L, 1L),
                        1,
                        layout),
                Map.of("weight", weight(to, from, 3, 3)),
                plane(to).getShape(),
                in);
    }

    /** Add a convolution that keeps the shape. */
    HeadNetwork convolution(String name) {
        long channels = last().get(layout.channel(4));
        return convolution(name, out(), channels, channels);
    }

    HeadNetwork linear(String name, long to) {
        long[] sizes = last().getShape().clone();
        long from = sizes[sizes.length - 1];
        sizes[sizes.length - 1] = to;
        return add(
                name,
                new Operator.Linear(),
                Map.of("weight", weight(to, from), "bias", weight(to)),
                sizes,
                out());
    }

    HeadNetwork norm(String name) {
        long channels = last().get(1);
        float[] variance = new float[(int) channels];
        java.util.Arrays.fill(variance, 0.7f);
        Map<String, Parameter> weights =
                Map.of(
                        "mean",
                        weight(channels),
                        "variance",
                        FloatNetwork.parameter("variance", new Shape(channels), variance),
                        "weight",
                        weight(channels));
        return add(name, new Operator.BatchNorm(1e-3, 1), weights, last().getShape(), out());
    }

    /** Add a node that reads what the last one gives. */
    HeadNetwork then(String name, Operator operator, long... perItem) {
        long[] sizes = new long[perItem.length + 1];
        sizes[0] = items;
        System.arraycopy(perItem, 0, sizes, 1, perItem.length);
        return add(name, operator, Map.of(), sizes, out());
    }

    /** Add a node of the same shape. */
    HeadNetwork then(String name, Operator operator) {
        return add(name, operator, Map.of(), last().getShape(), out());
    }

    /** Add a node that reads what the last one gives and what an earlier one does. */
    HeadNetwork join(String name, Operator operator, String earlier) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).name().equals(earlier)) {
                return add(
                        name, operator, Map.of(), last().getShape(), out(), new Value.Output(i, 0));
            }
        }
        throw new IllegalArgumentException(earlier);
    }

    private Value out() {
        return new Value.Output(nodes.size() - 1, 0);
    }

    private HeadNetwork add(
            String name, Operator operator, Map<String, Parameter> weights, long[] shape) {
        return add(name, operator, weights, shape, out());
    }

    private HeadNetwork add(
            String name,
            Operator operator,
            Map<String, Parameter> weights,
            long[] shape,
            Value... in) {
        nodes.add(
                new Node(
                        name, operator, List.of(in), weights, List.of(type(new Shape(shape))), ""));
        return this;
    }

    private ArrayType type(Shape shape) {
        return new ArrayType(shape, DataType.FLOAT32, layout.axes(shape.dimension()));
    }

    private Parameter weight(long... sizes) {
        return FloatNetwork.weight(random, 2, sizes);
    }

    NDList numbers(NDManager manager) {
        float[] numbers = new float[(int) plane(3).size()];
        Random own = new Random(3);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) own.nextGaussian();
        }
        return new NDList(manager.create(numbers, plane(3)));
    }

    @Override
    public String format() {
        return "test";
    }

    @Override
    public String name() {
        return "head";
    }

    @Override
    public Optional<String> engine() {
        return Optional.empty();
    }

    @Override
    public List<Graph.Port> inputs() {
        return List.of(new Graph.Port("x", type(plane(3))));
    }

    @Override
    public Graph graph(NDList inputs) {
        List<Graph.Result> outputs = List.of(new Graph.Result("y", out()));
        return new Graph(inputs(), nodes, outputs, Map.of(), false);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
