package io.vitrail.engine.djl.forms;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A network drawn by chance: convolutions of all kinds, what stands about them, and residuals. */
final class RandomNetwork implements GraphSource {
    private static final int ITEMS = 2;
    private static final int SIZE = 14;

    private final int seed;
    private final boolean neutral;
    private final Layout layout;
    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Value> values = new ArrayList<>(); // planes
    private final Graph graph;

    /**
     * Draw one.
     *
     * @param neutral whether it has no operator that only one engine knows
     */
    RandomNetwork(int seed, boolean neutral) {
        this.seed = seed;
        this.neutral = neutral;
        this.random = new Random(seed);
        this.layout = seed % 3 == 2 ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
        this.graph = draw();
    }

    private Graph draw() {
        Value input = new Value.Input(0);
        values.add(input);
        values.add(convolution(input));
        for (int i = 0; i < 14; i++) {
            values.add(next());
        }
        Value last = values.get(values.size() - 1);
        Value other = values.get(values.size() / 2);
        List<Integer> space = layout == Layout.CHANNELS_FIRST ? List.of(2, 3) : List.of(1, 2);
        Value mean =
                add(
                        new Operator.Mean(space, false),
                        Map.of(),
                        new Shape(ITEMS, channels(last)),
                        last);
        Value logits =
                add(
                        new Operator.Linear(),
                        Map.of("weight", weight(5, channels(last)), "bias", weight(5)),
                        new Shape(ITEMS, 5),
                        mean);
        return new Graph(
                inputs(),
                nodes,
                List.of(new Graph.Result("logits", logits), new Graph.Result("other", other)),
                Map.of(),
                false);
    }

    private Value next() {
        // mostly what came last, now and then what lies further back
        Value in = values.get(values.size() - 1 - (random.nextInt(3) == 0 ? random.nextInt(2) : 0));
        Value same = alike(in);
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> convolution(in);
            case 3 -> norm(convolution(in));
            case 4 -> element(new Operator.Relu(), norm(convolution(in)));
            case 5 -> element(new Operator.Relu(), in);
            case 6 -> element(activation(), in);
            case 7 -> norm(in);
            case 8 ->
                    element(new Operator.Relu(), merged(new Operator.Add(), norm(square(in)), in));
            case 9 -> merged(new Operator.Add(), same, square(in));
            case 10 ->
                    merged(
                            random.nextBoolean()
                                    ? new Operator.Multiply()
                                    : new Operator.Subtract(),
                            in,
                            same);
            case 11 -> pool(in);
            case 12 -> concat(in, same);
            default ->
                    element(
                            neutral
                                    ? new Operator.Sigmoid()
                                    : new Operator.Native(
                                            "pytorch", "erf", Map.of("call", "torch.erf($0)")),
                            in);
        };
    }

    private Operator activation() {
        return switch (random.nextInt(6)) {
            case 0 -> new Operator.LeakyRelu(0.1);
            case 1 -> new Operator.Clip(0, 6, false);
            case 2 -> new Operator.Silu();
            case 3 -> new Operator.HardSwish();
            case 4 -> new Operator.GeneralRelu(6, 0, 0);
            default -> new Operator.Sigmoid();
        };
    }

    /** Return a value of the same shape, another one if there is one. */
    private Value alike(Value in) {
        for (int i = values.size() - 1; i >= 0; i--) {
            Value value = values.get(i);
            if (!value.equals(in) && shape(value).equals(shape(in))) {
                return value;
            }
        }
        return in;
    }

    private Value convolution(Value in) {
        long channels = channels(in);
        long kernel = 1 + 2 * random.nextInt(4);
        long stride = size(in) > 6 ? 1 + random.nextInt(2) : 1;
        long dilation = kernel == 3 && size(in) > 6 ? 1 + random.nextInt(2) : 1;
        long groups = random.nextInt(3) == 0 ? channels : 1;
        long before = random.nextInt(3) == 0 ? kernel / 2 + 1 : kernel / 2 * dilation;
        long after = random.nextInt(4) == 0 ? before + 1 : before;
        long out = groups == channels ? channels * (1 + random.nextInt(2)) : 3 + random.nextInt(6);
        return convolution(in, out, kernel, stride, dilation, groups, before, after);
    }

    /** A convolution that keeps the shape. */
    private Value square(Value in) {
        long kernel = 1 + 2 * random.nextInt(2);
        return convolution(in, channels(in), kernel, 1, 1, 1, kernel / 2, kernel / 2);
    }

    private Value convolution(
            Value in,
            long out,
            long kernel,
            long stride,
            long dilation,
            long groups,
            long before,
            long after) {
        long made = (size(in) + before + after - dilation * (kernel - 1) - 1) / stride + 1;
        Map<String, Parameter> weights = new LinkedHashMap<>();
        weights.put("weight", weight(out, channels(in) / groups, kernel, kernel));
        if (random.nextBoolean()) {
            weights.put("bias", weight(out));
        }
        return add(
                new Operator.Convolution(
                        List.of(stride, stride),
                        List.of(before, before),
                        List.of(after, after),
                        List.of(dilation, dilation),
                        groups,
                        layout),
                weights,
                plane(out, made),
                in);
    }

    private Value norm(Value in) {
        Map<String, Parameter> weights = new LinkedHashMap<>();
        weights.put("mean", weight(channels(in)));
        float[] variance = new float[(int) channels(in)];
        for (int i = 0; i < variance.length; i++) {
            variance[i] = 0.5f + random.nextFloat();
        }
        weights.put(
                "variance",
                FloatNetwork.parameter("variance", new Shape(variance.length), variance));
        if (random.nextBoolean()) {
            weights.put("weight", weight(channels(in)));
            weights.put("bias", weight(channels(in)));
        }
        return add(new Operator.BatchNorm(1e-3, layout.channel(4)), weights, shape(in), in);
    }

    private Value element(Operator operator, Value in) {
        return add(operator, Map.of(), shape(in), in);
    }

    private Value merged(Operator operator, Value one, Value other) {
        return random.nextBoolean()
                ? add(operator, Map.of(), shape(one), one, other)
                : add(operator, Map.of(), shape(one), other, one);
    }

    private Value concat(Value one, Value other) {
        return add(
                new Operator.Concat(layout.channel(4)),
                Map.of(),
                plane(2 * channels(one), size(one)),
                one,
                other);
    }

    private Value pool(Value in) {
        List<Long> three = List.of(3L, 3L);
        List<Long> one = List.of(1L, 1L);
        Operator operator =
                random.nextBoolean()
                        ? new Operator.MaxPool(three, one, one, one, one, false, layout)
                        : new Operator.AveragePool(three, one, one, one, false, true, layout);
        return element(operator, in);
    }

    private Value add(Operator operator, Map<String, Parameter> weights, Shape shape, Value... in) {
        nodes.add(
                new Node(
                        operator.kind() + nodes.size(),
                        operator,
                        List.of(in),
                        weights,
                        List.of(type(shape)),
                        "seed " + seed));
        return new Value.Output(nodes.size() - 1, 0);
    }

    private ArrayType type(Shape shape) {
        return new ArrayType(shape, DataType.FLOAT32, layout.axes(shape.dimension()));
    }

    private Parameter weight(long... sizes) {
        return FloatNetwork.weight(random, 1.5, sizes);
    }

    private Shape shape(Value value) {
        return value instanceof Value.Output output
                ? nodes.get(output.node()).outputs().get(0).shape()
                : plane(3, SIZE);
    }

    private Shape plane(long channels, long size) {
        return layout == Layout.CHANNELS_FIRST
                ? new Shape(ITEMS, channels, size, size)
                : new Shape(ITEMS, size, size, channels);
    }

    private long channels(Value value) {
        return shape(value).get(layout.channel(4));
    }

    private long size(Value value) {
        return shape(value).get(2);
    }

    NDList numbers(NDManager manager) {
        float[] numbers = new float[ITEMS * 3 * SIZE * SIZE];
        Random own = new Random(seed + 1);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) own.nextGaussian();
        }
        return new NDList(manager.create(numbers, plane(3, SIZE)));
    }

    @Override
    public String format() {
        return "random";
    }

    @Override
    public String name() {
        return "network " + seed;
    }

    @Override
    public Optional<String> engine() {
        return Optional.empty();
    }

    @Override
    public List<Graph.Port> inputs() {
        return List.of(new Graph.Port("x", type(plane(3, SIZE))));
    }

    @Override
    public Graph graph(NDList inputs) {
        return graph;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
