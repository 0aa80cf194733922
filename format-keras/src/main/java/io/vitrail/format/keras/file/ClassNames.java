package io.vitrail.format.keras.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tell the classes of Keras from others of the same name. */
final class ClassNames {
    private static final Set<String> MODELS = Set.of("Functional", "Model", "Sequential");
    private static final Set<String> KERAS =
            Set.of("", "keras", "tf_keras", "tensorflow", "builtins");

    private ClassNames() {}

    static boolean isModel(String className) {
        return MODELS.contains(className);
    }

    /**
     * Return the class of a stored layer: bare if it is Keras's, {@code ops>Add} if it is an
     * operation that stands as a node of its own, {@code mypackage>MyLayer} as it was registered,
     * or with its Python module where it was not.
     */
    static String of(JsonObject stored, int kerasVersion) {
        String name = text(stored.get("class_name"));
        String registered = text(stored.get("registered_name"));
        String module = text(stored.get("module"));
        if (registered.contains(">")) {
            return registered;
        }
        if (!KERAS.contains(module.split("\\.", 2)[0])) {
            return module + ">" + name;
        }
        return isOperation(stored, module, kerasVersion) ? "ops>" + name : name;
    }

    /**
     * An .h5 does not name modules; but every layer of Keras 3 has a type, and no operation has.
     */
    private static boolean isOperation(JsonObject stored, String module, int kerasVersion) {
        if (!module.isEmpty()) {
            return module.startsWith("keras.") && (module + ".").contains(".ops.");
        }
        return kerasVersion >= 3
                && stored.get("config") instanceof JsonObject config
                && !config.has("dtype")
                && !config.has("layers");
    }

    static String text(@Nullable JsonElement element) {
        return element != null
                        && element.isJsonPrimitive()
                        && element.getAsJsonPrimitive().isString()
                ? element.getAsString()
                : "";
    }

    /** Return a stored object below a key of a layer: {@code {"class_name": ..., "config": {}}}. */
    static JsonConfig config(JsonConfig outer, String key, JsonObject stored) {
        JsonElement config = stored.get("config");
        if (text(stored.get("class_name")).isEmpty() || config == null || !config.isJsonObject()) {
            throw outer.refusal(
                    "its configuration has no class at '" + key + "'", Refusal.SAVE_AGAIN);
        }
        String name = text(config.getAsJsonObject().get("name"));
        return new JsonConfig(
                outer.file(),
                outer.kerasVersion(),
                outer.path() + "/" + (name.isEmpty() ? key : name),
                of(stored, 0), // a part of a layer is no operation
                config.getAsJsonObject());
    }
}
