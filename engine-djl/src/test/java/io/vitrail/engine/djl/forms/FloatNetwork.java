package io.vitrail.engine.djl.forms;

import ai.djl.ndarray.NDArray;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A network of one operator in single precision, with convolutions about it.
 *
 * <p>Each input of four axes goes through a convolution of one position first, and so does each
 * output; so the operator meets arrays as convolutions leave them. A network without such inputs
 * gets a convolution that has nothing to do with it.
 */
public final class FloatNetwork implements GraphSource {
    static final int ITEMS = 2;

    private final GraphSource operator;
    private final Layout layout;
    private final Map<Parameter, Parameter> weights = new IdentityHashMap<>();
    private final Map<Long, Parameter> kernels = new LinkedHashMap<>();

    FloatNetwork(GraphSource operator) {
        this.operator = operator;
        this.layout =
                operator.name().endsWith("channels last")
                        ? Layout.CHANNELS_LAST
                        : Layout.CHANNELS_FIRST;
    }

    /** Return numbers that differ, of either sign. */
    NDList numbers(NDManager manager) {
        NDList numbers = new NDList();
        for (Graph.Port port : inputs()) {
            long[] sizes = port.type().shape().getShape().clone();
            sizes[0] = ITEMS;
            NDArray floats = spread(new Shape(sizes), numbers.size(), manager);
            boolean rows = operator.name().startsWith("embedding") && sizes.length < 4;
            numbers.add(rows ? floats.gt(0).toType(DataType.FLOAT32, false) : floats);
        }
        return numbers;
    }

    private static NDArray spread(Shape shape, int shift, NDManager manager) {
        float[] numbers = new float[(int) shape.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (37 * i + 11 * shift) % 101 / 10.1f - 4.987f;
        }
        return manager.create(numbers, shape);
    }

    @Override
    public String format() {
        return operator.format();
    }

    @Override
    public String name() {
        return operator.name();
    }

    @Override
    public Optional<String> engine() {
        return Optional.empty();
    }

    @Override
    public List<Graph.Port> inputs() {
        return ports(operator.inputs(), -1);
    }

    private static List<Graph.Port> ports(List<Graph.Port> doubles, long batch) {
        List<Graph.Port> ports = new ArrayList<>();
        doubles.forEach(port -> ports.add(new Graph.Port(port.name(), single(port.type()))));
        long[] aside = {batch, 1, 1, 1};
        ports.add(
                new Graph.Port(
                        "aside",
                        new ArrayType(
                                new Shape(aside),
                                DataType.FLOAT32,
                                Layout.CHANNELS_FIRST.axes(4))));
        return ports;
    }

    private static ArrayType single(ArrayType type) {
        return type.type() == DataType.FLOAT64
                ? new ArrayType(type.shape(), DataType.FLOAT32, type.axes())
                : type;
    }

    @Override
    public Graph graph(NDList inputs) {
        NDManager manager = inputs.head().getManager();
        NDList doubles = new NDList();
        for (int i = 0; i < operator.inputs().size(); i++) {
            doubles.add(inputs.get(i).toType(DataType.FLOAT64, true));
            doubles.get(i).attach(manager);
        }
        Graph graph = operator.graph(doubles);
        List<Graph.Port> ports = ports(graph.inputs(), ITEMS);
        List<Node> nodes = new ArrayList<>();
        Map<Value, Value> now = new LinkedHashMap<>();
        for (int i = 0; i < graph.inputs().size(); i++) {
            Value input = new Value.Input(i);
            now.put(input, convolved("before" + i, input, ports.get(i).type(), nodes));
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            Map<String, Parameter> own = new LinkedHashMap<>();
            node.parameters().forEach((name, weight) -> own.put(name, single(weight)));
            List<ArrayType> types = node.outputs().stream().map(FloatNetwork::single).toList();
            nodes.add(
                    new Node(
                            node.name(),
                            node.operator(),
                            node.inputs().stream().map(now::get).toList(),
                            own,
                            types,
                            node.place()));
            for (int k = 0; k < types.size(); k++) {
                now.put(new Value.Output(i, k), new Value.Output(nodes.size() - 1, k));
            }
        }
        List<Graph.Result> outputs = new ArrayList<>();
        for (Graph.Result result : graph.outputs()) {
            Value value = now.get(result.value());
            ArrayType type = single(graph.type(result.value()));
            outputs.add(
                    new Graph.Result(
                            result.name(),
                            convolved("after " + result.name(), value, type, nodes)));
        }
        Value aside = new Value.Input(ports.size() - 1);
        Value beside =
                convolution(
                        "beside",
                        aside,
                        ports.get(ports.size() - 1).type(),
                        Layout.CHANNELS_FIRST,
                        nodes);
        outputs.add(new Graph.Result("beside", beside));
        return new Graph(ports, nodes, outputs, Map.of(), false);
    }

    private Value convolved(String name, Value value, ArrayType type, List<Node> nodes) {
        return type.shape().dimension() == 4 && type.type() == DataType.FLOAT32
                ? convolution(name, value, type, layout, nodes)
                : value;
    }

    /** Mix the channels of each position. */
    private Value convolution(
            String name, Value value, ArrayType type, Layout own, List<Node> nodes) {
        long channels = type.shape().get(own.channel(4));
        Parameter kernel = kernels.computeIfAbsent(channels, FloatNetwork::kernel);
        nodes.add(
                new Node(
                        name,
                        new Operator.Convolution(
                                List.of(1L, 1L),
                                List.of(0L, 0L),
                                List.of(0L, 0L),
                                List.of(1L, 1L),
                                1,
                                own),
                        List.of(value),
                        Map.of("weight", kernel),
                        List.of(type),
                        "test"));
        return new Value.Output(nodes.size() - 1, 0);
    }

    private static Parameter kernel(long channels) {
        float[] numbers = new float[(int) (channels * channels)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i % (channels + 1) == 0 ? 1 : 0.1f * (i % 3 - 1);
        }
        return parameter("kernel", new Shape(channels, channels, 1, 1), numbers);
    }

    /**
     * Draw a weight.
     *
     * @param gain the variance of what comes out, by that of what goes in
     */
    public static Parameter weight(Random random, double gain, long... sizes) {
        Shape shape = new Shape(sizes);
        float[] numbers = new float[(int) shape.size()];
        double fan = sizes.length == 1 ? 4 : shape.size() / (double) sizes[0];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (random.nextGaussian() * Math.sqrt(gain / fan));
        }
        return parameter("weight", shape, numbers);
    }

    public static Parameter parameter(String name, Shape shape, float[] numbers) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(4 * numbers.length).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(numbers);
        return new Parameter(
                name,
                shape,
                DataType.FLOAT32,
                () -> bytes.duplicate().order(ByteOrder.nativeOrder()));
    }

    private Parameter single(Parameter weight) {
        if (weight.type() != DataType.FLOAT64) {
            return weight;
        }
        return weights.computeIfAbsent(
                weight,
                key -> {
                    var doubles = key.bytes().order(ByteOrder.nativeOrder()).asDoubleBuffer();
                    float[] numbers = new float[doubles.remaining()];
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = (float) doubles.get(i);
                    }
                    return parameter(key.name(), key.shape(), numbers);
                });
    }

    @Override
    public void close() {
        operator.close();
    }
}
