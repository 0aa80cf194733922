package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A chain of operations on one input {@code x}, with the function that computes each; shapes come
 * from running it.
 */
final class FakeNetwork implements GraphSource {
    record Stage(String name, Operator operator, UnaryOperator<NDArray> function) {}

    final List<Stage> stages = new ArrayList<>();
    final List<String> outputs = new ArrayList<>();
    Shape declared = new Shape(-1, 2, 2, 2);
    boolean closed;

    FakeNetwork stage(String name, Operator operator, UnaryOperator<NDArray> function) {
        stages.add(new Stage(name, operator, function));
        return this;
    }

    FakeNetwork output(String stage) {
        outputs.add(stage);
        return this;
    }

    FakeNetwork declared(long... shape) {
        declared = new Shape(shape);
        return this;
    }

    /** ReLU on (N, 2, 2, 2), mean over space: two numbers an item. */
    static FakeNetwork pooled() {
        return new FakeNetwork()
                .stage("relu", new Operator.Relu(), x -> x.getNDArrayInternal().relu())
                .stage(
                        "pool",
                        new Operator.Mean(List.of(2, 3), false),
                        x -> x.reshape(x.getShape().get(0), 2, -1).mean(new int[] {2}));
    }

    /** {@link #pooled}, then three classes: first channel, second channel, their difference. */
    static FakeNetwork classifier() {
        return pooled().stage(
                        "fc",
                        new Operator.Linear(),
                        x ->
                                x.matMul(
                                        x.getManager()
                                                .create(
                                                        new float[] {1, 0, 1, 0, 1, -1},
                                                        new Shape(2, 3))));
    }

    @Override
    public String format() {
        return "fake";
    }

    @Override
    public String name() {
        return "fake.net";
    }

    @Override
    public Optional<String> engine() {
        return Optional.of("fake");
    }

    @Override
    public List<Graph.Port> inputs() {
        return List.of(
                new Graph.Port("x", new ArrayType(declared, DataType.FLOAT32, axes(declared))));
    }

    @Override
    public Graph graph(NDList arrays) {
        NDList values = values(arrays.head());
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            Value from = i == 0 ? new Value.Input(0) : new Value.Output(i - 1, 0);
            nodes.add(
                    new Node(
                            stages.get(i).name(),
                            stages.get(i).operator(),
                            List.of(from),
                            Map.of(),
                            List.of(type(values.get(i + 1))),
                            "test"));
        }
        List<Graph.Result> results =
                outputs.stream()
                        .map(name -> new Graph.Result(name, new Value.Output(index(name), 0)))
                        .toList();
        return new Graph(
                List.of(new Graph.Port("x", type(arrays.head()))), nodes, results, Map.of(), false);
    }

    /** Return the input and what each stage computes. */
    NDList values(NDArray input) {
        NDList values = new NDList(input);
        for (Stage stage : stages) {
            values.add(stage.function().apply(values.get(values.size() - 1)));
        }
        return values;
    }

    int index(String stage) {
        return stages.stream().map(Stage::name).toList().indexOf(stage);
    }

    private static ArrayType type(NDArray array) {
        return new ArrayType(array.getShape(), array.getDataType(), axes(array.getShape()));
    }

    private static Axes axes(Shape shape) {
        return Axes.channelsFirst(shape.dimension());
    }

    @Override
    public void close() {
        closed = true;
    }
}
