package io.vitrail.format.keras.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Make the input that a Sequential may leave out. */
final class SequentialInput {
    private static final List<String> SHAPES =
            List.of("batch_shape", "batch_input_shape", "build_input_shape");

    private SequentialInput() {}

    /**
     * Return an InputLayer with the shape that the first layer, the model inside that it is, or the
     * Sequential itself declares; without one where none does.
     */
    static JsonConfig of(JsonConfig model, JsonConfig first) {
        JsonObject config = new JsonObject();
        String name = unused(model, first.name() + "_input");
        config.addProperty("name", name);
        JsonObject declaring = first.json();
        JsonElement shape = shape(declaring);
        shape = shape == null ? shape(model.json()) : shape;
        if (shape != null) {
            config.add("batch_shape", shape);
        }
        if (!ClassNames.text(declaring.get("dtype")).isEmpty()) {
            config.add("dtype", declaring.get("dtype"));
        }
        String path = first.path().substring(0, first.path().length() - first.name().length());
        return new JsonConfig(
                first.file(), first.kerasVersion(), path + name, "InputLayer", config);
    }

    private static @Nullable JsonElement shape(JsonObject config) {
        for (String key : SHAPES) {
            if (config.get(key) instanceof JsonArray shape) {
                return shape;
            }
        }
        boolean inside = config.get("layers") instanceof JsonArray list && !list.isEmpty();
        return inside
                        && config.getAsJsonArray("layers").get(0) instanceof JsonObject layer
                        && layer.get("config") instanceof JsonObject inner
                ? shape(inner)
                : null;
    }

    private static String unused(JsonConfig model, String wanted) {
        Set<String> taken = new HashSet<>();
        for (JsonElement layer : model.json().getAsJsonArray("layers")) {
            if (layer instanceof JsonObject object
                    && object.get("config") instanceof JsonObject config) {
                taken.add(ClassNames.text(config.get("name")));
            }
        }
        String name = wanted;
        for (int n = 2; taken.contains(name); n++) {
            name = wanted + "_" + n;
        }
        return name;
    }
}
