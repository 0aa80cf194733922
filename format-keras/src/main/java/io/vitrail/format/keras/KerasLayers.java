package io.vitrail.format.keras;

import io.vitrail.api.NearestNames;
import io.vitrail.api.VitrailException;
import io.vitrail.format.keras.file.StoredLayer;
import io.vitrail.format.keras.file.StoredModel;
import io.vitrail.format.keras.layers.OwnLayers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** The readers of layers by class name: our own, then what the {@link ServiceLoader} finds. */
final class KerasLayers {
    private final Map<String, List<KerasLayer>> byClass = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    private KerasLayers() {}

    /** Find every reader; one that cannot be made is remembered as broken. */
    static KerasLayers find() {
        KerasLayers found = new KerasLayers();
        OwnLayers.ALL.forEach(found::add);
        Iterator<ServiceLoader.Provider<KerasLayer>> providers =
                ServiceLoader.load(KerasLayer.class).stream().iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return found;
                }
                found.add(providers.next().get());
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                found.broken.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private void add(KerasLayer reader) {
        for (String name : reader.classNames()) {
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
                        + readers.stream().map(reader -> reader.getClass().getName()).toList(),
                "leave one of them on the module path or class path");
    }

    private VitrailException unknown(LayerConfig layer) {
        if (layer.className().equals("Lambda")) {
            return layer.refusal(
                    "is a Lambda: Python code, which is never run",
                    "replace it by a layer of Keras, or by a registered custom layer, which a"
                            + " KerasLayer on the module path can read");
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
                        + "' on the module path or class path");
    }
}
