package io.vitrail.testkit;

import static io.vitrail.testkit.OperatorCase.NONE;
import static io.vitrail.testkit.OperatorCase.one;
import static io.vitrail.testkit.SingleOperator.l;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Compare.Relation;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What sequences need: loops, tables, what tells padding from the rest. */
final class SequenceCases {
    private static final ArrayType PAIR =
            new ArrayType(new Shape(2, 2), DataType.FLOAT64, Axes.channelsLast(2));

    private SequenceCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> all = new ArrayList<>();
        all.add(one("flip", new Operator.Flip(List.of(1)), NONE, l(3, 4), l(3, 4)));
        all.add(
                one(
                        "embedding",
                        new Operator.Embedding(),
                        Map.of("weight", l(3, 2)),
                        l(4),
                        l(4, 2)));
        all.add(
                new OperatorCase(
                        "where",
                        new Operator.Select(),
                        NONE,
                        List.of(l(3, 1), l(3, 4), l(1, 4)),
                        l(3, 4)));
        for (Relation relation : Relation.values()) {
            Operator compare = new Operator.Compare(relation, 0.25);
            all.add(one(compare.kind(), compare, NONE, l(3, 4), l(3, 4)));
        }
        all.add(
                new OperatorCase(
                        "loop",
                        loop(new Operator.Multiply(), new Operator.Tanh()),
                        NONE,
                        List.of(l(2), l(3, 2)),
                        l(3, 2)));
        return all;
    }

    /** Return a loop over pairs: the next state is a function of the step and the state. */
    static Operator.Scan loop(Operator joined, Operator function) {
        List<Node> body =
                List.of(
                        node("loop/join", joined, new Value.Input(1), new Value.Input(0)),
                        node("loop/function", function, new Value.Output(0, 0)));
        Value next = new Value.Output(1, 0);
        return new Operator.Scan(
                "loop",
                new Graph(
                        List.of(new Graph.Port("state", PAIR), new Graph.Port("step", PAIR)),
                        body,
                        List.of(new Graph.Result("state", next), new Graph.Result("out", next)),
                        Map.of(),
                        false),
                1);
    }

    private static Node node(String name, Operator operator, Value... inputs) {
        return new Node(name, operator, List.of(inputs), Map.of(), List.of(PAIR), "sketch");
    }
}
