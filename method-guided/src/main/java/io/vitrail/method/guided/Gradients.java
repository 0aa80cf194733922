package io.vitrail.method.guided;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collect the gradients of one sweep at the chosen layers, or at the inputs. */
final class Gradients {
    private Gradients() {}

    static Probe probe(Probe rules, String sweep, Request request) {
        return request.chosen().isEmpty()
                ? rules.differentiateAtInput(sweep)
                : rules.differentiateAt(sweep, request.chosen());
    }

    static Attribution of(Pass pass, String sweep, Request request) {
        Reduction reduction = request.option(Reduction.OPTION);
        if (request.chosen().isEmpty()) {
            NDList gradients = pass.gradients(request.target(), sweep);
            NDList reduced = new NDList();
            List<Graph.Port> ports = request.layers().inputs();
            for (int i = 0; i < ports.size(); i++) {
                String place = "input '" + ports.get(i).name() + "'";
                reduced.add(
                        reduction.of(gradients.get(i), ports.get(i).type().axes(), place, request));
            }
            return request.attribution(reduced);
        }
        Map<Layer, NDArray> atLayers = new LinkedHashMap<>();
        for (Layer layer : request.chosen()) {
            NDArray gradient = pass.gradient(request.target(), layer, sweep);
            String place = "layer '" + layer.name() + "'";
            atLayers.put(layer, reduction.of(gradient, layer.axes(), place, request));
        }
        return request.attribution(atLayers);
    }
}
