package io.vitrail.api;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a method is asked for.
 *
 * @param method the method's id
 * @param layers all layers of the network
 * @param chosen the layers to explain at, or the method's default; empty for the network's inputs
 * @param target the score to explain
 * @param settings values of the method's options by key; what is absent has its default
 */
public record Request(
        String method,
        Layers layers,
        List<Layer> chosen,
        Target target,
        Map<String, Object> settings) {
    public Request {
        chosen = List.copyOf(chosen);
        settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Return the only chosen layer. */
    public Layer layer() {
        if (chosen.size() != 1) {
            throw VitrailException.usage(
                    method + ": choose one layer with -l, not " + chosen.size());
        }
        return chosen.get(0);
    }

    /** Return the value of an option. */
    @SuppressWarnings("unchecked")
    public <T> T option(Option<T> option) {
        Object value = settings.get(option.key());
        return value == null ? option.defaultValue() : (T) value;
    }

    /** Create the result from one array at the network's only input, in the input's layout. */
    public Attribution attribution(NDArray atInput) {
        return attribution(new NDList(atInput));
    }

    /**
     * Create the result from one array for each of the network's inputs, in the inputs' layouts.
     */
    public Attribution attribution(NDList atInputs) {
        List<Graph.Port> ports = layers.inputs();
        if (atInputs.size() != ports.size()) {
            throw VitrailException.failure(
                    method
                            + " returned "
                            + atInputs.size()
                            + " arrays for a network with "
                            + ports.size()
                            + " inputs");
        }
        Map<Attribution.Part, Values> parts = new LinkedHashMap<>();
        for (int i = 0; i < ports.size(); i++) {
            NDArray array = atInputs.get(i);
            Axes axes = ports.get(i).type().axes();
            boolean same = array.getShape().dimension() == ports.get(i).type().shape().dimension();
            parts.put(
                    Attribution.Part.input(ports.get(i).name()),
                    Values.copyOf(array, same ? axes : spatialOnly(array)));
        }
        return Attribution.of(method, parts);
    }

    /**
     * Create the result from one array a layer.
     *
     * <p>An array of the layer's own rank has the layer's layout; one of a lower rank is {@code (N,
     * spatial...)}.
     */
    public Attribution attribution(Map<Layer, NDArray> atLayers) {
        Map<Attribution.Part, Values> parts = new LinkedHashMap<>();
        atLayers.forEach(
                (layer, array) -> {
                    boolean same = array.getShape().dimension() == layer.shape().dimension();
                    parts.put(
                            Attribution.Part.layer(layer.name()),
                            Values.copyOf(array, same ? layer.axes() : spatialOnly(array)));
                });
        return Attribution.of(method, parts);
    }

    /** Create the result from one array at one layer. */
    public Attribution attribution(Layer layer, NDArray array) {
        return attribution(Map.of(layer, array));
    }

    /** {@code (N, spatial...)}: what is left when channels are summed away. */
    private static Axes spatialOnly(NDArray array) {
        int rank = array.getShape().dimension();
        return new Axes(java.util.stream.IntStream.range(1, rank).boxed().toList(), -1);
    }
}
