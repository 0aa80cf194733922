package io.vitrail.cli.readme;

import io.vitrail.api.Attribution;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;

public final class InputTimesGradient implements OnePassMethod {
    @Override
    public String id() {
        return "input-x-gradient";
    }

    @Override
    public String sentence() {
        return "How much each element adds to the score, to first order.";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public Probe probe(Request request) {
        return Probe.atInput();
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        return request.attribution(pass.inputs().head().mul(pass.gradient(request.target())));
    }
}
