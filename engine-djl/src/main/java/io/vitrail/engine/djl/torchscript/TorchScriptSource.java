package io.vitrail.engine.djl.torchscript;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A TorchScript file that was found sound; its graphs are recorded on the PyTorch engine. */
final class TorchScriptSource implements GraphSource {
    private final String name;
    private final Archive archive;
    private final List<String> inputNames;
    private final List<Graph.Port> inputs; // every run asks for them

    TorchScriptSource(String name, Archive archive) {
        this.name = name;
        this.archive = archive;
        List<Code.Parameter> parameters = archive.root().method("forward").parameters();
        this.inputNames =
                parameters.subList(1, parameters.size()).stream()
                        .filter(parameter -> parameter.defaultValue() == null)
                        .map(Code.Parameter::name)
                        .toList();
        this.inputs = ports();
    }

    @Override
    public String format() {
        return "torchscript";
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> engine() {
        return Optional.of("pytorch");
    }

    @Override
    public List<Graph.Port> inputs() {
        return inputs;
    }

    /**
     * Shapes that the file was traced with, batch left open; else the channels of its first
     * convolution.
     */
    private List<Graph.Port> ports() {
        List<StoredTensors.Example> traced = archive.tracedInputs();
        boolean known = traced.size() == inputNames.size();
        List<Graph.Port> ports = new ArrayList<>();
        for (int i = 0; i < inputNames.size(); i++) {
            Shape shape = known ? open(traced.get(i).shape()) : new Shape();
            DataType type = known ? traced.get(i).type() : floating();
            if (shape.dimension() == 0 && inputNames.size() == 1) {
                shape = firstConvolution();
            }
            ports.add(
                    new Graph.Port(
                            inputNames.get(i),
                            new ArrayType(shape, type, Axes.channelsFirst(shape.dimension()))));
        }
        return List.copyOf(ports);
    }

    private static Shape open(Shape shape) {
        long[] sizes = shape.getShape().clone();
        if (sizes.length > 0) {
            sizes[0] = -1;
        }
        return new Shape(sizes);
    }

    private DataType floating() {
        for (Parameter parameter : archive.parameters().values()) {
            if (parameter.type().isFloating()) {
                return parameter.type();
            }
        }
        return DataType.FLOAT32;
    }

    private Shape firstConvolution() {
        for (Parameter parameter : archive.parameters().values()) {
            Shape weight = parameter.shape();
            String name = parameter.name();
            boolean kernel = name.endsWith("weight") || name.startsWith("CONSTANTS.");
            if (weight.dimension() == 4 && kernel) {
                return new Shape(-1, weight.get(1), -1, -1);
            }
        }
        return new Shape();
    }

    @Override
    public Graph graph(NDList inputs) {
        if (inputs.size() != inputNames.size()) {
            throw VitrailException.input(
                    name
                            + ": the network has "
                            + inputNames.size()
                            + " inputs ("
                            + String.join(", ", inputNames)
                            + "), got "
                            + inputs.size());
        }
        try (Recorder recorder = new Recorder(name, inputNames, inputs)) {
            TensorCalls tensors = new TensorCalls(recorder, inputs.head().getManager());
            Interpreter interpreter = new Interpreter(archive, recorder, tensors);
            List<Value> values = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                values.add(new Value.Input(i));
            }
            Object result = interpreter.forward(values);
            Map<String, Value> outputs = new LinkedHashMap<>();
            collect("", result, outputs, tensors);
            if (outputs.isEmpty()) {
                throw Refusal.at("forward", "the model returns no tensor");
            }
            if (outputs.containsKey("")) {
                outputs = Map.of("output", outputs.get(""));
            }
            Graph graph =
                    recorder.finish(outputs, interpreter.names().modules(), tensors.readsValues());
            checkBatch(graph);
            return graph;
        } catch (Refusal refusal) {
            throw VitrailException.model(refusal.describe(name));
        }
    }

    /**
     * Refuse a batch that comes out as another number of items: code that was traced may hold the
     * size of its batch as a number, and then mixes the items in silence.
     */
    private void checkBatch(Graph graph) {
        long items = items(graph.inputs().get(0).type().shape());
        if (items <= 1) {
            return; // one item cannot be mixed with another
        }
        List<Long> found = new ArrayList<>();
        for (Graph.Result output : graph.outputs()) {
            found.add(items(graph.type(output.value()).shape()));
        }
        if (!found.contains(items)) {
            throw VitrailException.input(
                    name
                            + ": a batch of "
                            + items
                            + " gives "
                            + found.get(0)
                            + " results: the size of the batch is fixed in the file\n  remedy: --batch "
                            + Math.max(1, found.get(0))
                            + ", or trace the model anew without sizes in its code, such as view(x.size(0), -1)");
        }
    }

    private static long items(Shape shape) {
        return shape.dimension() == 0 ? 1 : shape.get(0);
    }

    /** Flatten what forward returns: keys of dictionaries, positions of tuples and lists. */
    private static void collect(
            String prefix,
            @Nullable Object result,
            Map<String, Value> outputs,
            TensorCalls tensors) {
        String dot = prefix.isEmpty() ? "" : prefix + ".";
        if (result instanceof Traced tensor) {
            outputs.put(prefix, tensors.value(tensor));
        } else if (result instanceof Interpreter.Group group) {
            for (int i = 0; i < group.items().size(); i++) {
                String name = group.names().isEmpty() ? String.valueOf(i) : group.names().get(i);
                collect(dot + name, group.items().get(i), outputs, tensors);
            }
        } else if (result instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(dot + i, list.get(i), outputs, tensors);
            }
        } else if (result instanceof Map<?, ?> map) {
            map.forEach((key, value) -> collect(dot + key, value, outputs, tensors));
        }
    }

    @Override
    public void close() {
        // the map of the file goes with the last array over it
    }
}
