package io.vitrail.format.keras.file;

import ai.djl.ndarray.types.Shape;
import io.vitrail.format.keras.LayerConfig;
import io.vitrail.format.keras.StoredArray;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The weights of a layer in a {@code .keras}, by number: {@code layers/conv2d_1/vars/0}.
 *
 * @param arrays by their path below the layer's group: {@code vars/0}, {@code cell/vars/1}
 */
record NumberedWeights(Hdf5 hdf5, LayerConfig layer, String group, Map<String, StoredArray> arrays)
        implements WeightStore.Part {

    /** Return the store of a whole file. */
    static WeightStore of(Hdf5 hdf5) {
        return new Container(hdf5, "layers");
    }

    @Override
    public StoredArray get(String name, int index, Shape expected) {
        StoredArray array = arrays.get("vars/" + index);
        String weight = "'" + name + "' (number " + index + ")";
        if (array == null) {
            throw LayerArrays.missing(layer, weight, arrays.values());
        }
        return LayerArrays.checked(layer, weight, array, expected);
    }

    @Override
    public boolean has(String name, int index) {
        return arrays.containsKey("vars/" + index);
    }

    @Override
    public WeightStore.Part child(String name, String attribute) {
        Map<String, StoredArray> below = new LinkedHashMap<>();
        arrays.forEach(
                (path, array) -> {
                    if (path.startsWith(attribute + "/")) {
                        below.put(path.substring(attribute.length() + 1), array);
                    }
                });
        return new NumberedWeights(hdf5, layer, group + "/" + attribute, below);
    }

    @Override
    public boolean hasChild(String name, String attribute) {
        return arrays.keySet().stream().anyMatch(path -> path.startsWith(attribute + "/"));
    }

    @Override
    public WeightStore inner() {
        return new Container(hdf5, group + "/layers");
    }

    /** A model's layers, whose groups are named for their classes and counted in order. */
    private static final class Container implements WeightStore {
        /** Classes that files name otherwise than Python does. */
        private static final Map<String, String> CLASSES =
                Map.of("GroupQueryAttention", "GroupedQueryAttention");

        private final Hdf5 hdf5;
        private final String path;
        private final Map<String, Integer> counts = new HashMap<>();
        private final Map<String, String> byName = new HashMap<>();

        Container(Hdf5 hdf5, String path) {
            this.hdf5 = hdf5;
            this.path = path;
            if (!hdf5.isGroup(path)) {
                return;
            }
            for (String child : hdf5.children(path)) {
                String vars = path + "/" + child + "/vars";
                String name = hdf5.isGroup(vars) ? hdf5.text(vars, "name") : null;
                if (name != null) {
                    byName.putIfAbsent(name, child);
                }
            }
        }

        /** Newer files have the layers' names as well, and a name cannot be miscounted. */
        @Override
        public Part of(JsonConfig layer) {
            if (layer.className().startsWith("ops>")) {
                return new NumberedWeights(hdf5, layer, path, Map.of()); // is no layer: not stored
            }
            String type = layer.className().substring(layer.className().lastIndexOf('>') + 1);
            String snake = FolderNames.snakeCase(CLASSES.getOrDefault(type, type));
            int count = counts.merge(snake, 1, Integer::sum) - 1;
            String counted = count == 0 ? snake : snake + "_" + count;
            String group = path + "/" + byName.getOrDefault(layer.name(), counted);
            Map<String, StoredArray> arrays = new LinkedHashMap<>();
            if (!ClassNames.isModel(layer.className()) && hdf5.isGroup(group)) {
                collect(group, "", arrays);
            }
            return new NumberedWeights(hdf5, layer, group, arrays);
        }

        private void collect(String group, String below, Map<String, StoredArray> into) {
            for (String child : hdf5.children(group)) {
                String path = group + "/" + child;
                if (hdf5.isGroup(path)) {
                    collect(path, below + child + "/", into);
                } else {
                    into.put(below + child, Objects.requireNonNull(hdf5.array(path), path));
                }
            }
        }
    }
}
