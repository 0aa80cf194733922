package io.vitrail.runtime;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Choose the layers that a method explains at. */
final class ChosenLayers {
    private ChosenLayers() {}

    /**
     * Return the layers for a method.
     *
     * @param wanted names and globs, as they were given
     * @param usual the sidecar's layer, for methods that need one; empty where it has none
     * @throws VitrailException of kind {@code USAGE} if a name fits no layer, or the method needs a
     *     layer and there is none to choose
     */
    static List<Layer> of(
            AttributionMethod method, Layers layers, List<String> wanted, String usual) {
        if (!wanted.isEmpty()) {
            Map<String, Layer> chosen = new LinkedHashMap<>();
            for (String glob : wanted) {
                layers.glob(glob).forEach(layer -> chosen.putIfAbsent(layer.name(), layer));
            }
            return new ArrayList<>(chosen.values());
        }
        return switch (method.place()) {
            case INPUT_OR_LAYERS -> List.of();
            case LAYERS -> throw unchosen(method, layers);
            case SPATIAL_LAYERS, INPUT_THROUGH_LAYER ->
                    List.of(usual.isEmpty() ? lastSpatial(method, layers) : layers.get(usual));
        };
    }

    private static Layer lastSpatial(AttributionMethod method, Layers layers) {
        return layers.lastSpatial()
                .orElseThrow(
                        () ->
                                VitrailException.usage(
                                        layers.model()
                                                + ": "
                                                + method.id()
                                                + " needs a layer with a spatial output, and there"
                                                + " is none\n  methods at the input fit: -m"
                                                + " gradient"));
    }

    private static VitrailException unchosen(AttributionMethod method, Layers layers) {
        List<Layer> some = layers.matching(Layer::isActivation);
        String examples =
                some.stream()
                        .skip(Math.max(0, some.size() - 5))
                        .map(Layer::name)
                        .collect(Collectors.joining(", "));
        return VitrailException.usage(
                layers.model()
                        + ": "
                        + method.id()
                        + " needs layers: choose with -l LAYER or a glob"
                        + (examples.isEmpty() ? "" : "\n  such as: " + examples)
                        + "\n  all:     vitrail layers "
                        + layers.model());
    }
}
