package io.vitrail.render;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vitrail.api.VitrailException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where each array of a store lies: under its key, with {@code _} for what is not {@code
 * [A-Za-z0-9._-]}, and a number where that is another's place. Kept in the store's attributes.
 */
final class ZarrLayout {
    private static final String ATTRIBUTES = ".zattrs";
    private static final String SEGMENT = "[A-Za-z0-9_-][A-Za-z0-9._-]*";

    private final Path root;
    private final Map<String, String> arrays = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, String> about = new LinkedHashMap<>();

    private ZarrLayout(Path root) {
        this.root = root;
    }

    /** Start a store. */
    static ZarrLayout create(Path root) {
        ZarrLayout layout = new ZarrLayout(root);
        layout.write();
        return layout;
    }

    /** Return whether there is a store of Vitrail's, sound or not. */
    static boolean isStore(Path root) {
        Path attributes = root.resolve(ATTRIBUTES);
        return Files.isRegularFile(attributes) && ZarrJson.read(attributes).has("vitrail");
    }

    /**
     * Read where the arrays of a store lie.
     *
     * @throws VitrailException of kind input if it is damaged, or leads out of the store
     */
    static ZarrLayout read(Path root) {
        ZarrLayout layout = new ZarrLayout(root);
        Path file = root.resolve(ATTRIBUTES);
        try {
            JsonObject ours = ZarrJson.read(file).getAsJsonObject("vitrail");
            put(ours.getAsJsonObject("arrays"), layout.arrays);
            put(ours.getAsJsonObject("texts"), layout.texts);
            put(ours.getAsJsonObject("about"), layout.about);
        } catch (ClassCastException | IllegalStateException | NullPointerException e) {
            throw ZarrJson.damaged(file, "no list of its arrays");
        }
        for (String path : layout.paths().toList()) {
            if (!Arrays.stream(path.split("/", -1)).allMatch(part -> part.matches(SEGMENT))) {
                throw ZarrJson.damaged(file, "an array at '" + path + "'");
            }
        }
        return layout;
    }

    private static void put(JsonObject from, Map<String, String> to) {
        for (Map.Entry<String, JsonElement> entry : from.entrySet()) {
            to.put(entry.getKey(), entry.getValue().getAsString());
        }
    }

    private void write() {
        JsonObject ours = new JsonObject();
        ours.addProperty("layout", 1);
        ours.add("about", json(about));
        ours.add("arrays", json(arrays));
        ours.add("texts", json(texts));
        JsonObject all = new JsonObject();
        all.add("vitrail", ours);
        ZarrJson.write(root.resolve(ATTRIBUTES), all);
        if (!Files.exists(root.resolve(".zgroup"))) {
            ZarrJson.write(root.resolve(".zgroup"), ZarrJson.group());
        }
    }

    private static JsonObject json(Map<String, String> texts) {
        JsonObject json = new JsonObject();
        texts.forEach(json::addProperty);
        return json;
    }

    /** Return the keys of the arrays of numbers. */
    Collection<String> arrays() {
        return Collections.unmodifiableCollection(arrays.keySet());
    }

    /** Return the keys of the arrays of texts. */
    Collection<String> texts() {
        return Collections.unmodifiableCollection(texts.keySet());
    }

    Map<String, String> about() {
        return Map.copyOf(about);
    }

    void about(Map<String, String> facts) {
        about.clear();
        about.putAll(facts);
        write();
    }

    /**
     * Return the folder of an array of numbers.
     *
     * @param describe describes a new one in its folder
     */
    Path array(String key, Consumer<Path> describe) {
        return folder(key, arrays, describe);
    }

    /** Return the place of an array of numbers that has one. */
    String place(String key) {
        return Objects.requireNonNull(arrays.get(key));
    }

    /** Return the folder of an array of texts, likewise. */
    Path text(String key, Consumer<Path> describe) {
        return folder(key, texts, describe);
    }

    private Path folder(String key, Map<String, String> places, Consumer<Path> describe) {
        String known = places.get(key);
        if (known != null) {
            return root.resolve(known);
        }
        String place = free(safe(key));
        groups(root, place);
        describe.accept(root.resolve(place)); // listed once it can be read
        places.put(key, place);
        write();
        return root.resolve(place);
    }

    /** Make every folder on the way to an array a group. */
    static void groups(Path root, String place) {
        for (int slash = place.indexOf('/'); slash >= 0; slash = place.indexOf('/', slash + 1)) {
            Path group = root.resolve(place.substring(0, slash)).resolve(".zgroup");
            if (!Files.exists(group)) {
                ZarrJson.write(group, ZarrJson.group());
            }
        }
    }

    /** Return a key as a place: no hidden folders, none above, nothing that a system refuses. */
    static String safe(String key) {
        return Arrays.stream(key.split("/"))
                .map(part -> part.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.|^$", "_"))
                .collect(Collectors.joining("/"));
    }

    /** No array may lie in the place of another, nor within it. */
    private String free(String place) {
        int slash = place.indexOf('/') < 0 ? place.length() : place.indexOf('/');
        String free = place;
        for (int i = 2; isTaken(free); i++) {
            free = place.substring(0, slash) + "-" + i + place.substring(slash);
        }
        return free;
    }

    private boolean isTaken(String place) {
        return Stream.concat(Stream.of(ZarrAlone.FOLDER), paths())
                .anyMatch(
                        other ->
                                (other + "/").startsWith(place + "/")
                                        || (place + "/").startsWith(other + "/"));
    }

    private Stream<String> paths() {
        return Stream.concat(texts.values().stream(), arrays.values().stream());
    }

    /** Forget all arrays but that of the names; return the folders that held them. */
    Collection<Path> clear(String names) {
        Collection<Path> folders =
                paths().filter(path -> !path.equals(texts.get(names)))
                        .map(path -> root.resolve(path.split("/")[0]))
                        .distinct()
                        .toList();
        arrays.clear();
        texts.keySet().removeIf(key -> !key.equals(names));
        about.clear();
        write();
        return folders;
    }
}
