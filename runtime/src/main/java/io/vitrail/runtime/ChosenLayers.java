package io.vitrail.runtime;

import io.vitrail.api.AttributionMethod;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Choose the layers that a method explains at. */
final class ChosenLayers {
    private ChosenLayers() {}

    /**
     * Return the layers for a method.
     *
     * @param wanted names and globs, as they were given
     * @param usual the sidecar's layer, for methods that need one; empty where it has none
     * @param notices hears how many layers of a glob are left out, and where an input of whole
     *     numbers is explained
     * @throws VitrailException of kind {@code USAGE} if a name fits no layer, or the method needs a
     *     layer and there is none to choose
     */
    static List<Layer> of(
            AttributionMethod method,
            Layers layers,
            List<String> wanted,
            String usual,
            Consumer<String> notices) {
        if (!wanted.isEmpty()) {
            Map<String, Layer> chosen = new LinkedHashMap<>();
            for (String glob : wanted) {
                suitable(method, layers, glob, notices)
                        .forEach(layer -> chosen.putIfAbsent(layer.name(), layer));
            }
            return new ArrayList<>(chosen.values());
        }
        return switch (method.place()) {
            case INPUT_OR_LAYERS -> readersOfWholeNumbers(method, layers, notices);
            case LAYERS -> throw unchosen(method, layers);
            case SPATIAL_LAYERS, INPUT_THROUGH_LAYER ->
                    List.of(usual.isEmpty() ? lastSpatial(method, layers) : layers.get(usual));
        };
    }

    /** Tokens have no gradient: they are explained where they become numbers that have. */
    private static List<Layer> readersOfWholeNumbers(
            AttributionMethod method, Layers layers, Consumer<String> notices) {
        List<Graph.Port> inputs = layers.inputs();
        List<Layer> readers = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Optional<Layer> reader = layers.reader(i);
            if (inputs.get(i).type().type().isFloating() || reader.isEmpty()) {
                return List.of(); // one map an input, or none
            }
            readers.add(reader.get());
        }
        if (method.usesTarget() && !readers.isEmpty()) {
            String names =
                    inputs.stream().map(Graph.Port::name).collect(Collectors.joining("', '"));
            String places =
                    readers.stream().map(Layer::name).distinct().collect(Collectors.joining(", "));
            notices.accept(
                    method.id()
                            + ": '"
                            + names
                            + (inputs.size() == 1 ? "' holds" : "' hold")
                            + " whole numbers, which have no gradient: explained where they are"
                            + " read, at "
                            + places);
            return readers.stream().distinct().toList();
        }
        return List.of();
    }

    /** A glob means the layers that suit the method; a name means that layer. */
    private static List<Layer> suitable(
            AttributionMethod method, Layers layers, String glob, Consumer<String> notices) {
        List<Layer> all = layers.glob(glob);
        if (all.size() == 1 && all.get(0).name().equals(glob)) {
            return all;
        }
        List<Layer> suitable = all.stream().filter(method::fits).toList();
        String which = all.size() == 1 ? "the layer" : "any of the " + all.size() + " layers";
        if (suitable.isEmpty()) {
            throw VitrailException.usage(
                    layers.model()
                            + ": "
                            + method.id()
                            + " cannot explain at "
                            + which
                            + " that '"
                            + glob
                            + "' fits"
                            + examples(layers.matching(method::fits))
                            + "\n  all:     vitrail layers "
                            + layers.model());
        }
        if (suitable.size() < all.size()) {
            notices.accept(
                    method.id()
                            + ": "
                            + (all.size() - suitable.size())
                            + " of the "
                            + all.size()
                            + " layers that '"
                            + glob
                            + "' fits are left out: it cannot explain there");
        }
        return suitable;
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
        return VitrailException.usage(
                layers.model()
                        + ": "
                        + method.id()
                        + " needs layers: choose with -l LAYER or a glob"
                        + examples(layers.matching(Layer::isActivation))
                        + "\n  all:     vitrail layers "
                        + layers.model());
    }

    private static String examples(List<Layer> some) {
        String last =
                some.stream()
                        .skip(Math.max(0, some.size() - 5))
                        .map(Layer::name)
                        .collect(Collectors.joining(", "));
        return last.isEmpty() ? "" : "\n  such as: " + last;
    }
}
