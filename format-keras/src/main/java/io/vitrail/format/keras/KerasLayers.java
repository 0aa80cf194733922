package io.vitrail.format.keras;

import io.vitrail.api.NearestNames;
import io.vitrail.api.Services;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.file.StoredLayer;
import io.vitrail.format.keras.file.StoredModel;
import io.vitrail.format.keras.layers.OwnLayers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

/** The readers of layers by class name: our own, then what is plugged in. */
final class KerasLayers {
    /** What the {@link ServiceLoader} finds, for callers that have no plugins. */
    static final Services ON_THE_PATH = new OnThePath();

    private final Map<String, List<KerasLayer>> byClass = new HashMap<>();
    private final Map<KerasLayer, String> origins = new IdentityHashMap<>();
    private final List<String> broken;

    private KerasLayers(List<String> broken) {
        this.broken = broken;
    }

    /** Find every reader; one that does not say what it reads is remembered as broken. */
    static KerasLayers find(Services services) {
        KerasLayers found = new KerasLayers(new ArrayList<>(services.broken(KerasLayer.class)));
        for (KerasLayer reader : OwnLayers.ALL) {
            found.add(reader, reader.getClass().getName(), Set.of());
        }
        Set<String> ours = Set.copyOf(found.byClass.keySet());
        for (KerasLayer reader : services.all(KerasLayer.class)) {
            String origin = services.origin(reader);
            try {
                found.add(reader, origin, ours);
            } catch (RuntimeException | LinkageError e) {
                found.broken.add(origin + ": " + e);
            }
        }
        return found;
    }

    /** Nobody takes the place of a reader of ours: it would change what every model means. */
    private void add(KerasLayer reader, String origin, Set<String> taken) {
        origins.put(reader, origin);
        for (String name : Set.copyOf(reader.classNames())) {
            if (taken.contains(name)) {
                broken.add(origin + ": claims " + name + ", which is read here already");
                continue;
            }
            byClass.computeIfAbsent(name, key -> new ArrayList<>()).add(reader);
        }
    }

    /** Refuse a model with a layer that nothing reads, those of nested models included. */
    void check(StoredModel model) {
        for (StoredLayer layer : model.layers()) {
            if (layer.inner() != null) {
                check(layer.inner());
            } else if (!layer.calls().isEmpty()) {
                reader(layer.config());
                if (layer.wrapped() != null) {
                    check(layer.wrapped());
                }
            }
        }
    }

    /**
     * Return what reads a layer.
     *
     * @throws VitrailException if nothing does, or more than one
     */
    KerasLayer reader(LayerConfig layer) {
        List<KerasLayer> readers = byClass.getOrDefault(layer.className(), List.of());
        if (readers.size() == 1) {
            return readers.get(0);
        }
        if (readers.isEmpty()) {
            throw unknown(layer);
        }
        throw layer.refusal(
                "is of a class that "
                        + readers.size()
                        + " readers claim: "
                        + readers.stream().map(origins::get).toList(),
                "leave one of them on the module path or class path, or remove a plugin");
    }

    private VitrailException unknown(LayerConfig layer) {
        if (layer.className().equals("Lambda")) {
            return layer.refusal(
                    "is a Lambda: Python code, which is never run",
                    "replace it by a layer of Keras, or by a registered custom layer, which a"
                            + " KerasLayer on the module path or in a plugin can read");
        }
        List<String> nearest = NearestNames.of(layer.className(), byClass.keySet());
        return layer.refusal(
                "is of a class that is not read"
                        + (nearest.isEmpty() ? "" : "\n  nearest: " + String.join(", ", nearest))
                        + (broken.isEmpty()
                                ? ""
                                : "\n  broken:  " + String.join("\n           ", broken)),
                "put a KerasLayer for '"
                        + layer.className()
                        + "' on the module path or class path, or into a plugin");
    }
}
