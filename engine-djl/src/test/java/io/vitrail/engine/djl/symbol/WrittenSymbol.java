package io.vitrail.engine.djl.symbol;

import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Write a symbol and its arrays, as MXNet does, weights drawn at random. */
final class WrittenSymbol {
    private final JsonArray nodes = new JsonArray();
    private final List<Integer> heads = new ArrayList<>();
    private final Map<String, long[]> weights = new LinkedHashMap<>();

    /** Add an input. */
    int input(String name) {
        return node("null", name, Map.of());
    }

    /** Add a weight. */
    int weight(String name, long... shape) {
        weights.put(name, shape);
        return node("null", name, Map.of());
    }

    int node(String operator, String name, Map<String, String> attributes, int... inputs) {
        JsonObject node = new JsonObject();
        node.addProperty("op", operator);
        node.addProperty("name", name);
        JsonObject own = new JsonObject();
        attributes.forEach(own::addProperty);
        node.add("attrs", own);
        JsonArray from = new JsonArray();
        for (int input : inputs) {
            from.add(reference(input % 1000, input / 1000));
        }
        node.add("inputs", from);
        nodes.add(node);
        return nodes.size() - 1;
    }

    /** Return another output of a node than its first. */
    static int output(int node, int index) {
        return node + 1000 * index;
    }

    /** Add a 3x3 convolution that keeps rows and columns. */
    int convolution(String name, int from, int channels, int filters) {
        return node(
                "Convolution",
                name,
                Map.of(
                        "kernel", "(3, 3)",
                        "pad", "(1, 1)",
                        "num_filter", String.valueOf(filters),
                        "no_bias", "True"),
                from,
                weight(name + "_weight", filters, channels, 3, 3));
    }

    WrittenSymbol head(int node) {
        heads.add(node);
        return this;
    }

    private static JsonArray reference(int node, int output) {
        JsonArray one = new JsonArray();
        one.add(node);
        one.add(output);
        one.add(0);
        return one;
    }

    /** Write both files. */
    Path write(Path folder, String name, DataType type) throws IOException {
        JsonObject whole = new JsonObject();
        whole.add("nodes", nodes);
        JsonArray out = new JsonArray();
        heads.forEach(head -> out.add(reference(head % 1000, head / 1000)));
        whole.add("heads", out);
        Path symbol = folder.resolve(name + "-symbol.json");
        Files.writeString(symbol, whole.toString());
        Files.write(folder.resolve(name + "-0000.params"), parameters(type));
        return symbol;
    }

    private byte[] parameters(DataType type) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Random random = new Random(1);
        put(bytes, 24, buffer -> buffer.putLong(0x112).putLong(0).putLong(weights.size()));
        for (long[] shape : weights.values()) {
            put(
                    bytes,
                    12 + 8 * shape.length + 12,
                    buffer -> {
                        buffer.putInt(0xF993FAC9).putInt(0).putInt(shape.length);
                        for (long size : shape) {
                            buffer.putLong(size);
                        }
                        buffer.putInt(1).putInt(0).putInt(type == DataType.FLOAT64 ? 1 : 0);
                    });
            int size = 1;
            for (long each : shape) {
                size *= (int) each;
            }
            for (int i = 0; i < size; i++) {
                float number = drawn(random); // the same in either type
                put(
                        bytes,
                        type.getNumOfBytes(),
                        buffer -> {
                            if (type == DataType.FLOAT64) {
                                buffer.putDouble(number);
                            } else {
                                buffer.putFloat(number);
                            }
                        });
            }
        }
        put(bytes, 8, buffer -> buffer.putLong(weights.size()));
        for (String name : weights.keySet()) {
            byte[] text = ("arg:" + name).getBytes(StandardCharsets.UTF_8);
            put(bytes, 8 + text.length, buffer -> buffer.putLong(text.length).put(text));
        }
        return bytes.toByteArray();
    }

    private static float drawn(Random random) {
        return (float) random.nextGaussian() / 4;
    }

    /** Return the numbers of the weight that was added first. */
    static float[] first(int size) {
        Random random = new Random(1);
        float[] numbers = new float[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = drawn(random);
        }
        return numbers;
    }

    private static void put(
            ByteArrayOutputStream bytes, int size, java.util.function.Consumer<ByteBuffer> fill) {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        fill.accept(buffer);
        bytes.writeBytes(buffer.array());
    }
}
