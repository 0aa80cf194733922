package ${package};

import io.vitrail.api.Attribution;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;

/** Input times gradient, to begin with. */
public final class MyMethod implements OnePassMethod {
    @Override
    public String id() {
        return "${artifactId}";
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
        return Probe.atInput(); // what the pass must keep: here the gradient at the input
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        return request.attribution(pass.inputs().head().mul(pass.gradient(request.target())));
    }
}
