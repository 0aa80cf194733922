package io.vitrail.engine.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.plan.Embedding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The nodes of a graph in the making, one for each call that ran. */
final class Recording implements AutoCloseable {
    private final NDManager manager;
    private final SharedWeights weights;
    private final Dialect dialect;
    private final NeutralCalls neutral;
    private final BlockNames names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, ArrayType> types = new HashMap<>();
    private final Map<Parameter, Recorded> constants = new IdentityHashMap<>();
    private boolean readsValues;

    /**
     * Start a recording.
     *
     * @param manager owns what the calls make, and is closed with the recording
     */
    Recording(NDManager manager, SharedWeights weights, Dialect dialect) {
        this.manager = manager;
        this.weights = weights;
        this.dialect = dialect;
        this.neutral = new NeutralCalls(dialect.countsPadding());
        this.names = new BlockNames(weights);
    }

    NDManager manager() {
        return manager;
    }

    SharedWeights weights() {
        return weights;
    }

    BlockNames names() {
        return names;
    }

    boolean readsValues() {
        return readsValues;
    }

    /** Take note that the code looked at numbers which the inputs decide. */
    void valueRead() {
        readsValues = true;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Return whether the engine has an operator that fills an array of some size. */
    boolean hasNode(String filling) {
        return dialect.fills(filling);
    }

    /** Return an input of the network. */
    Recorded input(int index, NDArray array) {
        Value value = new Value.Input(index);
        types.put(value, type(array, Axes.channelsFirst(array.getShape().dimension())));
        return new Recorded(new Recorded.Computed(value), array, true);
    }

    /** Return an array that is not computed from the inputs. */
    Recorded weight(SharedWeights.Shared shared) {
        return new Recorded(new Recorded.Weight(shared.parameter()), shared.alias(), false);
    }

    /**
     * Add what a call computes; return what each of its results is.
     *
     * @throws Refusal if the call has no meaning on this engine
     */
    List<Recorded> add(Call call) {
        Neutral known = neutral.of(call);
        if (known != null) {
            return add(known.operator(), known.inputs(), known.weights(), call);
        }
        Dialect.Own own = dialect.own(call);
        if (own == null) {
            throw new Refusal(
                    place(call),
                    "its code calls "
                            + call.method()
                            + " on "
                            + String.join(", ", call.types())
                            + ", which has no form in a graph on "
                            + dialect.engine(),
                    "compute it with other operations of NDArray");
        }
        return add(own.operator(), own.inputs(), own.weights(), call);
    }

    private List<Recorded> add(
            Operator operator, List<Recorded> in, Map<String, Parameter> own, Call call) {
        List<Value> values = new ArrayList<>();
        boolean depends = false;
        for (Recorded array : in) {
            values.add(value(array));
            depends |= array.dependsOnInput();
        }
        return add(operator, values, own, call.results(), place(call), depends);
    }

    /** Add a node, in the child of the block that is running. */
    List<Recorded> add(
            Operator operator,
            List<Value> in,
            Map<String, Parameter> own,
            List<NDArray> results,
            String place,
            boolean depends) {
        List<ArrayType> outputs = new ArrayList<>();
        List<Recorded> recorded = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            Value value = new Value.Output(nodes.size(), i);
            ArrayType type = type(results.get(i), axes(operator, in, results.get(i)));
            types.put(value, type);
            outputs.add(type);
            recorded.add(new Recorded(new Recorded.Computed(value), results.get(i), depends));
        }
        names.added(nodes.size(), operator, own.values());
        nodes.add(new Node("", operator, in, own, outputs, place));
        return recorded;
    }

    /** Add a node of another graph, with its name inside the child that is running. */
    List<Value> inlined(Node node, List<Value> in) {
        int index = nodes.size();
        names.inlined(node.name());
        nodes.add(
                new Node("", node.operator(), in, node.parameters(), node.outputs(), node.place()));
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < node.outputs().size(); i++) {
            Value value = new Value.Output(index, i);
            types.put(value, node.outputs().get(i));
            outputs.add(value);
        }
        return outputs;
    }

    /** Return an array as a value; a weight that is used like any other array becomes a node. */
    Value value(Recorded array) {
        Recorded computed = array;
        if (array.origin() instanceof Recorded.Weight weight) {
            computed =
                    constants.computeIfAbsent(
                            weight.parameter(),
                            parameter ->
                                    add(
                                                    new Operator.Constant(),
                                                    List.of(),
                                                    Map.of("value", parameter),
                                                    List.of(array.array()),
                                                    parameter.name(),
                                                    false)
                                            .get(0));
        }
        return ((Recorded.Computed) computed.origin()).value();
    }

    private String place(Call call) {
        String path = names.path();
        return (path.isEmpty() ? "" : path + ": ") + call.method();
    }

    private static ArrayType type(NDArray array, Axes axes) {
        return new ArrayType(array.getShape(), array.getDataType(), axes);
    }

    /**
     * Axes go with the first input as long as the rank stays; a permutation moves them. An
     * embedding puts its channels behind.
     */
    private Axes axes(Operator operator, List<Value> in, NDArray result) {
        int rank = result.getShape().dimension();
        if (Embedding.is(operator)) {
            return Axes.channelsLast(rank);
        }
        if (in.isEmpty() || types.get(in.get(0)).shape().dimension() != rank) {
            return Axes.channelsFirst(rank);
        }
        Axes before = types.get(in.get(0)).axes();
        if (!(operator instanceof Operator.Permute permute)) {
            return before;
        }
        List<Integer> order = permute.axes();
        return new Axes(
                before.spatial().stream().map(order::indexOf).sorted().toList(),
                before.channel() < 0 ? -1 : order.indexOf(before.channel()));
    }

    /**
     * Return the graph: nodes that lead to an output, in the order in which they ran.
     *
     * @param inputs what the network is fed
     * @param outputs what it returns, named by position where there are several
     */
    Graph graph(List<Graph.Port> inputs, List<Recorded> outputs) {
        List<Value> results = outputs.stream().map(this::value).toList();
        return new LiveNodes(nodes, names).graph(inputs, results, readsValues);
    }

    /** Return shape, type and axes of a value. */
    ArrayType type(Value value) {
        ArrayType type = types.get(value);
        if (type == null) {
            throw new IllegalStateException(value + " is not of this recording");
        }
        return type;
    }

    @Override
    public void close() {
        manager.close();
    }
}
