package io.vitrail.runtime;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of anchors in a sidecar: {@code [[10, 13], [16, 30], ...]} for all outputs, or a list
 * of such lists, one an output.
 */
final class AnchorsJson {
    private AnchorsJson() {}

    static List<List<Anchor>> read(JsonReader json) throws IOException {
        List<List<Anchor>> lists = new ArrayList<>();
        List<Anchor> flat = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            json.beginArray();
            if (json.peek() == JsonToken.NUMBER) {
                flat.add(size(json));
            } else {
                List<Anchor> sizes = new ArrayList<>();
                while (json.hasNext()) {
                    json.beginArray();
                    sizes.add(size(json));
                }
                json.endArray();
                lists.add(sizes);
            }
        }
        json.endArray();
        if (!flat.isEmpty() && !lists.isEmpty()) {
            throw new IllegalStateException("sizes beside lists of sizes");
        }
        return flat.isEmpty() ? lists : List.of(flat);
    }

    /** Read the rest of {@code [10, 13]}. */
    private static Anchor size(JsonReader json) throws IOException {
        Anchor size = new Anchor(json.nextDouble(), json.nextDouble());
        json.endArray();
        return size;
    }

    static void write(JsonWriter json, List<List<Anchor>> lists) throws IOException {
        json.beginArray();
        for (List<Anchor> sizes : lists) {
            if (lists.size() > 1) {
                json.beginArray();
            }
            for (Anchor size : sizes) {
                json.beginArray();
                json.value(number(size.width())).value(number(size.height()));
                json.endArray();
            }
            if (lists.size() > 1) {
                json.endArray();
            }
        }
        json.endArray();
    }

    private static Number number(double size) {
        return size == Math.rint(size) ? (Number) (long) size : (Number) size;
    }
}
