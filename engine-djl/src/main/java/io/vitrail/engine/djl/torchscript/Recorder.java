package io.vitrail.engine.djl.torchscript;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.torch.BFloat16;
import io.vitrail.engine.djl.torch.GradMode;
import io.vitrail.engine.djl.torch.NodeText;
import io.vitrail.engine.djl.torch.Script;
import io.vitrail.engine.djl.torch.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Write down which operators ran, as nodes of a graph.
 *
 * <p>Nodes run when somebody asks what came out, all that are pending in one native call. Who asks
 * for no more than a shape is told it without a run where it can be inferred; so most networks are
 * recorded without being run.
 */
final class Recorder implements AutoCloseable {
    private static final int UNKNOWN = -1;

    private final String model;
    private final NDManager manager;
    private final NDList inputs;
    private final List<String> inputNames;
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<Value, NDArray> arrays = new HashMap<>();
    private final Map<Value, Shape> floats = new HashMap<>(); // arrays of floats that did not run
    private final Weights weights;
    private final Map<Parameter, Value> constants = new IdentityHashMap<>();
    private final Limits limits = new Limits();
    private int run;
    private int inferred;

    /**
     * Start a recording.
     *
     * @param inputs arrays of the PyTorch engine, read only
     */
    Recorder(String model, List<String> inputNames, NDList inputs) {
        this.model = model;
        this.inputNames = inputNames;
        this.manager = inputs.head().getManager().newSubManager();
        this.weights = new Weights(manager);
        this.inputs = new NDList();
        for (int i = 0; i < inputs.size(); i++) {
            NDArray alias = inputs.get(i).stopGradient();
            alias.attach(manager);
            this.inputs.add(alias);
            arrays.put(new Value.Input(i), alias);
        }
    }

    /** Add a node and return its outputs. */
    List<Value> add(
            Operator operator,
            List<Value> in,
            Map<String, Parameter> parameters,
            int outputs,
            String place) {
        limits.node(place);
        boolean depends = false;
        for (Value value : in) {
            depends |= dependsOnInput(value);
        }
        int rank = keepsRank(operator) ? knownRank(in.get(0)) : UNKNOWN;
        drafts.add(new Draft(operator, in, parameters, outputs, place, depends, rank));
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            values.add(new Value.Output(drafts.size() - 1, i));
        }
        return values;
    }

    /** Return the value of a weight that is used like any other array. */
    Value constant(Parameter parameter) {
        return constants.computeIfAbsent(
                parameter,
                p ->
                        add(new Operator.Constant(), List.of(), Map.of("value", p), 1, p.name())
                                .get(0));
    }

    private static boolean keepsRank(Operator operator) {
        return !(operator instanceof Operator.Native
                || operator instanceof Operator.Constant
                || operator instanceof Operator.Reshape
                || operator instanceof Operator.Flatten
                || operator instanceof Operator.Mean
                || operator instanceof Operator.Add
                || operator instanceof Operator.Subtract
                || operator instanceof Operator.Multiply);
    }

    private int knownRank(Value value) {
        NDArray array = arrays.get(value);
        if (array != null) {
            return array.getShape().dimension();
        }
        Shape shape = floats.get(value);
        if (shape != null) {
            return shape.dimension();
        }
        return value instanceof Value.Output output ? drafts.get(output.node()).rank : UNKNOWN;
    }

    /** Return the number of axes; runs pending nodes only if they could change it. */
    int rank(Value value) {
        int rank = knownRank(value);
        return rank != UNKNOWN ? rank : shape(value).dimension();
    }

    /** Return the shape; runs pending nodes only if it cannot be inferred. */
    Shape shape(Value value) {
        return type(value).shape();
    }

    /** Return shape and type, as {@link #shape}; of the axes nothing is known. */
    private ArrayType type(Value value) {
        if (!arrays.containsKey(value)) {
            infer();
            Shape shape = floats.get(value);
            if (shape != null) {
                return new ArrayType(shape, DataType.FLOAT32, Axes.NONE);
            }
        }
        NDArray array = array(value);
        return new ArrayType(array.getShape(), BFloat16.type(array), Axes.NONE);
    }

    private void infer() {
        for (; inferred < drafts.size(); inferred++) {
            Draft draft = drafts.get(inferred);
            List<Shape> in = new ArrayList<>();
            for (Value value : draft.inputs) {
                NDArray array = arrays.get(value);
                boolean isFloat = array != null && BFloat16.type(array) == DataType.FLOAT32;
                Shape shape = isFloat ? array.getShape() : floats.get(value);
                if (shape != null) {
                    in.add(shape);
                }
            }
            if (in.size() == draft.inputs.size()) {
                Shape shape = InferredShapes.of(draft.operator, draft.parameters, in);
                if (shape != null) {
                    floats.put(new Value.Output(inferred, 0), shape);
                }
            }
        }
    }

    /** Return the array that a value has on these inputs; runs pending nodes. */
    NDArray array(Value value) {
        NDArray known = arrays.get(value);
        if (known == null) {
            runPending();
            known = arrays.get(value);
        }
        return known;
    }

    boolean dependsOnInput(Value value) {
        return value instanceof Value.Input
                || value instanceof Value.Output output && drafts.get(output.node()).dependsOnInput;
    }

    Limits limits() {
        return limits;
    }

    /** Return the index that the next node will have. */
    int next() {
        return drafts.size();
    }

    void name(int node, String name) {
        drafts.get(node).name = name;
    }

    boolean isNamed(int node) {
        return !drafts.get(node).name.isEmpty();
    }

    String place(int node) {
        return drafts.get(node).place;
    }

    Operator operator(int node) {
        return drafts.get(node).operator;
    }

    private void runPending() {
        int from = run;
        int to = drafts.size();
        if (from < to) {
            limits.run(drafts.get(to - 1).place);
        }
        try {
            run(from, to);
        } catch (EngineException whole) {
            for (int i = from; i < to; i++) { // which one was it?
                try {
                    run(i, i + 1);
                } catch (EngineException one) {
                    throw refused(drafts.get(i), one);
                }
            }
        }
        run = to;
    }

    private VitrailException refused(Draft draft, EngineException cause) {
        List<String> shapes = new ArrayList<>();
        inputs.forEach(input -> shapes.add(input.getShape() + " " + BFloat16.type(input)));
        Shape first = inputs.head().getShape();
        boolean batched = first.dimension() > 0 && first.get(0) > 1;
        return new VitrailException(
                VitrailException.Kind.INPUT,
                model
                        + ": the network does not run on inputs of "
                        + String.join(" and ", shapes)
                        + "\n  where:  "
                        + draft.place
                        + "\n  why:    "
                        + reason(cause)
                        + "\n  remedy: feed the shape and type that the network was made for"
                        + (batched ? "; if it was made for one item at a time: --batch 1" : ""),
                cause);
    }

    /** The line of libtorch's report that says what is wrong. */
    static String reason(EngineException cause) {
        List<String> lines =
                String.valueOf(cause.getMessage())
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).matches("\\w*Error: .*")) {
                return lines.get(i).replaceFirst("^\\w*Error: ", "");
            }
        }
        return lines.isEmpty() ? "it does not say" : lines.get(0);
    }

    private void run(int from, int to) {
        if (from == to) {
            return;
        }
        NDList x = new NDList(inputs);
        Map<Value, String> names = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            names.put(new Value.Input(i), "x[" + i + "]");
        }
        NDList p = new NDList();
        Map<Parameter, String> parameterNames = new IdentityHashMap<>();
        NodeText text =
                new NodeText(
                        names::get,
                        parameter ->
                                parameterNames.computeIfAbsent(
                                        parameter,
                                        key -> {
                                            p.add(weights.get(key));
                                            return "p[" + (p.size() - 1) + "]";
                                        }));
        StringBuilder body = new StringBuilder();
        List<Value> produced = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Draft draft = drafts.get(i);
            for (Value value : draft.inputs) {
                if (!names.containsKey(value)) {
                    names.put(value, "x[" + x.size() + "]");
                    x.add(arrays.get(value));
                }
            }
            Node node = draft.node("n" + i, draft.inputs, List.of());
            body.append("v").append(i).append(" = ").append(text.expression(node)).append('\n');
            for (int k = 0; k < draft.outputs; k++) {
                Value value = new Value.Output(i, k);
                boolean one = NodeText.form(node).equals("tensor");
                names.put(value, one ? "v" + i : "v" + i + "[" + k + "]");
                produced.add(value);
            }
        }
        body.append("return [");
        produced.forEach(value -> body.append(names.get(value)).append(", "));
        body.append("]");
        NDList results =
                GradMode.off(
                        () -> {
                            try (Script script =
                                    Script.compile(manager, body.toString(), !p.isEmpty())) {
                                return script.run(x, p);
                            }
                        });
        for (int i = 0; i < produced.size(); i++) {
            arrays.put(produced.get(i), results.get(i));
        }
    }

    /**
     * Return the graph: nodes that lead to an output, in the order in which they were recorded.
     *
     * @param outputs name and value of each output
     * @param names further names of values
     */
    Graph finish(Map<String, Value> outputs, Map<String, Value> names, boolean readsValues) {
        return new RecordedGraph(drafts, this::type, inputNames).of(outputs, names, readsValues);
    }

    @Override
    public void close() {
        manager.close();
    }
}
