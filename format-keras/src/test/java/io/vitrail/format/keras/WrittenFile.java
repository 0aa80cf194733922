package io.vitrail.format.keras;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.jhdf.api.WritableNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Write small files in the form that Keras gives them. */
public final class WrittenFile {
    /** A Sequential of one Dense of two units on three inputs, without a bias. */
    public static final String DENSE =
            """
            {"class_name": "Sequential", "config": {"name": "net", "layers": [
              {"class_name": "Dense", "config": {"name": "head", "batch_input_shape": [null, 3],
                "dtype": "float32", "units": 2, "activation": "relu", "use_bias": false}}]}}
            """;

    public static final float[][] KERNEL = {{1, 2}, {3, 4}, {5, 6}};

    private WrittenFile() {}

    /**
     * Write an {@code .h5}.
     *
     * @param weights arrays by their paths below model_weights; the first part is the layer's group
     */
    public static Path h5(
            Path file, String version, String config, Map<String, ? extends Object> weights) {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            hdf.putAttribute("keras_version", version);
            hdf.putAttribute("model_config", config);
            WritableGroup all = hdf.putGroup("model_weights");
            Map<String, Map<String, Object>> byLayer = new LinkedHashMap<>();
            weights.forEach(
                    (path, array) ->
                            byLayer.computeIfAbsent(
                                            path.substring(0, path.indexOf('/')),
                                            key -> new LinkedHashMap<>())
                                    .put(path.substring(path.indexOf('/') + 1), array));
            byLayer.forEach(
                    (layer, arrays) -> {
                        WritableGroup group = all.putGroup(layer);
                        group.putAttribute("weight_names", arrays.keySet().toArray(String[]::new));
                        arrays.forEach((path, array) -> put(group, path, array));
                    });
        }
        return file;
    }

    /** Write a {@code .keras}; the arrays' paths are whole: {@code layers/dense/vars/0}. */
    public static Path keras(
            Path file, String version, String config, Map<String, ? extends Object> weights)
            throws IOException {
        Path inner = Files.createTempFile(file.getParent(), "weights", ".h5");
        try (WritableHdfFile hdf = HdfFile.write(inner)) {
            weights.forEach((path, array) -> put(hdf, path, array));
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(
                "metadata.json",
                ("{\"keras_version\": \"" + version + "\"}").getBytes(StandardCharsets.UTF_8));
        entries.put("config.json", config.getBytes(StandardCharsets.UTF_8));
        entries.put("model.weights.h5", Files.readAllBytes(inner));
        Files.delete(inner);
        return Files.write(file, Mutation.sealed(entries));
    }

    private static void put(WritableGroup root, String path, Object array) {
        WritableGroup group = root;
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            WritableNode known = (WritableNode) group.getChildren().get(parts[i]);
            group = known instanceof WritableGroup there ? there : group.putGroup(parts[i]);
        }
        group.putDataset(parts[parts.length - 1], array);
    }
}
