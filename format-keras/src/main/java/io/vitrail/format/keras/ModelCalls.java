package io.vitrail.format.keras;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.file.Call;
import io.vitrail.format.keras.file.StoredLayer;
import io.vitrail.format.keras.file.StoredModel;
import io.vitrail.format.keras.file.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Call the layers of a model one after the other, those of nested models in their place. */
final class ModelCalls implements InnerCalls {
    private static final Map<String, DataType> WHOLE =
            Map.of(
                    "int8", DataType.INT8,
                    "uint8", DataType.UINT8,
                    "int32", DataType.INT32,
                    "int64", DataType.INT64,
                    "bool", DataType.BOOLEAN);

    /** What reads whole numbers: a table, and masks made by hand. */
    private static final Set<String> LOOKING = Set.of("Embedding", "ops>NotEqual", "ops>Equal");

    private final StoredModel model;
    private final KerasLayers readers;
    private final Parameters parameters = new Parameters();
    private final Set<String> paths = new HashSet<>();
    private final DataType type;
    private final Layout layout;

    ModelCalls(StoredModel model, KerasLayers readers) {
        this.model = model;
        this.readers = readers;
        List<LayerConfig> layers = inOrder(model).toList();
        layers.forEach(layer -> paths.add(layer.path()));
        this.type =
                layers.stream()
                        .map(ModelCalls::type)
                        .filter(each -> each != DataType.UNKNOWN)
                        .findFirst()
                        .orElse(DataType.FLOAT32);
        this.layout =
                layers.stream()
                        .filter(each -> each.has("data_format"))
                        .filter(each -> !each.className().equals("Flatten"))
                        .map(each -> each.string("data_format"))
                        .findFirst()
                        .filter(format -> format.equals("channels_first"))
                        .map(format -> Layout.CHANNELS_FIRST)
                        .orElse(Layout.CHANNELS_LAST);
    }

    private static Stream<LayerConfig> inOrder(StoredModel model) {
        return ExecutionOrder.of(model).stream()
                .flatMap(
                        step -> {
                            StoredModel inner = step.layer().inner();
                            StoredModel wrapped = step.layer().wrapped();
                            Stream<LayerConfig> own = Stream.of(step.layer().config());
                            return inner != null
                                    ? inOrder(inner)
                                    : wrapped == null ? own : Stream.concat(own, inOrder(wrapped));
                        });
    }

    /** A policy such as mixed_float16 keeps its weights, and is computed here, in float32. */
    private static DataType type(LayerConfig layer) {
        Object given = layer.value("dtype");
        if (given instanceof Map<?, ?> policy && policy.get("config") instanceof Map<?, ?> inside) {
            given = inside.get("name");
        }
        if (!(given instanceof String name) || name.matches("u?int\\d+|bool|string")) {
            return DataType.UNKNOWN;
        }
        return switch (name) {
            case "float64" -> DataType.FLOAT64;
            case "float16" -> DataType.FLOAT16;
            case "bfloat16" -> DataType.BFLOAT16;
            default -> DataType.FLOAT32;
        };
    }

    /** Return where the first layer that says so has its channels. */
    Layout layout() {
        return layout;
    }

    /** Return the inputs as the file declares them. */
    List<Graph.Port> ports() {
        List<Graph.Port> ports = new ArrayList<>();
        for (Tensor input : model.inputs()) {
            LayerConfig layer = layer(model, input);
            Shape shape = declared(layer);
            ports.add(
                    new Graph.Port(
                            layer.name(),
                            new ArrayType(
                                    shape,
                                    isLookedUp(model, input) ? whole(layer) : type,
                                    layout.axes(shape.dimension()))));
        }
        return ports;
    }

    /** Numbers that are looked up in a table are whole, whatever the type of the input says. */
    private static boolean isLookedUp(StoredModel model, Tensor input) {
        List<StoredLayer> readers = new ArrayList<>();
        for (StoredLayer layer : model.layers()) {
            for (Call call : layer.calls()) {
                if (call.tensors().contains(input)) {
                    readers.add(layer);
                }
            }
        }
        return !readers.isEmpty() && readers.stream().allMatch(layer -> isLookedUp(layer, input));
    }

    private static boolean isLookedUp(StoredLayer layer, Tensor input) {
        StoredModel inner = layer.inner();
        if (inner == null) {
            return LOOKING.contains(layer.config().className())
                    || layer.config().string("function", "").endsWith("equal");
        }
        return layer.calls().stream()
                .filter(call -> call.tensors().contains(input))
                .allMatch(
                        call ->
                                isLookedUp(
                                        inner, inner.inputs().get(call.tensors().indexOf(input))));
    }

    private static DataType whole(LayerConfig input) {
        Object given = input.value("dtype");
        return given instanceof String name
                ? WHOLE.getOrDefault(name, DataType.INT32)
                : DataType.INT32;
    }

    private static Shape declared(LayerConfig input) {
        String key = input.has("batch_shape") ? "batch_shape" : "batch_input_shape";
        if (!(input.value(key) instanceof List<?> sizes)) {
            return new Shape();
        }
        long[] declared = new long[sizes.size()];
        for (int i = 0; i < declared.length; i++) {
            Object size = sizes.get(i);
            if (size != null && !(size instanceof Long whole && whole > 0)) {
                throw input.refusal(
                        "has the " + key + " " + sizes, "sizes are whole numbers from 1, or null");
            }
            declared[i] = size == null ? -1 : (Long) size;
        }
        return new Shape(declared);
    }

    /** Return the graph for inputs of known shapes. */
    Graph graph(List<Graph.Port> ports) {
        GraphDraft draft = new GraphDraft(ports, type, paths);
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            inputs.add(new Value.Input(i));
        }
        List<Value> outputs = call(model, inputs, draft);
        List<Graph.Result> results = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            results.add(new Graph.Result(model.outputNames().get(i), outputs.get(i)));
        }
        return draft.finish(results);
    }

    @Override
    public List<Value> call(StoredModel model, List<Value> inputs, GraphDraft draft) {
        Map<Tensor, Value> values = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            values.put(model.inputs().get(i), inputs.get(i));
        }
        for (ExecutionOrder.Step step : ExecutionOrder.of(model)) {
            LayerConfig config = step.layer().config();
            CallArguments arguments =
                    new CallArguments(
                            step.arguments(), tensor -> value(tensor, values, config, "reads"));
            List<Value> outputs =
                    step.layer().inner() == null
                            ? read(step.layer(), arguments, draft)
                            : nested(step.layer(), arguments, draft);
            for (int i = 0; i < outputs.size(); i++) {
                values.put(new Tensor(config.name(), step.call(), i), outputs.get(i));
            }
        }
        return model.outputs().stream()
                .map(tensor -> value(tensor, values, layer(model, tensor), "has not the output"))
                .toList();
    }

    private static LayerConfig layer(StoredModel model, Tensor tensor) {
        return model.layers().stream()
                .map(StoredLayer::config)
                .filter(layer -> layer.name().equals(tensor.layer()))
                .findFirst()
                .orElseThrow();
    }

    private static Value value(
            Tensor tensor, Map<Tensor, Value> values, LayerConfig reader, String verb) {
        Value value = values.get(tensor);
        if (value == null) {
            throw reader.refusal(
                    verb
                            + " "
                            + tensor.layer()
                            + ", call "
                            + tensor.call()
                            + ", output "
                            + tensor.index()
                            + ", which there is not",
                    "save the model again");
        }
        return value;
    }

    private List<Value> read(StoredLayer layer, CallArguments arguments, GraphDraft draft) {
        LayerBuilder builder = new LayerBuilder(layer, arguments, draft, this);
        KerasLayer reader = readers.reader(layer.config());
        try {
            return builder.finish(KeptMasks.read(reader, builder));
        } catch (VitrailException refused) {
            throw refused;
        } catch (RuntimeException e) {
            throw layer.config()
                    .refusal(
                            "is not as its reader expects: " + e,
                            "save the model again; the reader is " + reader.getClass().getName());
        }
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public KerasLayer reader(LayerConfig config) {
        return readers.reader(config);
    }

    private List<Value> nested(StoredLayer layer, CallArguments arguments, GraphDraft draft) {
        StoredModel inner = layer.inner();
        List<Value> inputs = arguments.tensors();
        if (inner == null || inputs.size() != inner.inputs().size()) {
            throw layer.config()
                    .refusal(
                            "is called with another number of arrays than it has inputs",
                            "save the model again");
        }
        List<Value> outputs = call(inner, inputs, draft);
        String name = draft.callName(layer.config().path());
        for (int i = 0; i < outputs.size(); i++) {
            draft.alias(i == 0 ? name : name + ":" + i, outputs.get(i));
        }
        return outputs;
    }
}
