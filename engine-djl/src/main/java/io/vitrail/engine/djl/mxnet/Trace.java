package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The calls of MXNet that nodes make when they run, written down as symbols: one forwards and,
 * where products in closed form were traced behind it, one back.
 *
 * <p>The calls depend on shapes, types and settings alone, so they are those of every later run. An
 * array that is neither an input, nor a constant, nor made by a call is refused: it would be frozen
 * into the symbol, whatever it depends on.
 */
final class Trace {
    private static final int VERSION = 10900; // MXNet's, in a symbol's own spelling
    private static final String VARIABLE = "null"; // a variable's operator

    /** A place in the symbol: an output of one of its nodes. */
    record Entry(int node, int output) {}

    private record Call(
            String operator, String name, Map<String, String> attributes, List<Entry> read) {}

    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Value> inputs = new HashMap<>();
    private final Map<String, NDArray> constants = new HashMap<>();
    private final Map<String, Value> heads = new HashMap<>();
    private final Map<Value, Entry> values = new HashMap<>();
    private final Map<Value, Entry> gradients = new LinkedHashMap<>();
    private Map<NDArray, Entry> entries = new IdentityHashMap<>();
    private int turn = Integer.MAX_VALUE; // the first call of the way back

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
        int node = add(operator, "n" + calls.size(), attributes, read);
        for (int k = 0; k < made.size(); k++) {
            entries.put(made.get(k), new Entry(node, k));
        }
    }

    /** Note what a node of the graph computed. */
    void value(Value value, NDArray array) {
        values.put(value, made(array));
    }

    /** Note that what follows leads back. */
    void turn() {
        turn = calls.size();
    }

    /** Note the array that stands for the gradient at an output. */
    void head(Value value, NDArray array) {
        String name = "g" + heads.size();
        heads.put(name, value);
        entries.put(array, variable(name));
    }

    /** Note the gradient at a leaf. */
    void gradient(Value leaf, NDArray array) {
        gradients.put(leaf, made(array));
    }

    /** An output of a symbol is a node's. */
    private Entry made(NDArray array) {
        Entry entry = entry(array);
        return isVariable(entry)
                ? new Entry(add("_copy", "n" + calls.size(), Map.of(), List.of(entry)), 0)
                : entry;
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

    /** Return the value at which an input of the symbol is the gradient. */
    Map<String, Value> heads() {
        return heads;
    }

    /** Return the leaves that have a gradient, in the order of the symbol that leads back. */
    List<Value> reached() {
        return List.copyOf(gradients.keySet());
    }

    /** Return where a value is. */
    Entry at(Value value) {
        return java.util.Objects.requireNonNull(values.get(value));
    }

    /** Return what the way back reads of the way there, but for inputs and constants. */
    List<Entry> kept() {
        Set<Entry> kept = new LinkedHashSet<>();
        live(gradients.values(), Set.of())
                .forEach(
                        node -> {
                            if (node >= turn) {
                                calls.get(node).read().stream()
                                        .filter(entry -> entry.node() < turn && !isVariable(entry))
                                        .forEach(kept::add);
                            }
                        });
        return List.copyOf(kept);
    }

    /** Return the inputs that the way back reads. */
    Set<Value> readBack() {
        Set<Value> read = new LinkedHashSet<>();
        for (int node : live(gradients.values(), Set.copyOf(kept()))) {
            Value value = inputs.get(calls.get(node).name());
            if (value != null) {
                read.add(value);
            }
        }
        return read;
    }

    /** Return the symbol that computes some places, in MXNet's own form. */
    String json(List<Entry> outputs) {
        return json(outputs, Map.of());
    }

    /**
     * Return the symbol that computes the gradients.
     *
     * @param given the name of the variable for each place that the way there has kept
     */
    String back(Map<Entry, String> given) {
        return json(List.copyOf(gradients.values()), given);
    }

    private String json(List<Entry> outputs, Map<Entry, String> given) {
        JsonArray nodes = new JsonArray();
        JsonArray variables = new JsonArray();
        Map<Entry, JsonArray> places = new HashMap<>();
        given.forEach(
                (entry, name) -> {
                    places.put(entry, json(nodes.size(), 0));
                    variables.add(nodes.size());
                    nodes.add(json(new Call(VARIABLE, name, Map.of(), List.of()), places));
                });
        Map<Integer, Integer> numbers = new HashMap<>();
        live(outputs, given.keySet()).stream()
                .sorted()
                .forEach(
                        node -> {
                            Call call = calls.get(node);
                            numbers.put(node, nodes.size());
                            if (call.operator().equals(VARIABLE)) {
                                variables.add(nodes.size());
                            }
                            for (Entry entry : call.read()) {
                                places.computeIfAbsent(entry, key -> place(key, numbers));
                            }
                            nodes.add(json(call, places));
                        });
        JsonArray ends = new JsonArray();
        outputs.forEach(
                entry -> ends.add(places.computeIfAbsent(entry, key -> place(key, numbers))));
        JsonArray version = new JsonArray();
        version.add("int");
        version.add(VERSION);
        JsonObject attributes = new JsonObject();
        attributes.add("mxnet_version", version);
        JsonObject symbol = new JsonObject();
        symbol.add("nodes", nodes);
        symbol.add("arg_nodes", variables);
        symbol.add("heads", ends);
        symbol.add("attrs", attributes);
        return symbol.toString();
    }

    /** Return the nodes that some places depend on, not going beyond those that are given. */
    private Set<Integer> live(Collection<Entry> from, Set<Entry> given) {
        Set<Integer> live = new LinkedHashSet<>();
        List<Entry> open = new ArrayList<>(from);
        while (!open.isEmpty()) {
            Entry entry = open.remove(open.size() - 1);
            if (!given.contains(entry) && live.add(entry.node())) {
                open.addAll(calls.get(entry.node()).read());
            }
        }
        return live;
    }

    private boolean isVariable(Entry entry) {
        return calls.get(entry.node()).operator().equals(VARIABLE);
    }

    private Entry entry(NDArray array) {
        Entry entry = entries.get(array);
        if (entry == null) {
            throw new IllegalStateException("an array of a traced run came from elsewhere");
        }
        return entry;
    }

    private Entry variable(String name) {
        return new Entry(add(VARIABLE, name, Map.of(), List.of()), 0);
    }

    private int add(String operator, String name, Map<String, String> attributes, List<Entry> x) {
        calls.add(new Call(operator, name, Map.copyOf(attributes), x));
        return calls.size() - 1;
    }

    private static JsonObject json(Call call, Map<Entry, JsonArray> places) {
        JsonObject texts = new JsonObject();
        call.attributes().forEach(texts::addProperty);
        JsonArray read = new JsonArray();
        call.read().forEach(entry -> read.add(places.get(entry)));
        JsonObject node = new JsonObject();
        node.addProperty("op", call.operator());
        node.addProperty("name", call.name());
        node.add("attrs", texts);
        node.add("inputs", read);
        return node;
    }

    private static JsonArray place(Entry entry, Map<Integer, Integer> numbers) {
        return json(java.util.Objects.requireNonNull(numbers.get(entry.node())), entry.output());
    }

    private static JsonArray json(int node, int output) {
        JsonArray json = new JsonArray();
        json.add(node);
        json.add(output);
        json.add(0);
        return json;
    }
}
