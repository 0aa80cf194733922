package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.ResolvedProbe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Several targets' ways back as one: their gradients one behind the other along the first axis,
 * target by target, and what the ways read of the forward pass repeated as often.
 *
 * <p>That pays where a way back is little work on many weights, such as the linear layers behind
 * the last convolution: the weights are read once for all, and there is one native call. Through
 * convolutions it does not (two cores go back through eight items of ResNet-50 in eight times the
 * time of one), and a tape cannot be read by several at once. So a way back is stacked if it passes
 * no convolution and no tape, and each node that it passes treats the rows of its first axis one by
 * one; every other goes alone.
 *
 * @param graph the graph with the first axis of each array left open that has as many rows
 * @param rows the length of the first axis, for one target
 * @param most the number of targets that may go together: their gradients, and what is repeated for
 *     them, stay within {@link #BYTES}, but for a single target that needs more
 */
record Stack(Graph graph, long rows, int most) {
    /** What the arrays of one stacked way back may take. */
    static final long BYTES = 64L << 20;

    /**
     * Return how targets that begin at some values go back together, or null if each goes alone.
     */
    static @Nullable Stack of(Lowering lowering, ResolvedProbe.Sweep sweep, List<Value> heads) {
        Graph graph = lowering.graph();
        long rows = rows(graph, heads.get(0));
        Set<Value> reached = new HashSet<>(heads);
        reached.retainAll(lowering.plan().needed(sweep));
        if (reached.isEmpty() || rows < 1) {
            return null;
        }
        for (int u = lowering.units().all().size() - 1; u >= 0; u--) {
            BackwardUnits.Unit unit = lowering.units().all().get(u);
            for (int index : unit.nodes()) {
                Node node = graph.nodes().get(index);
                boolean passed =
                        IntStream.range(0, node.outputs().size())
                                .anyMatch(k -> reached.contains(new Value.Output(index, k)));
                if (!passed) {
                    continue;
                }
                List<Value> further = new ArrayList<>(node.inputs());
                further.retainAll(lowering.plan().needed(sweep));
                boolean alone =
                        unit.taped() || lowering.packed(index) != null || !isByRow(graph, node);
                if (alone && !further.isEmpty()) {
                    return null;
                }
                reached.addAll(further);
            }
        }
        long repeated = 0; // of one row there are only views
        long largest = 0;
        for (Value value : reached) {
            if (rows(graph, value) != rows) {
                return null;
            }
            long size = graph.type(value).shape().size();
            repeated += rows > 1 ? size : 0;
            largest = Math.max(largest, size);
        }
        long results = 0;
        for (Value point : sweep.points()) {
            results += reached.contains(point) ? graph.type(point).shape().size() : 0;
        }
        // a step makes one gradient of another, and may copy one
        long most = BYTES / (Float.BYTES * Math.max(1, repeated + 3 * largest + results));
        return most < 2 ? null : new Stack(open(graph, rows), rows, (int) Math.min(most, 1 << 16));
    }

    private static long rows(Graph graph, Value value) {
        Shape shape = graph.type(value).shape();
        return shape.dimension() == 0 ? -1 : shape.get(0);
    }

    /**
     * Return whether a node's product treats rows one by one, in text that holds for any number of
     * rows.
     */
    private static boolean isByRow(Graph graph, Node node) {
        Operator operator = node.operator();
        Shape out = node.outputs().get(0).shape();
        boolean alike = // what is joined has one shape
                node.inputs().stream().allMatch(in -> graph.type(in).shape().equals(out));
        if (operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply
                || operator instanceof Operator.Divide) {
            return alike;
        }
        if (operator instanceof Operator.Softmax o) {
            return areInRow(o.axes());
        }
        if (operator instanceof Operator.LogSoftmax o) {
            return o.axis() > 0;
        }
        if (operator instanceof Operator.BatchNorm o) {
            return o.axis() > 0;
        }
        if (operator instanceof Operator.Mean o) {
            return areInRow(o.axes());
        }
        if (operator instanceof Operator.Concat o) {
            return o.axis() > 0;
        }
        if (operator instanceof Operator.Permute o) {
            return o.axes().get(0) == 0;
        }
        if (operator instanceof Operator.Linear || operator instanceof Operator.Prelu) {
            return out.dimension() > 1;
        }
        if (operator instanceof Operator.MaxPool
                || operator instanceof Operator.AveragePool
                || operator instanceof Operator.AdaptiveAveragePool) {
            return out.dimension() == 4;
        }
        return operator instanceof Operator.Identity
                || operator instanceof Operator.Scale
                // a reshaped array has as many rows, so that each row is one as it was
                || operator instanceof Operator.Reshape
                || operator instanceof Operator.Flatten
                || alike && ActivationText.of(operator, "x") != null;
    }

    private static boolean areInRow(List<Integer> axes) {
        return axes.stream().allMatch(axis -> axis > 0);
    }

    /** Leave the first axis open where it has so many rows. */
    private static Graph open(Graph graph, long rows) {
        List<Graph.Port> ports = new ArrayList<>();
        graph.inputs().forEach(p -> ports.add(new Graph.Port(p.name(), open(p.type(), rows))));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(
                    new Node(
                            node.name(),
                            node.operator(),
                            node.inputs(),
                            node.parameters(),
                            node.outputs().stream().map(type -> open(type, rows)).toList(),
                            node.place()));
        }
        return new Graph(ports, nodes, graph.outputs(), graph.names(), graph.readsValues());
    }

    private static ArrayType open(ArrayType type, long rows) {
        long[] sizes = type.shape().getShape().clone();
        if (sizes.length == 0 || sizes[0] != rows) {
            return type;
        }
        sizes[0] = -1;
        return new ArrayType(new Shape(sizes), type.type(), type.axes());
    }

    /** Return the expression of the number of targets, by the gradients at one of the heads. */
    String count(String head) {
        return Aten.call("floordiv", Aten.call("size", head, 0), rows);
    }

    /** Return the expression of an array repeated for each target; a view of one row. */
    static String repeated(String variable, String count) {
        String sizes = Aten.call("add", "[" + count + "]", Aten.call("size", variable));
        return Aten.call(
                "flatten", Aten.call("expand", Aten.call("unsqueeze", variable, 0), sizes), 0, 1);
    }

    /** Return the expression of an array in parts, one a target. */
    String parted(String variable) {
        return Aten.call("split", variable, rows);
    }
}
