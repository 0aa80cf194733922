package io.vitrail.format.keras.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.LayerConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration of a layer as JSON. */
record JsonConfig(String file, int kerasVersion, String path, String className, JsonObject json)
        implements LayerConfig {

    @Override
    public String name() {
        String name = ClassNames.text(json.get("name"));
        return name.isEmpty() ? path.substring(path.lastIndexOf('/') + 1) : name;
    }

    @Override
    public String place() {
        return file + ", layer " + path + " (" + className + ")";
    }

    @Override
    public VitrailException refusal(String what, String remedy) {
        return Refusal.at(
                file,
                "layer " + path + " (" + className + ")",
                "layer '" + name() + "' " + what,
                remedy);
    }

    private @Nullable JsonElement element(String key) {
        JsonElement element = json.get(key);
        return element == null || element.isJsonNull() ? null : element;
    }

    private VitrailException mistyped(String key, String expected) {
        String is = String.valueOf(json.get(key));
        return refusal(
                (json.has(key)
                                ? "has '"
                                        + key
                                        + "' = "
                                        + (is.length() > 60 ? is.substring(0, 60) + "..." : is)
                                : "lacks '" + key + "'")
                        + " in its configuration, expected: "
                        + expected,
                Refusal.SAVE_AGAIN);
    }

    @Override
    public boolean has(String key) {
        return element(key) != null;
    }

    @Override
    public String string(String key) {
        if (!(value(key) instanceof String text)) {
            throw mistyped(key, "a text");
        }
        return text;
    }

    @Override
    public String string(String key, String otherwise) {
        return has(key) ? string(key) : otherwise;
    }

    @Override
    public double number(String key) {
        Double number = number(value(key));
        if (number == null) {
            throw mistyped(key, "a number");
        }
        return number;
    }

    private static @Nullable Double number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        return value instanceof String text && text.matches("NaN|-?Infinity")
                ? Double.valueOf(text)
                : null;
    }

    @Override
    public double number(String key, double otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    @Override
    public long integer(String key) {
        Long number = integer(value(key));
        if (number == null) {
            throw mistyped(key, "a whole number");
        }
        return number;
    }

    /** Old files write whole numbers as {@code 3.0} here and there. */
    private static @Nullable Long integer(@Nullable Object value) {
        if (value instanceof Long number) {
            return number;
        }
        return value instanceof Double number
                        && number == Math.rint(number)
                        && Math.abs(number) < 1e15
                ? (Long) number.longValue()
                : null;
    }

    @Override
    public long integer(String key, long otherwise) {
        return has(key) ? integer(key) : otherwise;
    }

    @Override
    public boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        if (!(value(key) instanceof Boolean flag)) {
            throw mistyped(key, "true or false");
        }
        return flag;
    }

    @Override
    public List<Long> integers(String key) {
        Object value = value(key);
        List<Long> integers = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : java.util.Arrays.asList(value)) {
            Long integer = integer(item);
            if (integer == null) {
                throw mistyped(key, "whole numbers");
            }
            integers.add(integer);
        }
        return List.copyOf(integers);
    }

    @Override
    public List<Long> integers(String key, List<Long> otherwise) {
        return has(key) ? integers(key) : otherwise;
    }

    @Override
    public List<Double> numbers(String key) {
        List<Double> numbers = new ArrayList<>();
        flatten(key, value(key), numbers);
        return List.copyOf(numbers);
    }

    private void flatten(String key, @Nullable Object value, List<Double> into) {
        if (value instanceof List<?> list) {
            list.forEach(item -> flatten(key, item, into));
            return;
        }
        Double number = number(value);
        if (number == null) {
            throw mistyped(key, "numbers");
        }
        into.add(number);
    }

    @Override
    public LayerConfig activation(String key) {
        JsonElement element = element(key);
        if (element == null) {
            return new JsonConfig(file, kerasVersion, path, "linear", new JsonObject());
        }
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
            return new JsonConfig(
                    file, kerasVersion, path, element.getAsString(), new JsonObject());
        }
        if (element.isJsonObject() && isText(element.getAsJsonObject().get("config"))) {
            // Keras 3 of a function: {"module": "builtins", "class_name": "function", "config":
            // name}
            JsonObject function = element.getAsJsonObject();
            JsonElement registered = function.get("registered_name");
            String name = function.get("config").getAsString();
            boolean own = isText(registered) && registered.getAsString().contains(">");
            return new JsonConfig(
                    file,
                    kerasVersion,
                    path,
                    own ? registered.getAsString() : name,
                    new JsonObject());
        }
        return child(key);
    }

    private static boolean isText(@Nullable JsonElement element) {
        return element != null
                && element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isString();
    }

    @Override
    public List<LayerConfig> children(String key) {
        if (!(element(key) instanceof JsonArray list)) {
            throw mistyped(key, "a list of layers' configurations");
        }
        List<LayerConfig> children = new ArrayList<>();
        for (JsonElement element : list) {
            if (!(element instanceof JsonObject child)) {
                throw mistyped(key, "a list of layers' configurations");
            }
            children.add(ClassNames.config(this, key, child));
        }
        return children;
    }

    @Override
    public JsonConfig child(String key) {
        JsonElement element = element(key);
        if (element == null || !element.isJsonObject()) {
            throw mistyped(key, "a layer's configuration");
        }
        return ClassNames.config(this, key, element.getAsJsonObject());
    }

    @Override
    public @Nullable Object value(String key) {
        JsonElement element = element(key);
        return element == null ? null : Json.plain(element);
    }
}
