package io.vitrail.format.keras.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Read the calls of a layer.
 *
 * <p>Keras 1 and 2 write {@code [["x", 0, 0, {...}], ...]}, the tensors of the first argument and
 * the other arguments by name; Keras 3 writes {@code {"args": [...], "kwargs": {...}}}.
 */
record InboundNodes(JsonConfig layer, Set<String> layers) {
    private static final String CONSTANT = "_CONSTANT_VALUE";
    private static final Set<String> KEEP_LISTS =
            Set.of("TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod");

    List<Call> calls(@Nullable JsonElement nodes) {
        List<Call> calls = new ArrayList<>();
        if (nodes == null || nodes.isJsonNull()) {
            return calls;
        }
        if (!(nodes instanceof JsonArray list)) {
            throw malformed(nodes);
        }
        for (JsonElement node : list) {
            Call call =
                    node instanceof JsonObject object && object.has("args")
                            ? keras3(object)
                            : keras2(node);
            if (call.tensors().isEmpty()) {
                throw malformed(node);
            }
            calls.add(call);
        }
        return calls;
    }

    private Call keras3(JsonObject node) {
        if (!(node.get("args") instanceof JsonArray args)
                || !(node.get("kwargs") instanceof JsonObject kwargs)) {
            throw malformed(node);
        }
        List<Argument> arguments = new ArrayList<>();
        args.forEach(argument -> arguments.add(argument(argument)));
        Map<String, Argument> keywords = new LinkedHashMap<>();
        kwargs.entrySet()
                .forEach(entry -> keywords.put(entry.getKey(), argument(entry.getValue())));
        return new Call(arguments, keywords);
    }

    private Argument argument(JsonElement element) {
        if (element instanceof JsonObject object
                && ClassNames.text(object.get("class_name")).equals("__keras_tensor__")) {
            Tensor tensor =
                    object.get("config") instanceof JsonObject config
                            ? tensor(config.get("keras_history"))
                            : null;
            if (tensor == null) {
                throw malformed(element);
            }
            return new Argument.Of(tensor);
        }
        if (element instanceof JsonArray list) {
            List<Argument> items = new ArrayList<>();
            list.forEach(item -> items.add(argument(item)));
            return items.stream().anyMatch(item -> item.tensors().findAny().isPresent())
                    ? new Argument.Many(items)
                    : new Argument.Constant(Json.plain(element));
        }
        return new Argument.Constant(Json.plain(element));
    }

    private Call keras2(JsonElement node) {
        Map<String, Argument> keywords = new LinkedHashMap<>();
        Argument first = first(node, keywords);
        boolean wrapped =
                first instanceof Argument.Many many
                        && many.items().size() == 1
                        && !KEEP_LISTS.contains(layer.className());
        return new Call(
                List.of(wrapped ? ((Argument.Many) first).items().get(0) : first), keywords);
    }

    private Argument first(JsonElement element, Map<String, Argument> keywords) {
        if (!(element instanceof JsonArray list)) {
            throw malformed(element);
        }
        if (list.size() == 4 && list.get(3) instanceof JsonObject named) {
            named.entrySet().forEach(e -> keywords.putIfAbsent(e.getKey(), keyword(e.getValue())));
        }
        if (list.size() >= 3 && ClassNames.text(list.get(0)).equals(CONSTANT)) {
            return new Argument.Constant(Json.plain(list.get(2)));
        }
        Tensor tensor = tensor(element);
        if (tensor != null) {
            return new Argument.Of(tensor);
        }
        List<Argument> items = new ArrayList<>();
        list.forEach(item -> items.add(first(item, keywords)));
        return new Argument.Many(items);
    }

    /** A tensor is a triple as well, so that only the name of a layer makes one of it. */
    private Argument keyword(JsonElement element) {
        Tensor tensor = tensor(element);
        if (tensor != null && layers.contains(tensor.layer())) {
            return new Argument.Of(tensor);
        }
        if (element instanceof JsonArray list) {
            List<Argument> items = new ArrayList<>();
            list.forEach(item -> items.add(keyword(item)));
            if (items.stream().anyMatch(item -> item.tensors().findAny().isPresent())) {
                return new Argument.Many(items);
            }
        }
        return new Argument.Constant(Json.plain(element));
    }

    /** Return what {@code ["x", 0, 0]} points to, null if it is nothing of that form. */
    static @Nullable Tensor tensor(@Nullable JsonElement element) {
        if (!(element instanceof JsonArray list)
                || list.size() < 3
                || list.size() > 4
                || ClassNames.text(list.get(0)).isEmpty()
                || !(Json.plain(list.get(1)) instanceof Long call)
                || !(Json.plain(list.get(2)) instanceof Long index)
                || call < 0
                || call > Integer.MAX_VALUE
                || index < 0
                || index > Integer.MAX_VALUE) {
            return null;
        }
        return new Tensor(list.get(0).getAsString(), call.intValue(), index.intValue());
    }

    private io.vitrail.api.VitrailException malformed(JsonElement element) {
        String is = element.toString();
        return layer.refusal(
                "is called with what is no tensor: "
                        + (is.length() > 60 ? is.substring(0, 60) + "..." : is),
                Refusal.SAVE_AGAIN);
    }
}
