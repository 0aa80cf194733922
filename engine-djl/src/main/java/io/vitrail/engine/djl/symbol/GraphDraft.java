package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.mxnet.NativeCall;
import io.vitrail.engine.djl.mxnet.SymbolTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A graph while it is drawn from a symbol whose shapes are known. */
final class GraphDraft {
    private final SymbolFile symbol;
    private final Map<String, Parameter> weights;
    private final Map<String, List<SymbolTypes.Typed>> types;
    private final List<Graph.Port> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<SymbolNode.Reference, Value> values = new HashMap<>();

    /**
     * Create it.
     *
     * @param weights by the names of variables; other variables are inputs
     * @param types the outputs of each node, called {@code v0}, ...
     */
    GraphDraft(
            SymbolFile symbol,
            Map<String, Parameter> weights,
            Map<String, List<SymbolTypes.Typed>> types) {
        this.symbol = symbol;
        this.weights = weights;
        this.types = types;
        symbol.nodes().forEach(node -> taken.add(node.name()));
    }

    Graph draw() {
        for (int i = 0; i < symbol.nodes().size(); i++) {
            SymbolNode node = symbol.nodes().get(i);
            if (!node.isVariable()) {
                draw(i, node);
            } else if (!weights.containsKey(node.name())) {
                values.put(new SymbolNode.Reference(i, 0), new Value.Input(inputs.size()));
                inputs.add(new Graph.Port(node.name(), type(i, 0)));
            }
        }
        List<Graph.Result> outputs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (SymbolNode.Reference head : symbol.heads()) {
            String name = symbol.nodes().get(head.node()).name();
            String whole = types(head.node()).size() == 1 ? name : name + "." + head.output();
            for (int n = 2; !names.add(whole); n++) {
                whole = name + "#" + n;
            }
            outputs.add(new Graph.Result(whole, value(head)));
        }
        return new Graph(inputs, nodes, outputs, Map.of(), false);
    }

    private List<SymbolTypes.Typed> types(int node) {
        return types.getOrDefault("v" + node, List.of());
    }

    private ArrayType type(int node, int output) {
        SymbolTypes.Typed typed = types(node).get(output);
        ArrayType type = array(typed.shape(), typed);
        return symbol.nodes().get(node).operator().equals("Embedding")
                ? new ArrayType(
                        type.shape(), type.type(), Axes.channelsLast(typed.shape().dimension()))
                : type;
    }

    private static ArrayType array(Shape shape, SymbolTypes.Typed typed) {
        return new ArrayType(shape, typed.type(), Axes.channelsFirst(shape.dimension()));
    }

    private @Nullable Parameter weight(SymbolNode.Reference reference) {
        SymbolNode node = symbol.nodes().get(reference.node());
        return node.isVariable() ? weights.get(node.name()) : null;
    }

    /** Return what computes an array; a weight becomes a constant. */
    private Value value(SymbolNode.Reference reference) {
        Value known = values.get(reference);
        if (known != null) {
            return known;
        }
        SymbolNode node = symbol.nodes().get(reference.node());
        Parameter weight = weight(reference);
        if (weight == null) {
            throw Refusal.at(
                    node.place(), "it has no output " + reference.output() + ", which is read");
        }
        return add(
                reference,
                node.name(),
                new Operator.Constant(),
                List.of(),
                Map.of("value", weight),
                List.of(type(reference.node(), 0)),
                node);
    }

    private Value add(
            SymbolNode.Reference reference,
            String name,
            Operator operator,
            List<Value> from,
            Map<String, Parameter> parameters,
            List<ArrayType> outputs,
            SymbolNode source) {
        nodes.add(new Node(name, operator, from, parameters, outputs, source.place()));
        for (int k = 0; k < outputs.size(); k++) {
            values.put(
                    new SymbolNode.Reference(reference.node(), k),
                    new Value.Output(nodes.size() - 1, k));
        }
        return new Value.Output(nodes.size() - 1, 0);
    }

    private void draw(int index, SymbolNode node) {
        List<ArrayType> outputs = new ArrayList<>();
        for (int k = 0; k < types(index).size(); k++) {
            outputs.add(type(index, k));
        }
        Neutral neutral =
                node.inputs().isEmpty() || outputs.size() != 1
                        ? null
                        : NeutralOperators.of(
                                node, shape(node.inputs().get(0)), outputs.get(0).shape());
        SymbolNode.Reference own = new SymbolNode.Reference(index, 0);
        if (neutral == null || !fits(neutral, node)) {
            addNative(own, node, outputs);
            return;
        }
        int count = node.inputs().size() - neutral.weights().size();
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (int i = 0; i < neutral.weights().size(); i++) {
            String name = neutral.weights().get(i);
            Parameter weight = weight(node.inputs().get(count + i));
            if (!name.isEmpty() && weight != null) {
                parameters.put(name, weight);
            }
        }
        List<Value> from = new ArrayList<>();
        node.inputs().subList(0, count).forEach(reference -> from.add(value(reference)));
        if (neutral.operator() instanceof Operator.Linear && flattens(node)) {
            from.set(0, flattened(node, from.get(0)));
        }
        add(own, node.name(), neutral.operator(), from, parameters, outputs, node);
    }

    private Shape shape(SymbolNode.Reference reference) {
        return types(reference.node()).get(reference.output()).shape();
    }

    private boolean flattens(SymbolNode node) {
        return shape(node.inputs().get(0)).dimension() > 2
                && new Attributes(node).truth("flatten", true);
    }

    private Value flattened(SymbolNode node, Value input) {
        Shape whole = shape(node.inputs().get(0));
        SymbolTypes.Typed typed =
                types(node.inputs().get(0).node()).get(node.inputs().get(0).output());
        String name = node.name() + ".flatten";
        while (!taken.add(name)) {
            name += "_";
        }
        nodes.add(
                new Node(
                        name,
                        new Operator.Flatten(1, whole.dimension() - 1),
                        List.of(input),
                        Map.of(),
                        List.of(array(new Shape(whole.get(0), whole.slice(1).size()), typed)),
                        node.place()));
        return new Value.Output(nodes.size() - 1, 0);
    }

    /** The weights must be the model's own: one that is computed makes the operator MXNet's. */
    private boolean fits(Neutral neutral, SymbolNode node) {
        int count = node.inputs().size() - neutral.weights().size();
        if (count < 1) {
            return false;
        }
        for (int i = count; i < node.inputs().size(); i++) {
            if (weight(node.inputs().get(i)) == null) {
                return false;
            }
        }
        return true;
    }

    /** What an operator without inputs fills has the sizes that were found for it. */
    private static String sizes(Shape shape) {
        return LongStream.of(shape.getShape())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", ", "(", ",)"));
    }

    private void addNative(SymbolNode.Reference own, SymbolNode node, List<ArrayType> outputs) {
        List<Value> from = new ArrayList<>();
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        List<String> order = new ArrayList<>();
        for (SymbolNode.Reference reference : node.inputs()) {
            Parameter weight = weight(reference);
            if (weight == null) {
                order.add("x" + from.size());
                from.add(value(reference));
            } else {
                order.add("p" + parameters.size());
                parameters.put("p" + parameters.size(), weight);
            }
        }
        Map<String, String> attributes = new LinkedHashMap<>(node.attributes());
        attributes.put(NativeCall.ORDER, String.join(" ", order));
        attributes.computeIfPresent(
                "shape",
                (key, shape) -> node.inputs().isEmpty() ? sizes(outputs.get(0).shape()) : shape);
        add(
                own,
                node.name(),
                new Operator.Native("mxnet", node.operator(), attributes),
                from,
                parameters,
                outputs,
                node);
    }
}
