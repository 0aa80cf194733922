package io.vitrail.format.keras.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Read the configuration of a model, of whatever generation, and pair its layers with weights. */
final class ModelReader {
    private final JsonConfig model;
    private final String within;
    private final WeightStore weights;
    private final List<StoredLayer> layers = new ArrayList<>();
    private final Map<String, StoredLayer> byName = new HashMap<>();
    private CallNumbers numbers = new CallNumbers(Set.of());

    private ModelReader(JsonConfig model, boolean outermost, WeightStore weights) {
        this.model = model;
        this.within = outermost ? "" : model.path() + "/";
        this.weights = weights;
    }

    /**
     * Read the outermost model of a file.
     *
     * @param stored {@code {"class_name": ..., "config": ...}}
     */
    static StoredModel read(String file, int version, JsonElement stored, WeightStore weights) {
        if (!(stored instanceof JsonObject object)) {
            throw Refusal.at(
                    file, "the configuration", "it describes no model", Refusal.SAVE_AGAIN);
        }
        String className = ClassNames.of(object, 0);
        JsonObject config = config(object);
        if (config == null || className.isEmpty()) {
            throw Refusal.at(
                    file, "the configuration", "it describes no model", Refusal.SAVE_AGAIN);
        }
        if (!ClassNames.isModel(className)) {
            throw Refusal.at(
                    file,
                    "the configuration",
                    "the model is of the class "
                            + className
                            + ", whose computation is Python code and not in the file",
                    "build it with the functional API, or run its code on an input and save that:"
                            + " keras.Model(inputs, model.call(inputs))");
        }
        String name = ClassNames.text(config.get("name"));
        JsonConfig model =
                new JsonConfig(file, version, name.isEmpty() ? "model" : name, className, config);
        return new ModelReader(model, true, weights).read();
    }

    /** A Sequential of Keras 2.2 and before is a bare list of its layers. */
    private static @Nullable JsonObject config(JsonObject stored) {
        if (stored.get("config") instanceof JsonArray list) {
            JsonObject config = new JsonObject();
            config.add("layers", list);
            return config;
        }
        return stored.get("config") instanceof JsonObject config ? config : null;
    }

    private StoredModel read() {
        if (!(model.json().get("layers") instanceof JsonArray list)) {
            throw model.refusal("has no list of layers", Refusal.SAVE_AGAIN);
        }
        return model.className().equals("Sequential") ? sequential(list) : functional(list);
    }

    private JsonConfig layer(JsonElement element, int number) {
        JsonObject stored = element instanceof JsonObject object ? object : new JsonObject();
        JsonObject config = config(stored);
        String className = ClassNames.of(stored, model.kerasVersion());
        if (config == null || className.isEmpty()) {
            throw model.refusal(
                    "has a layer, number " + number + ", without a class or a configuration",
                    Refusal.SAVE_AGAIN);
        }
        String name = ClassNames.text(stored.get("name"));
        name = name.isEmpty() ? ClassNames.text(config.get("name")) : name;
        name = name.isEmpty() ? FolderNames.snakeCase(className) + "_" + number : name;
        config.addProperty("name", name);
        return model.kerasVersion() == 1
                ? first(className, name, config)
                : of(className, name, config);
    }

    private JsonConfig of(String className, String name, JsonObject config) {
        return new JsonConfig(model.file(), model.kerasVersion(), within + name, className, config);
    }

    private JsonConfig first(String className, String name, JsonObject config) {
        String obstacle = FirstKeras.obstacle(config);
        if (obstacle != null) {
            throw of(className, name, config)
                    .refusal(
                            obstacle, "load it with Keras 2, which converts it, and save it again");
        }
        return of(
                FirstKeras.className(className, config),
                name,
                FirstKeras.config(className, config));
    }

    private void add(JsonConfig config, List<Call> calls) {
        WeightStore.Part part = weights.of(config);
        StoredModel inner =
                ClassNames.isModel(config.className())
                        ? new ModelReader(config, false, part.inner()).read()
                        : null;
        StoredLayer layer = new StoredLayer(config, part, calls, inner, wrapped(config, part));
        if (byName.put(config.name(), layer) != null) {
            throw model.refusal("has two layers '" + config.name() + "'", Refusal.SAVE_AGAIN);
        }
        layers.add(layer);
    }

    /** Return the model that a wrapper calls with each step, null for any other layer. */
    private static @Nullable StoredModel wrapped(JsonConfig config, WeightStore.Part part) {
        if (!config.className().equals("TimeDistributed") || !config.has("layer")) {
            return null;
        }
        JsonConfig model = config.child("layer");
        return ClassNames.isModel(model.className())
                ? new ModelReader(model, false, part.child(model.name(), "layer").inner()).read()
                : null;
    }

    private StoredModel functional(JsonArray list) {
        Set<String> names = new LinkedHashSet<>();
        List<JsonConfig> configs = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            configs.add(layer(list.get(i), i));
            names.add(configs.get(i).name());
        }
        for (int i = 0; i < configs.size(); i++) {
            JsonElement nodes = list.get(i).getAsJsonObject().get("inbound_nodes");
            add(configs.get(i), new InboundNodes(configs.get(i), names).calls(nodes));
        }
        numbers = CallNumbers.of(layers, model.json().get("output_layers"));
        layers.replaceAll(numbers::of);
        layers.forEach(layer -> byName.put(layer.config().name(), layer));
        Map<String, Tensor> inputs = ends("input_layers");
        Map<String, Tensor> outputs = ends("output_layers");
        layers.forEach(
                layer ->
                        layer.calls()
                                .forEach(call -> call.tensors().forEach(t -> check(layer, t))));
        return new StoredModel(
                model.name(),
                model.className(),
                layers,
                List.copyOf(inputs.values()),
                List.copyOf(outputs.values()),
                List.copyOf(outputs.keySet()));
    }

    private void check(StoredLayer reader, Tensor tensor) {
        VitrailException refusal = unresolved(reader.config()::refusal, tensor);
        if (refusal != null) {
            throw refusal;
        }
    }

    private interface Refusing {
        VitrailException refusal(String what, String remedy);
    }

    private @Nullable VitrailException unresolved(Refusing reader, Tensor tensor) {
        StoredLayer layer = byName.get(tensor.layer());
        if (layer == null) {
            List<String> nearest = io.vitrail.api.NearestNames.of(tensor.layer(), byName.keySet());
            return reader.refusal(
                    "reads from '"
                            + tensor.layer()
                            + "', which is no layer of this model"
                            + (nearest.isEmpty()
                                    ? ""
                                    : "\n  nearest: " + String.join(", ", nearest)),
                    Refusal.SAVE_AGAIN);
        }
        int calls = Math.max(1, layer.calls().size()); // an input is there once
        int outputs = layer.inner() == null ? Integer.MAX_VALUE : layer.inner().outputs().size();
        if (tensor.call() >= calls || tensor.index() >= outputs) {
            return reader.refusal(
                    "reads output "
                            + tensor.index()
                            + " of call "
                            + tensor.call()
                            + " of '"
                            + tensor.layer()
                            + "', which has "
                            + calls
                            + (calls == 1 ? " call" : " calls")
                            + (layer.inner() == null ? "" : " with " + outputs + " outputs"),
                    Refusal.SAVE_AGAIN);
        }
        return null;
    }

    /** Return inputs or outputs by name; Keras orders a dict by its keys. */
    private Map<String, Tensor> ends(String key) {
        Map<String, Tensor> ends = new java.util.LinkedHashMap<>();
        JsonElement value = model.json().get(key);
        if (value != null) {
            ends("", value, ends, key);
        }
        if (ends.isEmpty()) {
            throw model.refusal("has no " + key + " in its configuration", Refusal.SAVE_AGAIN);
        }
        return ends;
    }

    private void ends(String name, JsonElement value, Map<String, Tensor> into, String key) {
        Tensor tensor = InboundNodes.tensor(value);
        if (tensor != null) {
            tensor = numbers.of(tensor);
            VitrailException refusal = unresolved(model::refusal, tensor);
            if (refusal != null) {
                throw refusal;
            }
            String base = name.isEmpty() ? tensor.layer() : name;
            String unique = base;
            for (int n = 2; into.containsKey(unique); n++) {
                unique = base + "#" + n;
            }
            into.put(unique, tensor);
        } else if (value instanceof JsonArray list) {
            list.forEach(item -> ends(name, item, into, key));
        } else if (value instanceof JsonObject dict) {
            new TreeMap<>(dict.asMap()).forEach((own, item) -> ends(own, item, into, key));
        } else {
            throw model.refusal("has no layer at " + value + " in " + key, Refusal.SAVE_AGAIN);
        }
    }

    private StoredModel sequential(JsonArray list) {
        List<JsonConfig> configs = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            configs.add(layer(list.get(i), i));
        }
        if (configs.isEmpty()) {
            throw model.refusal("has no layers", Refusal.SAVE_AGAIN);
        }
        if (!configs.get(0).className().equals("InputLayer")) {
            configs.add(0, SequentialInput.of(model, configs.get(0)));
        }
        String last = "";
        for (JsonConfig config : configs) {
            List<Call> calls =
                    last.isEmpty()
                            ? List.of()
                            : List.of(
                                    new Call(
                                            List.of(new Argument.Of(new Tensor(last, 0, 0))),
                                            Map.of()));
            add(config, calls);
            last = config.name();
        }
        return new StoredModel(
                model.name(),
                model.className(),
                layers,
                List.of(new Tensor(configs.get(0).name(), 0, 0)),
                List.of(new Tensor(last, 0, 0)),
                List.of(last));
    }
}
