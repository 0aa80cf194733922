package io.vitrail.method.guided;

import io.vitrail.api.Attribution;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.RectifierSweep;
import io.vitrail.api.Request;
import java.util.List;

/**
 * Explain by the gradient with only what raises the score flowing back through each rectifier.
 *
 * <p>At a rectifier {@code f}, {@code dx = f'(x) max(g, 0)}: for a ReLU the paper's rule, for a
 * leaky one with its slope kept. The note {@code rules} has the number of layers where it stood.
 *
 * @see <a href="https://arxiv.org/abs/1412.6806">Springenberg et al. 2014</a>
 */
public final class GuidedBackprop implements OnePassMethod {
    /** Create the method. */
    public GuidedBackprop() {}

    @Override
    public String id() {
        return "guided-backprop";
    }

    @Override
    public String sentence() {
        return "The gradient, with only what raises the score flowing back through each ReLU.";
    }

    @Override
    public String paper() {
        return "Springenberg et al. 2014, https://arxiv.org/abs/1412.6806";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public List<Option<?>> options() {
        return List.of(Reduction.OPTION, RectifierSweep.SMOOTH, RectifierSweep.LEAKY);
    }

    @Override
    public Probe probe(Request request) {
        RectifierSweep guided = RectifierSweep.guided(request);
        return Gradients.probe(guided.addTo(Probe.outputsOnly()), guided.name(), request);
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        String sweep = RectifierSweep.guided(request).name();
        return Gradients.of(pass, sweep, request).note("rules", pass.rulesAt(sweep));
    }
}
