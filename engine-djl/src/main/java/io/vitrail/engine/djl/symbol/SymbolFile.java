package io.vitrail.engine.djl.symbol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MXNet's {@code -symbol.json}, of any version since 0.8.
 *
 * <p>Old files call the attributes {@code param} and {@code attr}, give an input two numbers
 * instead of three, and leave out the statistics of a batch norm, which are found by name.
 *
 * @param nodes in an order in which they can run
 * @param heads what the network returns
 */
record SymbolFile(List<SymbolNode> nodes, List<SymbolNode.Reference> heads) {
    private static final Set<String> CONTROL_FLOW = Set.of("_foreach", "_while_loop", "_cond");
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_PARTS = 65_536;

    /** What a node may say about training and devices; bare in old files, in underscores since. */
    private static final Set<String> TRAINING =
            Set.of("ctx_group", "lr_mult", "wd_mult", "force_mirroring", "mirror_stage");

    SymbolFile {
        nodes = List.copyOf(nodes);
        heads = List.copyOf(heads);
    }

    /**
     * Read a file.
     *
     * @throws Refusal if it is no symbol, or its nodes do not fit together
     */
    static SymbolFile read(Path file) throws IOException {
        String place = String.valueOf(file.getFileName());
        if (Files.size(file) > MOST_BYTES) {
            throw Refusal.at(place, "it is larger than " + (MOST_BYTES >> 20) + " MiB");
        }
        try {
            JsonReader reader =
                    new JsonReader(
                            new StringReader(
                                    new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
            reader.setStrictness(Strictness.STRICT);
            JsonElement json = JsonParser.parseReader(reader);
            return parse(json.getAsJsonObject(), place);
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException
                | ClassCastException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw Refusal.at(place, "this is no symbol in JSON: " + why);
        }
    }

    private static SymbolFile parse(JsonObject json, String place) {
        if (!json.has("nodes") || !json.has("heads")) {
            throw Refusal.at(place, "this is no symbol: it has no 'nodes' or no 'heads'");
        }
        JsonArray raw = json.getAsJsonArray("nodes");
        List<SymbolNode> nodes = new ArrayList<>();
        int[] position = new int[raw.size()]; // statistics of old batch norms are put in between
        for (int i = 0; i < raw.size(); i++) {
            SymbolNode node = node(raw.get(i).getAsJsonObject(), i, position, nodes);
            position[i] = nodes.size();
            nodes.add(node);
        }
        List<SymbolNode.Reference> heads = new ArrayList<>();
        for (JsonElement head : json.getAsJsonArray("heads")) {
            heads.add(reference(head.getAsJsonArray(), raw.size(), position, "heads"));
        }
        if (heads.isEmpty()) {
            throw Refusal.at("heads", "the network has no output");
        }
        return new SymbolFile(unique(nodes), heads);
    }

    private static SymbolNode node(
            JsonObject json, int index, int[] position, List<SymbolNode> nodes) {
        if (!json.has("op") || !json.has("name") || !json.has("inputs")) {
            throw Refusal.at("node " + index, "it has no 'op', no 'name' or no 'inputs'");
        }
        String operator = json.get("op").getAsString();
        String name = json.get("name").getAsString();
        String place = "node '" + name + "' (" + operator + ")";
        if (json.has("subgraphs")) {
            throw Refusal.at(place, "it holds graphs of its own, which are not read");
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        Map<String, String> hints = new LinkedHashMap<>();
        for (String key : List.of("param", "attr", "attrs")) {
            if (json.has(key)) {
                json.getAsJsonObject(key)
                        .entrySet()
                        .forEach(
                                entry ->
                                        sort(
                                                entry.getKey(),
                                                entry.getValue().getAsString(),
                                                attributes,
                                                hints));
            }
        }
        List<SymbolNode.Reference> inputs = new ArrayList<>();
        for (JsonElement input : json.getAsJsonArray("inputs")) {
            inputs.add(reference(input.getAsJsonArray(), index, position, place));
        }
        if (CONTROL_FLOW.contains(operator)) {
            throw Refusal.ofControlFlow(place);
        }
        checkParts(attributes, inputs.size(), place);
        if (operator.equals("BatchNorm") && inputs.size() == 3) {
            for (String statistic : List.of("_moving_mean", "_moving_var")) {
                inputs.add(new SymbolNode.Reference(nodes.size(), 0));
                nodes.add(
                        new SymbolNode(
                                name + statistic,
                                SymbolNode.VARIABLE,
                                Map.of(),
                                Map.of(),
                                List.of()));
            }
        }
        boolean variable = operator.equals(SymbolNode.VARIABLE);
        return new SymbolNode(name, operator, variable ? Map.of() : attributes, hints, inputs);
    }

    private static void sort(
            String key, String value, Map<String, String> attributes, Map<String, String> hints) {
        if (key.startsWith("__") && key.endsWith("__") && key.length() > 4) {
            hints.put(key.substring(2, key.length() - 2), value);
        } else if (TRAINING.stream().noneMatch(word -> key.equals(word) || key.endsWith("_" + word))
                && !key.startsWith("__")) {
            attributes.put(key, value);
        }
    }

    /** MXNet believes these numbers. */
    private static void checkParts(Map<String, String> attributes, int inputs, String place) {
        for (String key : List.of("num_args", "num_outputs")) {
            String value = attributes.get(key);
            if (value == null) {
                continue;
            }
            long parts = Long.parseLong(value.strip());
            if (parts < 0 || parts > MOST_PARTS || key.equals("num_args") && parts > inputs) {
                throw Refusal.at(place, key + " is " + parts + ", it has " + inputs + " inputs");
            }
        }
    }

    private static SymbolNode.Reference reference(
            JsonArray pair, int before, int[] position, String place) {
        int node = pair.get(0).getAsInt();
        int output = pair.get(1).getAsInt();
        if (node < 0 || node >= position.length || output < 0) {
            throw Refusal.at(
                    place,
                    "it reads output "
                            + output
                            + " of node "
                            + node
                            + ", the file has "
                            + position.length
                            + " nodes");
        }
        if (node >= before) {
            throw Refusal.at(
                    place, "it reads node " + node + ", which is not computed before it: a cycle");
        }
        return new SymbolNode.Reference(position[node], output);
    }

    /** MXNet lets two nodes have one name. */
    private static List<SymbolNode> unique(List<SymbolNode> nodes) {
        Map<String, Integer> seen = new HashMap<>();
        List<SymbolNode> renamed = new ArrayList<>();
        for (SymbolNode node : nodes) {
            int count = node.isVariable() ? 1 : seen.merge(node.name(), 1, Integer::sum);
            renamed.add(
                    count == 1
                            ? node
                            : new SymbolNode(
                                    node.name() + "#" + count,
                                    node.operator(),
                                    node.attributes(),
                                    node.hints(),
                                    node.inputs()));
        }
        return renamed;
    }
}
