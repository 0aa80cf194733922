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
 * Explain by the gradient with each rectifier replaced by one on the way back.
 *
 * <p>At a rectifier {@code dx = max(g, 0)}, whatever its input was. The note {@code rules} has the
 * number of layers where it stood.
 *
 * @see <a href="https://arxiv.org/abs/1311.2901">Zeiler and Fergus 2013</a>
 */
public final class Deconvnet implements OnePassMethod {
    /** Create the method. */
    public Deconvnet() {}

    @Override
    public String id() {
        return "deconvnet";
    }

    @Override
    public String sentence() {
        return "The gradient, rectified at each ReLU by its own sign instead of the input's.";
    }

    @Override
    public String paper() {
        return "Zeiler and Fergus 2013, https://arxiv.org/abs/1311.2901";
    }

    @Override
    public Place place() {
        return Place.INPUT_OR_LAYERS;
    }

    @Override
    public List<Option<?>> options() {
        return List.of(Reduction.OPTION, RectifierSweep.SMOOTH);
    }

    @Override
    public Probe probe(Request request) {
        RectifierSweep deconvnet = RectifierSweep.deconvnet(request);
        return Gradients.probe(deconvnet.addTo(Probe.outputsOnly()), deconvnet.name(), request);
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        String sweep = RectifierSweep.deconvnet(request).name();
        return Gradients.of(pass, sweep, request).note("rules", pass.rulesAt(sweep));
    }
}
