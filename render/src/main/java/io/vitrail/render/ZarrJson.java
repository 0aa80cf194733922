package io.vitrail.render;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.vitrail.api.VitrailException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptions that stand beside the numbers of a {@link ZarrStore}.
 *
 * @see <a href="https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html">the format</a>
 */
final class ZarrJson {
    private static final int MAX_BYTES = 16 << 20;
    private static final Gson GSON =
            new GsonBuilder()
                    .setStrictness(Strictness.STRICT)
                    .disableHtmlEscaping()
                    .serializeNulls()
                    .setPrettyPrinting()
                    .create();

    private ZarrJson() {}

    static void write(Path file, JsonObject json) {
        byte[] bytes = GSON.toJson(json).getBytes(StandardCharsets.UTF_8);
        FileBeside.write(file, stream -> stream.write(bytes));
    }

    /**
     * Read an object.
     *
     * @throws VitrailException of kind input if there is no such file, or no object in it
     */
    static JsonObject read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw damaged(file, "larger than any that Vitrail writes");
            }
            JsonObject json = GSON.fromJson(Files.readString(file), JsonObject.class);
            if (json == null) {
                throw damaged(file, "empty");
            }
            return json;
        } catch (IOException | JsonParseException e) {
            throw damaged(file, String.valueOf(e.getMessage()));
        }
    }

    static VitrailException damaged(Path file, String why) {
        return VitrailException.input(
                file + ": not as Vitrail writes it: " + why + "\n  do:  delete the store");
    }

    static JsonObject group() {
        JsonObject json = new JsonObject();
        json.addProperty("zarr_format", 2);
        return json;
    }

    static JsonObject numbers(ZarrRow row, int rows) {
        List<Long> shape = new ArrayList<>(row.shape());
        shape.add(0, (long) rows);
        return array(row, shape, row.chunkRows());
    }

    /** Describe an array without an axis of items, in one file. */
    static JsonObject alone(ZarrRow row) {
        return array(row, row.shape(), row.shape().isEmpty() ? 0 : Math.max(row.shape().get(0), 1));
    }

    private static JsonObject array(ZarrRow row, List<Long> shape, long firstOfChunk) {
        List<Long> chunks = new ArrayList<>(shape.stream().map(n -> Math.max(n, 1)).toList());
        if (!chunks.isEmpty()) {
            chunks.set(0, firstOfChunk);
        }
        JsonObject json = group();
        json.add("shape", whole(shape));
        json.add("chunks", whole(chunks));
        json.addProperty("dtype", NpyHeader.descr(row.type()));
        json.add("compressor", JsonNull.INSTANCE);
        switch (row.type()) {
            case FLOAT16, FLOAT32, FLOAT64 -> json.addProperty("fill_value", "NaN");
            case BOOLEAN -> json.addProperty("fill_value", false);
            default -> json.addProperty("fill_value", (long) row.missingNumber());
        }
        json.addProperty("order", "C");
        json.add("filters", JsonNull.INSTANCE);
        return json;
    }

    static JsonObject texts(int rows, int chunkRows) {
        JsonObject json = group();
        json.add("shape", whole(List.of((long) rows)));
        json.add("chunks", whole(List.of((long) chunkRows)));
        json.addProperty("dtype", "|O");
        json.add("compressor", JsonNull.INSTANCE);
        json.addProperty("fill_value", "");
        json.addProperty("order", "C");
        JsonObject codec = new JsonObject();
        codec.addProperty("id", "vlen-utf8");
        JsonArray filters = new JsonArray();
        filters.add(codec);
        json.add("filters", filters);
        return json;
    }

    private static JsonArray whole(List<Long> numbers) {
        JsonArray array = new JsonArray();
        numbers.forEach(array::add);
        return array;
    }

    /**
     * Return what each item of an array has, if it is one that Vitrail can go on with.
     *
     * @throws VitrailException of kind input if it is not
     */
    static ZarrRow row(Path file) {
        return row(file, 1);
    }

    /** Return what the item has that an array without an axis of items is for. */
    static ZarrRow aloneRow(Path file) {
        return row(file, 0);
    }

    private static ZarrRow row(Path file, int skipped) {
        JsonObject json = read(file);
        try {
            List<Long> shape = new ArrayList<>();
            json.getAsJsonArray("shape").forEach(n -> shape.add(n.getAsLong()));
            String descr = json.get("dtype").getAsString();
            ZarrRow row =
                    new ZarrRow(
                            NpyHeader.typeOf(descr)
                                    .orElseThrow(() -> damaged(file, "elements " + descr)),
                            shape.subList(skipped, shape.size()));
            if (shape.stream().anyMatch(n -> n < 0)
                    || row.bytes() > 8L * Integer.MAX_VALUE
                    || !json.equals(skipped == 0 ? alone(row) : numbers(row, rows(json)))) {
                throw damaged(file, "its shape, chunks or codecs are others");
            }
            return row;
        } catch (RuntimeException e) {
            throw e instanceof VitrailException ? e : damaged(file, String.valueOf(e.getMessage()));
        }
    }

    /** Return how many rows an array of texts has. */
    static int textRows(Path file, int chunkRows) {
        JsonObject json = read(file);
        try {
            int rows = rows(json);
            if (rows < 0 || !texts(rows, chunkRows).equals(json)) {
                throw damaged(file, "its chunks or codecs are others");
            }
            return rows;
        } catch (RuntimeException e) {
            throw e instanceof VitrailException ? e : damaged(file, String.valueOf(e.getMessage()));
        }
    }

    private static int rows(JsonObject json) {
        JsonElement first = json.getAsJsonArray("shape").get(0);
        return Math.toIntExact(first.getAsLong());
    }
}
