package io.vitrail.testkit;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Draw a graph node by node; shapes are given without the batch. */
final class Sketch {
    private final DataType type;
    private final long batch;
    private final Layout layout;
    private final List<Graph.Port> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Graph.Result> outputs = new ArrayList<>();

    Sketch(DataType type, long batch, Layout layout) {
        this.type = type;
        this.batch = batch;
        this.layout = layout;
    }

    /** Create a weight of {@code float} or {@code double}. */
    static Parameter weight(String name, DataType type, List<Long> shape, double... elements) {
        return new Parameter(name, shape(shape), type, bytes(type, elements));
    }

    /** The same for a weight that the file keeps in another order of axes. */
    static Parameter stored(
            String name,
            DataType type,
            List<Long> stored,
            List<Integer> order,
            List<Long> shape,
            double... elements) {
        return new Parameter(name, shape(stored), order, shape(shape), type, bytes(type, elements));
    }

    private static Shape shape(List<Long> sizes) {
        return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
    }

    /** Each caller gets a position of its own. */
    private static Supplier<ByteBuffer> bytes(DataType type, double... elements) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(elements.length * type.getNumOfBytes())
                        .order(ByteOrder.nativeOrder());
        for (double element : elements) {
            if (type == DataType.FLOAT64) {
                bytes.putDouble(element);
            } else {
                bytes.putFloat((float) element);
            }
        }
        bytes.flip();
        return () -> bytes.duplicate().order(ByteOrder.nativeOrder());
    }

    DataType type() {
        return type;
    }

    Value input(String name, long... perItem) {
        inputs.add(new Graph.Port(name, array(batched(perItem))));
        return new Value.Input(inputs.size() - 1);
    }

    Value node(
            String name,
            Operator operator,
            Map<String, Parameter> weights,
            List<Long> perItem,
            Value... from) {
        return nodeOf(
                name,
                operator,
                weights,
                batched(perItem.stream().mapToLong(Long::longValue).toArray()),
                from);
    }

    /** Add a node whose output has a shape of its own, the first axis no batch. */
    Value nodeOf(
            String name,
            Operator operator,
            Map<String, Parameter> weights,
            Shape shape,
            Value... from) {
        nodes.add(
                new Node(
                        name,
                        operator,
                        List.of(from),
                        new LinkedHashMap<>(weights),
                        List.of(array(shape)),
                        "sketch"));
        return new Value.Output(nodes.size() - 1, 0);
    }

    /** Add a node that says yes or no of each element. */
    Value truth(String name, Operator operator, List<Long> perItem, Value from) {
        Shape shape = batched(perItem.stream().mapToLong(Long::longValue).toArray());
        ArrayType truth = new ArrayType(shape, DataType.BOOLEAN, layout.axes(shape.dimension()));
        nodes.add(new Node(name, operator, List.of(from), Map.of(), List.of(truth), "sketch"));
        return new Value.Output(nodes.size() - 1, 0);
    }

    Sketch output(String name, Value value) {
        outputs.add(new Graph.Result(name, value));
        return this;
    }

    Graph graph() {
        return new Graph(inputs, nodes, outputs, Map.of(), false);
    }

    private ArrayType array(Shape shape) {
        return new ArrayType(shape, type, layout.axes(shape.dimension()));
    }

    private Shape batched(long... perItem) {
        return new Shape(LongStream.concat(LongStream.of(batch), LongStream.of(perItem)).toArray());
    }
}
