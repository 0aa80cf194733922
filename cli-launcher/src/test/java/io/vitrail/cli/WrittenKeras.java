package io.vitrail.cli;

import com.google.gson.JsonParser;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.WritableGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Write a Sequential network as Keras 3 saves it in a {@code .keras} file. */
final class WrittenKeras {
    private WrittenKeras() {}

    /**
     * A layer.
     *
     * @param type Keras's class
     * @param config the members of its config as JSON, without braces
     * @param weights nested arrays, in Keras's order
     */
    record Layer(String type, String config, Object... weights) {
        String json() {
            return "{\"module\": \"keras.layers\", \"class_name\": \""
                    + type
                    + "\", \"config\": {"
                    + config
                    + "}, \"registered_name\": null}";
        }

        /** Return the group of its weights: {@code conv1d}, {@code global_max_pooling1d}. */
        String group() {
            return type.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
        }
    }

    static void write(Path file, String name, List<Layer> layers) throws IOException {
        String config =
                "{\"module\": \"keras\", \"class_name\": \"Sequential\", \"config\": {\"name\": \""
                        + name
                        + "\", \"layers\": ["
                        + String.join(", ", layers.stream().map(Layer::json).toList())
                        + "]}, \"registered_name\": null}";
        JsonParser.parseString(config);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        String version = "{\"keras_version\": \"3.9.0\", \"date_saved\": \"2026-01-01@00:00:00\"}";
        entries.put("metadata.json", version.getBytes(StandardCharsets.UTF_8));
        entries.put("config.json", config.getBytes(StandardCharsets.UTF_8));
        entries.put("model.weights.h5", weights(file, layers));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                store(zip, entry.getKey(), entry.getValue());
            }
        }
        Files.write(file, bytes.toByteArray());
    }

    private static byte[] weights(Path file, List<Layer> layers) throws IOException {
        Path inner = Files.createTempFile(file.toAbsolutePath().getParent(), "weights", ".h5");
        try (WritableHdfFile hdf = HdfFile.write(inner)) {
            WritableGroup all = hdf.putGroup("layers");
            Map<String, Integer> used = new HashMap<>();
            for (Layer layer : layers) {
                int before = used.merge(layer.group(), 1, Integer::sum) - 1;
                if (layer.weights().length > 0) {
                    String name = layer.group() + (before == 0 ? "" : "_" + before);
                    WritableGroup own = all.putGroup(name);
                    boolean cell = layer.type().endsWith("RNN");
                    WritableGroup vars = (cell ? own.putGroup("cell") : own).putGroup("vars");
                    for (int i = 0; i < layer.weights().length; i++) {
                        vars.putDataset(Integer.toString(i), layer.weights()[i]);
                    }
                }
            }
        }
        byte[] written = Files.readAllBytes(inner);
        Files.delete(inner);
        return written;
    }

    /** Return what a file holds: the text of its entries, and its weights by their paths. */
    static Map<String, Object> content(Path file) throws IOException {
        Map<String, Object> content = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith(".h5")) {
                    try (HdfFile hdf = HdfFile.fromByteBuffer(ByteBuffer.wrap(bytes))) {
                        weights(hdf, content);
                    }
                } else {
                    content.put(entry.getName(), new String(bytes, StandardCharsets.UTF_8));
                }
            }
        }
        return content;
    }

    private static void weights(Group group, Map<String, Object> content) {
        for (Node node : group.getChildren().values()) {
            if (node instanceof Group inner) {
                weights(inner, content);
            } else {
                Object[] one = {((Dataset) node).getData()};
                content.put(node.getPath(), Arrays.deepToString(one));
            }
        }
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
