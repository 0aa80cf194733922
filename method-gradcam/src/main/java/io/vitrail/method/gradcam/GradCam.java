package io.vitrail.method.gradcam;

import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.Request;
import io.vitrail.api.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Explain by a layer's channels, each weighted by the mean over space of its gradient.
 *
 * <p>A map {@code (N, spatial...)} a layer, {@code sum_k w_k A_k}: by default at the layer's own
 * resolution, ReLU applied, not scaled, in units of the score. {@code relu=false} keeps the sign.
 * {@code resize} brings the map to the spatial size of the first input with as many spatial axes,
 * one of a series or of tokens, two of a picture, three of a volume; half-pixel centres aligned.
 * {@code normalise}, item by item:
 *
 * <ul>
 *   <li>{@code max}, as pytorch-grad-cam: {@code (x - min) / (1e-7 + max(x - min))} behind the
 *       ReLU, and once more behind the resizing.
 *   <li>{@code keras}, as keras-grad-cam: the gradient is divided by {@code sqrt(mean(g^2) +
 *       1e-8)}, its mean taken over the item, and 1 is added to the sum; then resizing, ReLU,
 *       division by the maximum. With {@code relu=false} the last two are left out.
 *   <li>{@code keras-1e5}: the same, the gradient divided by {@code sqrt(mean(g^2)) + 1e-5}, as
 *       later versions of that project have it. The two differ where gradients are small, as those
 *       of a probability near 1 are.
 * </ul>
 *
 * <p>A layer that the score does not depend on has a map of zeros, the note {@code empty: true} and
 * its name in the note {@code unreached}.
 *
 * @see <a href="https://arxiv.org/abs/1610.02391">Selvaraju et al. 2017</a>
 */
public final class GradCam implements OnePassMethod {
    private static final Option<Boolean> RELU =
            Option.flag("relu", true, "Keep only what speaks for the score.");
    private static final Option<Resizing> RESIZE =
            new Option<>(
                    "resize",
                    Resizing.NONE,
                    "none|bilinear|nearest",
                    "Bring the map to the size of the input; bilinear is linear for a series, trilinear for a volume.",
                    Resizing::parse);
    private static final Option<String> NORMALISE =
            Option.choice(
                    "normalise",
                    List.of("none", "max", "keras", "keras-1e5"),
                    "Scale each map to 1, as pytorch-grad-cam or as keras-grad-cam does.");

    /** Create the method. */
    public GradCam() {}

    @Override
    public String id() {
        return "grad-cam";
    }

    @Override
    public String sentence() {
        return "Where in a layer the network saw what speaks for the score.";
    }

    @Override
    public String paper() {
        return "Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391";
    }

    @Override
    public String cost() {
        return "1 forward, 1 backward to the layer";
    }

    @Override
    public Place place() {
        return Place.SPATIAL_LAYERS;
    }

    @Override
    public boolean fits(Layer layer) {
        return OnePassMethod.super.fits(layer) && ClassMap.fits(layer);
    }

    @Override
    public List<Option<?>> options() {
        return List.of(RELU, RESIZE, NORMALISE);
    }

    @Override
    public Probe probe(Request request) {
        return Probe.at(ClassMap.spatial(request)).keepOutputs(request.chosen());
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        Map<Attribution.Part, Values> parts = new LinkedHashMap<>();
        List<String> unreached = new ArrayList<>();
        for (Layer layer : ClassMap.spatial(request)) {
            Maps maps;
            if (pass.reaches(request.target(), layer)) {
                maps = maps(pass, layer, request);
            } else {
                unreached.add(layer.name());
                maps = sized(ClassMap.zeros(pass, layer), pass, layer, request);
            }
            parts.put(Attribution.Part.layer(layer.name()), maps.values());
        }
        Attribution result = Attribution.of(id(), parts);
        return unreached.isEmpty()
                ? result
                : result.note("empty", true).note("unreached", String.join(", ", unreached));
    }

    private static Maps maps(Pass pass, Layer layer, Request request) {
        boolean relu = request.option(RELU);
        if (request.option(NORMALISE).startsWith("keras")) {
            ClassMap.Sizing sizing =
                    request.option(NORMALISE).equals("keras")
                            ? ClassMap.Sizing.INSIDE_THE_ROOT
                            : ClassMap.Sizing.BEHIND_THE_ROOT;
            Maps sum = sized(ClassMap.keras(pass, layer, request, sizing), pass, layer, request);
            return relu ? sum.relu().dividedByMaximum() : sum;
        }
        Maps sum = ClassMap.plain(pass, layer, request);
        Maps kept = relu ? sum.relu() : sum;
        if (request.option(NORMALISE).equals("none")) {
            return sized(kept, pass, layer, request);
        }
        Maps scaled = kept.stretched();
        return request.option(RESIZE) == Resizing.NONE
                ? scaled
                : sized(scaled, pass, layer, request).stretched();
    }

    private static Maps sized(Maps maps, Pass pass, Layer layer, Request request) {
        Resizing resizing = request.option(RESIZE);
        if (resizing == Resizing.NONE) {
            return maps;
        }
        int picture = Pictures.of(layer, request).get(0);
        return maps.resized(resizing, Pictures.size(pass, picture));
    }
}
