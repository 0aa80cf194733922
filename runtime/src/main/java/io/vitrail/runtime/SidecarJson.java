package io.vitrail.runtime;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import io.vitrail.api.FileProblem;
import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The JSON of a {@link Sidecar}. */
final class SidecarJson {
    private static final long MOST_BYTES = 16L << 20;
    private static final List<String> KEYS =
            List.of("preprocess", "labels", "layer", "anchors", "shape");

    private SidecarJson() {}

    static Sidecar read(Path file) {
        JsonReader json =
                new JsonReader(new StringReader(SmallFile.read(file, "sidecar", MOST_BYTES)));
        json.setStrictness(Strictness.STRICT);
        try {
            Sidecar sidecar = object(json, file);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw refused(file, json, "more than one value", null);
            }
            return sidecar;
        } catch (MalformedJsonException | EOFException e) {
            throw refused(file, json, "is no JSON", e);
        } catch (IllegalStateException | NumberFormatException e) {
            throw refused(file, json, "a value of the wrong type", e);
        } catch (IOException e) {
            throw refused(file, json, "cannot be read", e);
        }
    }

    private static Sidecar object(JsonReader json, Path file) throws IOException {
        Sidecar sidecar = Sidecar.EMPTY;
        Set<String> seen = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            if (!KEYS.contains(key)) {
                List<String> nearest = NearestNames.of(key, KEYS);
                throw VitrailException.usage(
                        file
                                + ": no key '"
                                + key
                                + "' in a sidecar"
                                + (nearest.isEmpty()
                                        ? ""
                                        : "\n  nearest: " + String.join(", ", nearest))
                                + "\n  all:     "
                                + String.join(", ", KEYS));
            }
            if (!seen.add(key)) {
                throw refused(file, json, "the key is there twice", null);
            }
            sidecar =
                    switch (key) {
                        case "preprocess" -> sidecar.withPreprocess(json.nextString());
                        case "layer" -> sidecar.withLayer(json.nextString());
                        case "anchors" -> sidecar.withAnchors(json.nextInt());
                        case "shape" -> sidecar.withShape(sizes(json));
                        default ->
                                json.peek() == JsonToken.BEGIN_ARRAY
                                        ? sidecar.withLabels(names(json))
                                        : labelsOf(file, json.nextString(), sidecar);
                    };
        }
        json.endObject();
        return sidecar;
    }

    private static Sidecar labelsOf(Path file, String name, Sidecar sidecar) {
        return sidecar.withLabelsFile(name, Labels.read(file.resolveSibling(name)));
    }

    private static List<String> names(JsonReader json) throws IOException {
        List<String> names = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            names.add(json.nextString());
        }
        json.endArray();
        return names;
    }

    private static List<Long> sizes(JsonReader json) throws IOException {
        List<Long> sizes = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            sizes.add(json.nextLong());
        }
        json.endArray();
        return sizes;
    }

    private static VitrailException refused(
            Path file,
            JsonReader json,
            String what,
            @org.jspecify.annotations.Nullable Exception cause) {
        return new VitrailException(
                VitrailException.Kind.USAGE,
                file
                        + ": "
                        + what
                        + " (at "
                        + json.getPath()
                        + ")\n  a sidecar looks like {\"preprocess\": \"torch,size=224,crop\","
                        + " \"labels\": \"classes.txt\", \"layer\": \"layer4\","
                        + " \"shape\": [1, 3, 224, 224]}",
                cause);
    }

    static void write(Sidecar sidecar, Path file) {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.write(beside, text(sidecar).getBytes(StandardCharsets.UTF_8));
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new VitrailException(
                    VitrailException.Kind.USAGE,
                    file
                            + ": cannot be written: "
                            + FileProblem.said(e)
                            + "\n  do:  check the folder, its permissions and its space",
                    e);
        }
    }

    private static String text(Sidecar sidecar) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setIndent("  ");
            json.beginObject();
            if (!sidecar.preprocess().isEmpty()) {
                json.name("preprocess").value(sidecar.preprocess());
            }
            if (!sidecar.labelsFile().isEmpty()) {
                json.name("labels").value(sidecar.labelsFile());
            } else if (!sidecar.labels().isEmpty()) {
                json.name("labels").beginArray();
                for (String label : sidecar.labels()) {
                    json.value(label);
                }
                json.endArray();
            }
            if (!sidecar.layer().isEmpty()) {
                json.name("layer").value(sidecar.layer());
            }
            if (sidecar.anchors() > 0) {
                json.name("anchors").value(sidecar.anchors());
            }
            if (!sidecar.shape().isEmpty()) {
                json.name("shape").beginArray();
                for (long size : sidecar.shape()) {
                    json.value(size);
                }
                json.endArray();
            }
            json.endObject();
        }
        return text + "\n";
    }
}
