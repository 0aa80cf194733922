package io.vitrail.method.gradcam;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layer;
import io.vitrail.api.Pass;
import io.vitrail.api.Request;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.List;
import java.util.stream.IntStream;

/** Find the inputs that a layer's map can be laid over. */
final class Pictures {
    private Pictures() {}

    /**
     * Return the positions of the inputs with as many spatial axes as the layer, at least one.
     *
     * @throws VitrailException if there is none
     */
    static List<Integer> of(Layer layer, Request request) {
        List<Graph.Port> ports = request.layers().inputs();
        List<Integer> fitting =
                IntStream.range(0, ports.size())
                        .filter(i -> space(ports.get(i)).size() == layer.spatialAxes().length)
                        .boxed()
                        .toList();
        if (fitting.isEmpty()) {
            throw VitrailException.usage(
                    request.layers().model()
                            + ": "
                            + request.method()
                            + " cannot lay the map of '"
                            + layer.name()
                            + "', "
                            + layer.shape()
                            + ", over an input: none has "
                            + layer.spatialAxes().length
                            + " spatial axes\n  instead: -m grad-cam -s resize=none");
        }
        return fitting;
    }

    /** Return the spatial size of what an input was fed. */
    static long[] size(Pass pass, int input) {
        Shape fed = pass.inputs().get(input).getShape();
        return space(pass.layers().inputs().get(input)).stream().mapToLong(fed::get).toArray();
    }

    /** Tokens, whole numbers in rows, have one axis that a map can be laid along. */
    private static List<Integer> space(Graph.Port port) {
        boolean tokens = !port.type().type().isFloating() && port.type().shape().dimension() == 2;
        return tokens ? List.of(1) : port.type().axes().spatial();
    }
}
