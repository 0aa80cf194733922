package io.vitrail.cli.docs;

import ai.djl.ndarray.NDArray;
import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each value of a layer times its gradient. */
public final class LayerProduct implements OnePassMethod {
    private static final Option<Boolean> POSITIVE =
            Option.flag("positive", false, "Keep only what speaks for the score.");

    @Override
    public String id() {
        return "layer-product";
    }

    @Override
    public String sentence() {
        return "How much each value of a layer adds to the score, to first order.";
    }

    @Override
    public Place place() {
        return Place.LAYERS;
    }

    @Override
    public List<Option<?>> options() {
        return List.of(POSITIVE);
    }

    @Override
    public Probe probe(Request request) {
        return Probe.at(request.chosen());
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        Map<Layer, NDArray> products = new LinkedHashMap<>();
        for (Layer layer : request.chosen()) {
            NDArray product = pass.output(layer).mul(pass.gradient(request.target(), layer));
            products.put(layer, request.option(POSITIVE) ? product.maximum(0) : product);
        }
        return request.attribution(products);
    }
}
