package io.vitrail.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** Write maps and lists as JSON for people and programs. */
final class Json {
    private static final Gson GSON =
            new GsonBuilder()
                    .setPrettyPrinting()
                    .disableHtmlEscaping()
                    .serializeSpecialFloatingPointValues() // a score may be infinite
                    .create();

    private Json() {}

    static String text(Object value) {
        return GSON.toJson(value);
    }
}
