package io.vitrail.engine.djl.symbol;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A symbol as it is used when training is over: what the heads need, loss heads replaced by what
 * they compute forwards. Their labels are read by nobody then, and vanish.
 */
final class InferenceForm {
    private InferenceForm() {}

    static SymbolFile of(SymbolFile file) {
        List<SymbolNode> nodes = new ArrayList<>();
        file.nodes().forEach(node -> nodes.add(withoutLoss(node)));
        boolean[] used = new boolean[nodes.size()];
        file.heads().forEach(head -> used[head.node()] = true);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (used[i]) {
                nodes.get(i).inputs().forEach(input -> used[input.node()] = true);
            }
        }
        Map<Integer, Integer> positions = new HashMap<>();
        List<SymbolNode> kept = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (used[i]) {
                SymbolNode node = nodes.get(i);
                positions.put(i, kept.size());
                kept.add(
                        new SymbolNode(
                                node.name(),
                                node.operator(),
                                node.attributes(),
                                node.hints(),
                                moved(node.inputs(), positions)));
            }
        }
        return new SymbolFile(kept, moved(file.heads(), positions));
    }

    private static List<SymbolNode.Reference> moved(
            List<SymbolNode.Reference> references, Map<Integer, Integer> positions) {
        return references.stream()
                .map(
                        reference ->
                                new SymbolNode.Reference(
                                        positions.get(reference.node()), reference.output()))
                .toList();
    }

    private static SymbolNode withoutLoss(SymbolNode node) {
        return switch (node.operator()) {
            case "SoftmaxOutput", "Softmax" -> softmax(node);
            case "LogisticRegressionOutput" -> first(node, "sigmoid", Map.of());
            case "LinearRegressionOutput",
                    "MAERegressionOutput",
                    "SVMOutput",
                    "MakeLoss",
                    "make_loss" ->
                    first(node, "identity", Map.of());
            case "_zeros", "_ones", "_full" -> open(node);
            default -> node;
        };
    }

    /** A size of 0 stood for one to be found, as the batch in the first state of a sequence. */
    private static SymbolNode open(SymbolNode node) {
        Map<String, String> attributes = new LinkedHashMap<>(node.attributes());
        attributes.computeIfPresent(
                "shape", (key, shape) -> shape.replaceAll("(?<![\\d-])0(?!\\d)", "-1"));
        return new SymbolNode(
                node.name(), node.operator(), attributes, node.hints(), node.inputs());
    }

    private static SymbolNode softmax(SymbolNode node) {
        Attributes attributes = new Attributes(node);
        if (attributes.truth("preserve_shape", false)) {
            return first(node, "softmax", Map.of("axis", "-1"));
        }
        String mode = attributes.truth("multi_output", false) ? "channel" : "instance";
        return first(node, "SoftmaxActivation", Map.of("mode", mode));
    }

    private static SymbolNode first(
            SymbolNode node, String operator, Map<String, String> attributes) {
        if (node.inputs().isEmpty()) {
            throw Refusal.at(node.place(), "it reads nothing");
        }
        return new SymbolNode(
                node.name(), operator, attributes, node.hints(), node.inputs().subList(0, 1));
    }

    /** Write a symbol in the form of MXNet 1.9, its nodes called {@code v0}, {@code v1}, ... */
    static String json(SymbolFile file) {
        JsonArray nodes = new JsonArray();
        JsonArray variables = new JsonArray();
        for (int i = 0; i < file.nodes().size(); i++) {
            SymbolNode node = file.nodes().get(i);
            JsonObject json = new JsonObject();
            json.addProperty("op", node.operator());
            json.addProperty("name", "v" + i);
            JsonObject attributes = new JsonObject();
            node.attributes().forEach(attributes::addProperty);
            json.add("attrs", attributes);
            json.add("inputs", references(node.inputs()));
            nodes.add(json);
            if (node.isVariable()) {
                variables.add(i);
            }
        }
        JsonObject whole = new JsonObject();
        whole.add("nodes", nodes);
        whole.add("arg_nodes", variables);
        whole.add("heads", references(file.heads()));
        JsonArray version = new JsonArray();
        version.add("int");
        version.add(10_900);
        JsonObject attributes = new JsonObject();
        attributes.add("mxnet_version", version);
        whole.add("attrs", attributes);
        return whole.toString();
    }

    private static JsonArray references(List<SymbolNode.Reference> references) {
        JsonArray json = new JsonArray();
        for (SymbolNode.Reference reference : references) {
            JsonArray one = new JsonArray();
            one.add(reference.node());
            one.add(reference.output());
            one.add(0);
            json.add(one);
        }
        return json;
    }
}
