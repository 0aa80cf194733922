package io.vitrail.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the record says of an input that is done, read back.
 *
 * @param items how many there are in it
 * @param seconds what it took; NaN if that is not said
 */
record Entry(String input, int items, double seconds, List<Aim> targets, List<Result> results) {

    /** A target, and for each item what it came to; no classes where it is about none. */
    record Aim(String target, List<Long> classes, List<String> labels, List<Double> scores) {

        /** Return what the score of an item is about: class and label, or the target itself. */
        String group(int n) {
            if (n >= classes.size()) {
                return target;
            }
            String label = n < labels.size() ? labels.get(n) : "";
            return label.isEmpty() ? "class " + classes.get(n) : classes.get(n) + " " + label;
        }
    }

    /** A map of all items, whether it shows nothing, and the files of its pictures. */
    record Result(String method, String place, String target, boolean empty, List<String> files) {}

    /** Read an entry that {@link ItemResult} made. */
    static Entry parse(String line) {
        JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
        return new Entry(
                text(entry, "input"),
                entry.get("items").getAsInt(),
                entry.has("seconds") ? entry.get("seconds").getAsDouble() : Double.NaN,
                list(entry, "targets", Entry::aim),
                list(entry, "results", Entry::result));
    }

    private static Aim aim(JsonElement element) {
        JsonObject aim = element.getAsJsonObject();
        return new Aim(
                text(aim, "target"),
                list(aim, "classes", JsonElement::getAsLong),
                list(aim, "labels", JsonElement::getAsString),
                list(aim, "scores", JsonElement::getAsDouble));
    }

    private static Result result(JsonElement element) {
        JsonObject result = element.getAsJsonObject();
        return new Result(
                text(result, "method"),
                text(result, result.has("layer") ? "layer" : "atInput"),
                text(result, "target"),
                result.has("empty"),
                list(result, "files", JsonElement::getAsString));
    }

    private static String text(JsonObject from, String key) {
        return from.has(key) ? from.get(key).getAsString() : "";
    }

    private static <T> List<T> list(JsonObject from, String key, Function<JsonElement, T> read) {
        List<T> list = new ArrayList<>();
        if (from.has(key)) {
            from.getAsJsonArray(key).forEach(element -> list.add(read.apply(element)));
        }
        return list;
    }
}
