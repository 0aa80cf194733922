package io.vitrail.engine.djl.plan;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A graph for any batch size, proved by two recordings at different ones.
 *
 * <p>Whatever differs between the two must be the same multiple of the batch size in both: sizes of
 * arrays and of reshapes, whole numbers in the calls of native operators. Where anything else
 * differs, the graph depends on the batch in another way, and there is no symbolic form.
 */
public final class SymbolicBatch {
    /** Attributes of native operators that hold sizes. */
    private static final List<String> SIZED = List.of("call", "shape");

    private static final Pattern WHOLE = Pattern.compile("(?<![\\w.$])-?\\d+(?![\\w.])");

    private final Graph first;
    private final List<Long> multiples; // of the batch, for each size of the graph; 0: it is fixed

    private SymbolicBatch(Graph first, List<Long> multiples) {
        this.first = first;
        this.multiples = multiples;
    }

    /**
     * Compare two recordings.
     *
     * @param a recorded on a batch of {@code n}
     * @param b recorded on another batch, of {@code m}
     */
    public static Optional<SymbolicBatch> of(Graph a, long n, Graph b, long m) {
        if (n == m || a.readsValues() || b.readsValues()) {
            return Optional.empty();
        }
        List<Long> before = sizes(a);
        List<Long> after = sizes(b);
        if (before.size() != after.size()) {
            return Optional.empty();
        }
        List<Long> multiples = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            long x = before.get(i);
            long y = after.get(i);
            boolean proportional = x % n == 0 && y % m == 0 && x / n == y / m;
            if (x != y && !proportional) {
                return Optional.empty();
            }
            multiples.add(x == y ? 0 : x / n);
        }
        SymbolicBatch symbolic = new SymbolicBatch(a, multiples);
        return symbolic.at(m).equals(b) ? Optional.of(symbolic) : Optional.empty();
    }

    /** Return the graph for a batch size. */
    public Graph at(long batch) {
        Iterator<Long> multiple = multiples.iterator();
        return mapped(
                first,
                size -> {
                    long times = multiple.next();
                    return times == 0 ? size : times * batch;
                });
    }

    private static List<Long> sizes(Graph graph) {
        List<Long> sizes = new ArrayList<>();
        mapped(
                graph,
                size -> {
                    sizes.add(size);
                    return size;
                });
        return sizes;
    }

    /** Return a graph with every size replaced, visited always in the same order. */
    private static Graph mapped(Graph graph, LongUnaryOperator change) {
        List<Graph.Port> ports = new ArrayList<>();
        for (Graph.Port port : graph.inputs()) {
            ports.add(new Graph.Port(port.name(), mapped(port.type(), change)));
        }
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Operator operator = mapped(node.operator(), change);
            List<ArrayType> types = new ArrayList<>();
            node.outputs().forEach(type -> types.add(mapped(type, change)));
            nodes.add(
                    new Node(
                            node.name(),
                            operator,
                            node.inputs(),
                            node.parameters(),
                            types,
                            node.place()));
        }
        return new Graph(ports, nodes, graph.outputs(), graph.names(), graph.readsValues());
    }

    private static ArrayType mapped(ArrayType type, LongUnaryOperator change) {
        long[] sizes = type.shape().getShape().clone();
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = change.applyAsLong(sizes[i]);
        }
        return new ArrayType(new Shape(sizes), type.type(), type.axes());
    }

    private static Operator mapped(Operator operator, LongUnaryOperator change) {
        if (operator instanceof Operator.Reshape reshape) {
            return new Operator.Reshape(reshape.sizes().stream().map(change::applyAsLong).toList());
        }
        if (operator instanceof Operator.Native own) {
            Map<String, String> attributes = new LinkedHashMap<>(own.attributes());
            for (String sized : SIZED) {
                attributes.computeIfPresent(sized, (key, text) -> mapped(text, change));
            }
            return new Operator.Native(own.engine(), own.name(), attributes);
        }
        return operator;
    }

    private static String mapped(String call, LongUnaryOperator change) {
        Matcher numbers = WHOLE.matcher(call);
        StringBuilder text = new StringBuilder();
        while (numbers.find()) {
            long number = Long.parseLong(numbers.group());
            numbers.appendReplacement(text, Long.toString(change.applyAsLong(number)));
        }
        return numbers.appendTail(text).toString();
    }
}
