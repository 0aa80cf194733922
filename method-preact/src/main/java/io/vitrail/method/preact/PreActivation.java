package io.vitrail.method.preact;

import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import java.util.List;

/**
 * Show what goes into the activation of layers, also where it is fused into them.
 *
 * <p>In the layer's shape and layout; the activation of it is what {@link Activation} shows, bit
 * for bit. Options as there; {@code top} ranks by the activation too, so that both methods show the
 * same channels.
 */
public final class PreActivation implements OnePassMethod {
    /** Create the method. */
    public PreActivation() {}

    @Override
    public String id() {
        return "pre-activation";
    }

    @Override
    public String sentence() {
        return "What goes into a layer's activation, also where the two are fused.";
    }

    @Override
    public String cost() {
        return "1 forward";
    }

    @Override
    public Place place() {
        return Place.LAYERS;
    }

    @Override
    public boolean usesTarget() {
        return false;
    }

    @Override
    public boolean fits(Layer layer) {
        return layer.isActivation();
    }

    @Override
    public List<Option<?>> options() {
        return List.of(Channels.OPTION, Selection.TOP);
    }

    @Override
    public Probe probe(Request request) {
        Probe probe = Probe.outputsOnly().keepInputs(Chosen.activations(request));
        return request.option(Selection.TOP) == 0 ? probe : probe.keepOutputs(request.chosen());
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        return Selection.of(pass, request, layer -> pass.inputs(layer).head());
    }
}
