package io.vitrail.runtime;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network that takes (N, 4, 6, C), as Keras's do: {@code conv}, which leaves every pixel as it
 * is; {@code relu}; {@code pool}, the mean over space; {@code fc}, whose class 0 weighs the
 * channels 1, -2, 3 and class 1 by 0.
 */
record ChannelsLastSource(int channels) implements GraphSource {
    private static final float[] CLASS = {1, -2, 3};

    @Override
    public String format() {
        return "sketch";
    }

    @Override
    public String name() {
        return "nhwc";
    }

    @Override
    public Optional<String> engine() {
        return Optional.empty();
    }

    @Override
    public List<Graph.Port> inputs() {
        return List.of(new Graph.Port("x", pixels(-1)));
    }

    @Override
    public Graph graph(NDList inputs) {
        long n = inputs.head().getShape().get(0);
        float[] same = new float[channels * channels];
        float[] weights = new float[2 * channels];
        for (int c = 0; c < channels; c++) {
            same[c * channels + c] = 1;
            weights[c] = CLASS[c];
        }
        Axes vector = Axes.channelsLast(2);
        List<Node> nodes =
                List.of(
                        node("conv", new Operator.Linear(), weight(same, channels), 0, pixels(n)),
                        node("relu", new Operator.Relu(), Map.of(), 1, pixels(n)),
                        node(
                                "pool",
                                new Operator.Mean(List.of(1, 2), false),
                                Map.of(),
                                2,
                                type(vector, n, channels)),
                        node(
                                "fc",
                                new Operator.Linear(),
                                weight(weights, 2),
                                3,
                                type(vector, n, 2)));
        return new Graph(
                List.of(new Graph.Port("x", pixels(n))),
                nodes,
                List.of(new Graph.Result("y", new Value.Output(3, 0))),
                Map.of(),
                false);
    }

    private static Node node(
            String name, Operator operator, Map<String, Parameter> weights, int at, ArrayType to) {
        Value from = at == 0 ? new Value.Input(0) : new Value.Output(at - 1, 0);
        return new Node(name, operator, List.of(from), weights, List.of(to), "test");
    }

    private Map<String, Parameter> weight(float[] elements, int rows) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(4 * elements.length).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(elements);
        Shape shape = new Shape(rows, channels);
        return Map.of(
                "weight",
                new Parameter(
                        "weight" + rows,
                        shape,
                        DataType.FLOAT32,
                        () -> bytes.duplicate().order(ByteOrder.nativeOrder())));
    }

    private ArrayType pixels(long n) {
        return type(Axes.channelsLast(4), n, 4, 6, channels);
    }

    private static ArrayType type(Axes axes, long... shape) {
        return new ArrayType(new Shape(shape), DataType.FLOAT32, axes);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
