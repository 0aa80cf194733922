package io.vitrail.method.preact;

import io.vitrail.api.Attribution;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import java.util.List;

/**
 * Show what layers give out.
 *
 * <p>In the layer's shape and layout, fewer channels where the options say so. With {@code top},
 * each item has its own channels; the note {@code channels/LAYER} lists them in order, those of
 * several items set apart by {@code |}.
 */
public final class Activation implements OnePassMethod {
    /** Create the method. */
    public Activation() {}

    @Override
    public String id() {
        return "activation";
    }

    @Override
    public String sentence() {
        return "What a layer gives out.";
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
    public List<Option<?>> options() {
        return List.of(Channels.OPTION, Selection.TOP);
    }

    @Override
    public Probe probe(Request request) {
        return Probe.keeping(Chosen.layers(request));
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        return Selection.of(pass, request, pass::output);
    }
}
