package io.vitrail.format.keras.file;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Say what Keras 1 calls a layer and its settings in the words of Keras 2, as Keras 2 itself does.
 */
final class FirstKeras {
    private static final Map<String, String> CLASSES =
            Map.of(
                    "Convolution2D", "Conv2D",
                    "AtrousConvolution2D", "Conv2D",
                    "SeparableConvolution2D", "SeparableConv2D");
    private static final Map<String, String> MERGES =
            Map.of(
                    "sum", "Add",
                    "mul", "Multiply",
                    "ave", "Average",
                    "max", "Maximum",
                    "concat", "Concatenate");
    private static final Map<String, String> KEYS =
            Map.of(
                    "nb_filter", "filters",
                    "border_mode", "padding",
                    "subsample", "strides",
                    "atrous_rate", "dilation_rate",
                    "bias", "use_bias",
                    "p", "rate",
                    "concat_axis", "axis");

    private FirstKeras() {}

    /** Return the class in the words of today; another one stays, to be refused by its name. */
    static String className(String className, JsonObject config) {
        return className.equals("Merge")
                ? MERGES.getOrDefault(ClassNames.text(config.get("mode")), className)
                : CLASSES.getOrDefault(className, className);
    }

    /** Return the settings in the words of today. */
    static JsonObject config(String className, JsonObject first) {
        JsonObject config = new JsonObject();
        first.asMap().forEach((key, value) -> config.add(KEYS.getOrDefault(key, key), value));
        if (className.equals("Dense") && first.has("output_dim")) {
            config.add("units", first.get("output_dim"));
        }
        if (first.has("nb_row") && first.has("nb_col")) {
            JsonArray size = new JsonArray();
            size.add(first.get("nb_row"));
            size.add(first.get("nb_col"));
            config.add("kernel_size", size);
        }
        String ordering = ClassNames.text(first.get("dim_ordering"));
        if (ordering.equals("tf")) {
            config.add("data_format", new JsonPrimitive("channels_last"));
        }
        return config;
    }

    /** Return why a layer cannot be read although its class can, or null. */
    static @Nullable String obstacle(JsonObject first) {
        if (ClassNames.text(first.get("dim_ordering")).equals("th")) {
            return "has its kernels in the order of Theano ('dim_ordering' = 'th')";
        }
        JsonElement mode = first.get("mode"); // of batch normalisation: 1 takes each sample's own
        boolean own =
                mode != null
                        && mode.isJsonPrimitive()
                        && mode.getAsJsonPrimitive().isNumber()
                        && mode.getAsDouble() == 1;
        return own ? "normalises each sample by its own statistics ('mode' = 1)" : null;
    }
}
