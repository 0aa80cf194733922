package io.vitrail.format.keras.file;

import ai.djl.ndarray.types.Shape;
import io.vitrail.format.keras.StoredArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a layer in an {@code .h5}, by name: {@code transfer/head/kernel:0}.
 *
 * <p>The layers of a nested model share one group, trainable weights first; their order says
 * nothing, their paths do.
 *
 * @param arrays by their path below the group of the layer, or of the outermost model around it
 */
record NamedWeights(JsonConfig layer, Map<String, StoredArray> arrays) implements WeightStore.Part {
    private static final Map<String, String> KERAS_1 =
            Map.of(
                    "W",
                    "kernel",
                    "b",
                    "bias",
                    "running_mean",
                    "moving_mean",
                    "running_std",
                    "moving_variance");

    /** Return the store of a whole file, whose layers each have a group below the given one. */
    static WeightStore of(Hdf5 hdf5, String top) {
        return layer -> {
            String group = top + "/" + layer.name();
            Map<String, StoredArray> arrays = new LinkedHashMap<>();
            for (String name : Attributes.list(hdf5, group, "weight_names")) {
                StoredArray array = hdf5.array(group + "/" + name);
                if (array == null) {
                    throw layer.refusal(
                            "lacks a weight that the file lists\n  weight: " + group + "/" + name,
                            Refusal.SAVE_AGAIN);
                }
                arrays.put(name, array);
            }
            return new NamedWeights(layer, arrays);
        };
    }

    @Override
    public StoredArray get(String name, int index, Shape expected) {
        StoredArray array = find(name);
        if (array == null) {
            throw LayerArrays.missing(layer, "'" + name + "'", arrays.values());
        }
        return LayerArrays.checked(layer, "'" + name + "'", array, expected);
    }

    @Override
    public boolean has(String name, int index) {
        return find(name) != null;
    }

    private @Nullable StoredArray find(String name) {
        List<String> found =
                arrays.keySet().stream().filter(path -> bare(path).equals(name)).toList();
        if (found.size() > 1) {
            throw layer.refusal(
                    "has several weights '" + name + "': " + String.join(", ", found),
                    Refusal.SAVE_AGAIN);
        }
        return found.isEmpty() ? null : arrays.get(found.get(0));
    }

    /** Return {@code kernel} for {@code head/kernel:0} and for Keras 1's {@code head_W:0}. */
    private String bare(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1).replaceFirst(":\\d+$", "");
        if (layer.kerasVersion() < 2 && last.startsWith(layer.name() + "_")) {
            String old = last.substring(layer.name().length() + 1);
            return KERAS_1.getOrDefault(old, old);
        }
        return last;
    }

    @Override
    public WeightStore.Part child(String name, String attribute) {
        Map<String, StoredArray> below = where(path -> ("/" + path).contains("/" + name + "/"));
        return below.isEmpty() ? this : new NamedWeights(layer, below);
    }

    @Override
    public boolean hasChild(String name, String attribute) {
        return arrays.keySet().stream().anyMatch(path -> ("/" + path).contains("/" + name + "/"));
    }

    @Override
    public WeightStore inner() {
        return inside -> {
            Map<String, StoredArray> own = of(inside.name());
            boolean model = ClassNames.isModel(inside.className());
            // a functional model leaves no trace of its name, a Sequential does
            return new NamedWeights(inside, own.isEmpty() && model ? arrays : own);
        };
    }

    /** Keep what lies below a folder of this name, the same folder for all. */
    private Map<String, StoredArray> of(String name) {
        Map<String, StoredArray> own = where(path -> ("/" + path).contains("/" + name + "/"));
        if (own.isEmpty()) { // TensorFlow 1 numbered a name that it had seen before
            Pattern numbered = Pattern.compile("(.*/)?" + Pattern.quote(name) + "_\\d+/[^/]*");
            own = where(path -> numbered.matcher(path).matches());
        }
        Pattern above = Pattern.compile("(?:^|.*/)(?=" + Pattern.quote(name) + "(?:_\\d+)?/)");
        Map<String, Map<String, StoredArray>> byFolder = new TreeMap<>();
        own.forEach(
                (path, array) -> {
                    Matcher folder = above.matcher(path);
                    String key = folder.lookingAt() ? folder.group() : "";
                    byFolder.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(path, array);
                });
        return byFolder.size() <= 1 ? own : nearest(name, byFolder);
    }

    /** Another model inside of this one may have a layer of the same name, which lies deeper. */
    private Map<String, StoredArray> nearest(
            String name, Map<String, Map<String, StoredArray>> byFolder) {
        int least = byFolder.keySet().stream().mapToInt(NamedWeights::depth).min().orElse(0);
        List<String> near =
                byFolder.keySet().stream()
                        .filter(
                                folder ->
                                        ("/" + folder).endsWith("/" + layer.name() + "/")
                                                || depth(folder) == least)
                        .toList();
        if (near.size() != 1) {
            throw layer.refusal(
                    "has several layers '" + name + "', in " + String.join(" and ", near),
                    "give the layers names of their own and " + Refusal.SAVE_AGAIN);
        }
        return byFolder.getOrDefault(near.get(0), Map.of());
    }

    private static int depth(String folder) {
        return (int) folder.chars().filter(c -> c == '/').count();
    }

    private Map<String, StoredArray> where(Predicate<String> wanted) {
        Map<String, StoredArray> kept = new LinkedHashMap<>();
        arrays.forEach(
                (path, array) -> {
                    if (wanted.test(path)) {
                        kept.put(path, array);
                    }
                });
        return kept;
    }
}
