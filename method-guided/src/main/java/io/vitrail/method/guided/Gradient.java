package io.vitrail.method.guided;

import io.vitrail.api.Attribution;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import java.util.List;

/**
 * Explain by the gradient of the score at the inputs, or at the outputs of chosen layers.
 *
 * <p>Signed, not scaled, in the shape of the place.
 *
 * @see <a href="https://arxiv.org/abs/1312.6034">Simonyan et al. 2013</a>
 */
public final class Gradient implements OnePassMethod {
    /** Create the method. */
    public Gradient() {}

    @Override
    public String id() {
        return "gradient";
    }

    @Override
    public String sentence() {
        return "How much the score rises with each element of the input.";
    }

    @Override
    public String paper() {
        return "Simonyan et al. 2013, https://arxiv.org/abs/1312.6034";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public List<Option<?>> options() {
        return List.of(Reduction.OPTION);
    }

    @Override
    public Probe probe(Request request) {
        return Gradients.probe(Probe.outputsOnly(), Probe.PLAIN, request);
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        return Gradients.of(pass, Probe.PLAIN, request);
    }
}
