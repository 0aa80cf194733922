package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls of MXNet that nodes make when they run, written down as a symbol.
 *
 * <p>The calls depend on shapes, types and settings alone, so they are those of every later run. An
 * array that is neither an input, nor a constant, nor made by a call is refused: it would be frozen
 * into the symbol, whatever it depends on.
 */
final class Trace {
    private static final int VERSION = 10900; // MXNet's, in a symbol's own spelling

    /** A place in the symbol: an output of one of its nodes. */
    private record Entry(int node, int output) {}

    private final JsonArray nodes = new JsonArray();
    private final Map<String, Value> inputs = new HashMap<>();
    private final Map<String, NDArray> constants = new HashMap<>();
    private final Map<Value, Entry> values = new HashMap<>();
    private Map<NDArray, Entry> entries = new IdentityHashMap<>();

    /** Note the array that a run has for a value. */
    void input(Value value, NDArray array) {
        String name = "x" + inputs.size();
        inputs.put(name, value);
        entries.put(array, variable(name));
    }

    /** Note an array that is the same in every run; it outlives the trace. */
    NDArray constant(NDArray array) {
        if (!entries.containsKey(array)) {
            String name = "w" + constants.size();
            constants.put(name, array);
            entries.put(array, variable(name));
        }
        return array;
    }

    /** Note a call, with attributes as names and texts. */
    void call(String operator, NDList operands, Map<String, String> attributes, NDList made) {
        List<Entry> read = new ArrayList<>();
        operands.forEach(array -> read.add(entry(array)));
        int node = node(operator, "n" + nodes.size(), attributes, read);
        for (int k = 0; k < made.size(); k++) {
            entries.put(made.get(k), new Entry(node, k));
        }
    }

    /** Note what a node of the graph computed. */
    void value(Value value, NDArray array) {
        Entry entry = entry(array);
        boolean passed = inputs.containsKey(name(entry)) || constants.containsKey(name(entry));
        // an output of a symbol is a node's
        values.put(
                value,
                passed
                        ? new Entry(node("_copy", "n" + nodes.size(), Map.of(), List.of(entry)), 0)
                        : entry);
    }

    /** Let go of the arrays that were made on the way. */
    void end() {
        entries = Map.of();
    }

    /** Return the value that an input of the symbol stands for. */
    Map<String, Value> inputs() {
        return inputs;
    }

    /** Return the array that an input of the symbol stands for. */
    Map<String, NDArray> constants() {
        return constants;
    }

    /** Return the symbol that computes some values, in MXNet's own form. */
    String json(List<Value> outputs) {
        JsonArray heads = new JsonArray();
        outputs.forEach(
                value -> heads.add(json(java.util.Objects.requireNonNull(values.get(value)))));
        JsonArray variables = new JsonArray();
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).getAsJsonObject().get("op").getAsString().equals("null")) {
                variables.add(i);
            }
        }
        JsonArray version = new JsonArray();
        version.add("int");
        version.add(VERSION);
        JsonObject attributes = new JsonObject();
        attributes.add("mxnet_version", version);
        JsonObject symbol = new JsonObject();
        symbol.add("nodes", nodes);
        symbol.add("arg_nodes", variables);
        symbol.add("heads", heads);
        symbol.add("attrs", attributes);
        return symbol.toString();
    }

    private Entry entry(NDArray array) {
        Entry entry = entries.get(array);
        if (entry == null) {
            throw new IllegalStateException("an array of a traced run came from elsewhere");
        }
        return entry;
    }

    private String name(Entry entry) {
        return nodes.get(entry.node()).getAsJsonObject().get("name").getAsString();
    }

    private Entry variable(String name) {
        return new Entry(node("null", name, Map.of(), List.of()), 0);
    }

    private int node(String operator, String name, Map<String, String> attributes, List<Entry> x) {
        JsonObject texts = new JsonObject();
        attributes.forEach(texts::addProperty);
        JsonArray read = new JsonArray();
        x.forEach(entry -> read.add(json(entry)));
        JsonObject node = new JsonObject();
        node.addProperty("op", operator);
        node.addProperty("name", name);
        node.add("attrs", texts);
        node.add("inputs", read);
        nodes.add(node);
        return nodes.size() - 1;
    }

    private static JsonArray json(Entry entry) {
        JsonArray json = new JsonArray();
        json.add(entry.node());
        json.add(entry.output());
        json.add(0);
        return json;
    }
}
