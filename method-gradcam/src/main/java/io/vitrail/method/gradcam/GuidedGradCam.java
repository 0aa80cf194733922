package io.vitrail.method.gradcam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Attribution;
import io.vitrail.api.Layer;
import io.vitrail.api.OnePassMethod;
import io.vitrail.api.Option;
import io.vitrail.api.Pass;
import io.vitrail.api.Probe;
import io.vitrail.api.RectifierSweep;
import io.vitrail.api.Request;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Explain by guided backpropagation at the input, times the Grad-CAM map of one layer.
 *
 * <p>In the input's shape; signed, not scaled. The map has its ReLU and is brought to the input's
 * size, by {@code nearest} as Captum does or linearly along each axis. The note {@code rules} has
 * the number of layers where the rule of guided backpropagation stood. An input that has not as
 * many spatial axes as the layer has no part in the result, and its name in the note {@code
 * skipped}. A layer that the score does not depend on gives zeros and the note {@code empty: true}.
 *
 * @see <a href="https://arxiv.org/abs/1610.02391">Selvaraju et al. 2017</a>
 */
public final class GuidedGradCam implements OnePassMethod {
    private static final Option<String> RESIZE =
            Option.choice(
                    "resize",
                    List.of("nearest", "bilinear", "linear", "trilinear"),
                    "How the map takes the size of the input; the last three are one thing, along each axis.");

    /** Create the method. */
    public GuidedGradCam() {}

    @Override
    public String id() {
        return "guided-grad-cam";
    }

    @Override
    public String sentence() {
        return "Guided backpropagation where Grad-CAM saw what speaks for the score.";
    }

    @Override
    public String paper() {
        return "Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391";
    }

    @Override
    public String cost() {
        return "1 forward, 2 backward, one of them to the layer";
    }

    @Override
    public Place place() {
        return Place.INPUT_THROUGH_LAYER;
    }

    @Override
    public boolean fits(Layer layer) {
        return OnePassMethod.super.fits(layer) && ClassMap.fits(layer);
    }

    @Override
    public List<Option<?>> options() {
        return List.of(RESIZE, RectifierSweep.SMOOTH, RectifierSweep.LEAKY);
    }

    @Override
    public Probe probe(Request request) {
        RectifierSweep guided = RectifierSweep.guided(request);
        List<Layer> layers = List.of(layer(request));
        List<Graph.Port> ports = request.layers().inputs();
        for (int picture : Pictures.of(layer(request), request)) {
            if (!ports.get(picture).type().type().isFloating()) {
                throw VitrailException.usage(
                        request.layers().model()
                                + ": "
                                + id()
                                + " explains at the input, and '"
                                + ports.get(picture).name()
                                + "' holds whole numbers, which have no gradient\n  instead: -m"
                                + " guided-backprop or -m grad-cam, which explain at a layer");
            }
        }
        return guided.addTo(Probe.at(layers).keepOutputs(layers))
                .differentiateAtInput(guided.name());
    }

    @Override
    public Attribution attribute(Pass pass, Request request) {
        Layer layer = layer(request);
        RectifierSweep guided = RectifierSweep.guided(request);
        boolean reached = pass.reaches(request.target(), layer);
        Maps maps =
                reached ? ClassMap.plain(pass, layer, request).relu() : ClassMap.zeros(pass, layer);
        Resizing resizing = Resizing.parse(request.option(RESIZE));
        NDList gradients = pass.gradients(request.target(), guided.name());
        List<Integer> pictures = Pictures.of(layer, request);
        Map<Attribution.Part, Values> parts = new LinkedHashMap<>();
        List<String> skipped = new ArrayList<>();
        List<Graph.Port> ports = request.layers().inputs();
        for (int i = 0; i < ports.size(); i++) {
            Graph.Port port = ports.get(i);
            if (pictures.contains(i)) {
                Axes axes = port.type().axes();
                Maps sized = maps.resized(resizing, Pictures.size(pass, i));
                NDArray product = times(pass.manager(), gradients.get(i), sized, axes);
                parts.put(Attribution.Part.input(port.name()), Values.copyOf(product, axes));
            } else {
                skipped.add(port.name());
            }
        }
        Attribution result = Attribution.of(id(), parts).note("rules", pass.rulesAt(guided.name()));
        if (!skipped.isEmpty()) {
            result = result.note("skipped", String.join(", ", skipped));
        }
        return reached ? result : result.note("empty", true);
    }

    private static Layer layer(Request request) {
        ClassMap.spatial(request);
        return request.layer();
    }

    /** The same map for every channel. */
    private static NDArray times(NDManager manager, NDArray gradient, Maps maps, Axes axes) {
        long[] shape = new long[gradient.getShape().dimension()];
        Arrays.fill(shape, 1);
        shape[0] = maps.shape()[0];
        for (int i = 0; i < axes.spatial().size(); i++) {
            shape[axes.spatial().get(i)] = maps.shape()[i + 1];
        }
        NDArray weights =
                maps.wide()
                        ? manager.create(maps.data(), new Shape(shape))
                        : manager.create(maps.floats(), new Shape(shape));
        return gradient.mul(weights.toType(gradient.getDataType(), false));
    }
}
