package io.vitrail.cli.docs;

import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import java.util.List;
import java.util.function.Predicate;

/** The gradient with every ReLU's step softened, on the way back only. */
public final class SoftGradient implements OnePassMethod {
    private static final String SWEEP = "soft";
    private static final Predicate<Layer> RECTIFIERS = Layer::isRectifier;
    private static final Option<Integer> BETA =
            Option.integer("beta", 10, 1, 1000, "How sharp the step is.");

    @Override
    public String id() {
        return "soft-gradient";
    }

    @Override
    public String sentence() {
        return "The gradient, with the step of each ReLU softened.";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public List<Option<?>> options() {
        return List.of(BETA);
    }

    @Override
    public Probe probe(Request request) {
        Probe probe =
                Probe.outputsOnly().rule(SWEEP, RECTIFIERS, new SoftGate(request.option(BETA)));
        return request.chosen().isEmpty()
                ? probe.differentiateAtInput(SWEEP)
                : probe.differentiateAt(SWEEP, request.chosen());
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        Attribution found =
                request.chosen().isEmpty()
                        ? request.attribution(pass.gradients(request.target(), SWEEP))
                        : atLayers(pass, request);
        return found.note("rules", pass.rulesAt(SWEEP));
    }

    private static Attribution atLayers(Pass pass, Request request) {
        Attribution all = Attribution.of(request.method(), java.util.Map.of());
        for (Layer layer : request.chosen()) {
            all =
                    all.and(
                            request.attribution(
                                    layer, pass.gradient(request.target(), layer, SWEEP)));
        }
        return all;
    }
}
