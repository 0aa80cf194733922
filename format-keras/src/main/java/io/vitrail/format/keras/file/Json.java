package io.vitrail.format.keras.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Read JSON as Python writes it: strict, but for bare {@code NaN} and {@code Infinity}. */
final class Json {
    /** A text, to be left alone, or a number that JSON does not know. */
    private static final Pattern BARE =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|(-?Infinity|NaN)", Pattern.DOTALL);

    private Json() {}

    /** Say what is wrong with a text that is no JSON. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super(what);
        }
    }

    static JsonElement parse(String text) throws Malformed {
        try (JsonReader reader = new JsonReader(new StringReader(quoted(text)))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement read = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new Malformed("there is more behind its end");
            }
            return read;
        } catch (IOException | RuntimeException e) {
            Throwable root = e.getCause() == null ? e : e.getCause();
            throw new Malformed(
                    String.valueOf(root.getMessage()).lines().findFirst().orElse("it is no JSON"));
        }
    }

    /** Such a number becomes a text, which {@link JsonConfig} reads as a number again. */
    private static String quoted(String text) {
        if (!text.contains("NaN") && !text.contains("Infinity")) {
            return text;
        }
        Matcher each = BARE.matcher(text);
        StringBuilder quoted = new StringBuilder();
        while (each.find()) {
            String found = each.group(1) == null ? each.group() : '"' + each.group(1) + '"';
            each.appendReplacement(quoted, Matcher.quoteReplacement(found));
        }
        return each.appendTail(quoted).toString();
    }

    /** Return null, Boolean, Long, Double, String, or a List or Map of such. */
    static @Nullable Object plain(JsonElement element) {
        if (element.isJsonNull()) {
            return null;
        }
        if (element.isJsonArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            element.getAsJsonArray().forEach(item -> list.add(plain(item)));
            return Collections.unmodifiableList(list);
        }
        if (element.isJsonObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            element.getAsJsonObject()
                    .entrySet()
                    .forEach(e -> map.put(e.getKey(), plain(e.getValue())));
            return Collections.unmodifiableMap(map);
        }
        if (element.getAsJsonPrimitive().isBoolean()) {
            return element.getAsBoolean();
        }
        String text = element.getAsString();
        if (element.getAsJsonPrimitive().isString()) {
            return text;
        }
        if (text.matches("-?\\d{1,18}")) {
            return Long.valueOf(text);
        }
        return Double.valueOf(text);
    }
}
