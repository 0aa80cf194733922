package io.vitrail.method.gradcam;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layer;
import io.vitrail.api.Layers;
import io.vitrail.api.Pass;
import io.vitrail.api.Request;
import io.vitrail.api.VitrailException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The formula that Grad-CAM and its relatives share: channels weighted by their gradients. */
final class ClassMap {
    private ClassMap() {}

    /** Return {@code sum_k w_k A_k}, {@code w_k} the mean over space of the gradient at A_k. */
    static Maps plain(Pass pass, Layer layer, Request request) {
        return weighted(pass, layer, gradient(pass, layer, request));
    }

    /** How the gradient of an item is brought to a size of about 1. */
    enum Sizing {
        /** {@code g / sqrt(mean(g^2) + 1e-8)}. */
        INSIDE_THE_ROOT {
            @Override
            NDArray size(NDArray meanSquare) {
                return meanSquare.add(1e-8).sqrt();
            }
        },
        /** {@code g / (sqrt(mean(g^2)) + 1e-5)}, as the source of keras-grad-cam has it. */
        BEHIND_THE_ROOT {
            @Override
            NDArray size(NDArray meanSquare) {
                return meanSquare.sqrt().add(1e-5);
            }
        };

        abstract NDArray size(NDArray meanSquare);
    }

    /** Return {@code 1 + sum_k w_k A_k}, the gradient first divided by its size in each item. */
    static Maps keras(Pass pass, Layer layer, Request request, Sizing sizing) {
        NDArray gradient = gradient(pass, layer, request);
        Shape shape = gradient.getShape();
        long[] once = new long[shape.dimension()];
        Arrays.fill(once, 1);
        once[0] = shape.get(0);
        NDArray flat = gradient.reshape(shape.get(0), -1);
        NDArray size = sizing.size(flat.mul(flat).mean(new int[] {1})).reshape(once);
        Maps sum = weighted(pass, layer, gradient.div(size));
        double[] plusOne = Arrays.stream(sum.data()).map(x -> 1 + x).toArray();
        return new Maps(plusOne, sum.shape(), sum.wide());
    }

    private static Maps weighted(Pass pass, Layer layer, NDArray gradient) {
        long positions = 1;
        for (int axis : layer.spatialAxes()) {
            positions *= gradient.getShape().get(axis);
        }
        NDArray output = atLeastFloat(pass.output(layer));
        // a matrix product would be faster, and round otherwise with other threads or batches; all
        // three are closed, for the large one of the next target would not fit in where they lay
        try (NDArray weights = gradient.sum(layer.spatialAxes(), true);
                NDArray products = output.mul(weights);
                NDArray sum = products.sum(new int[] {layer.channelAxis()})) {
            return Maps.copyOf(sum).dividedBy(positions);
        }
    }

    private static NDArray gradient(Pass pass, Layer layer, Request request) {
        return atLeastFloat(pass.gradient(request.target(), layer));
    }

    /** A sum over thousands of elements is beyond half types. */
    private static NDArray atLeastFloat(NDArray array) {
        DataType type = array.getDataType();
        return type == DataType.FLOAT32 || type == DataType.FLOAT64
                ? array
                : array.toType(DataType.FLOAT32, false);
    }

    /** Return a map of zeros for a layer. */
    static Maps zeros(Pass pass, Layer layer) {
        Shape whole = pass.output(layer).getShape(); // the layer's own may leave sizes open
        int[] space = layer.spatialAxes();
        long[] shape = new long[space.length + 1];
        shape[0] = whole.get(0);
        for (int i = 0; i < space.length; i++) {
            shape[i + 1] = whole.get(space[i]);
        }
        return Maps.zeros(shape);
    }

    /**
     * Check that every chosen layer has channels and space.
     *
     * @throws VitrailException if one has not, naming the last ones that have
     */
    static List<Layer> spatial(Request request) {
        if (request.chosen().isEmpty()) {
            throw VitrailException.usage(
                    request.layers().model()
                            + ": "
                            + request.method()
                            + " needs a layer with a spatial output"
                            + suggestion(request.layers()));
        }
        for (Layer layer : request.chosen()) {
            if (!fits(layer)) {
                throw VitrailException.usage(
                        request.layers().model()
                                + ": "
                                + request.method()
                                + " needs a layer with a spatial output, '"
                                + layer.name()
                                + "' gives "
                                + layer.shape()
                                + suggestion(request.layers()));
            }
        }
        return request.chosen();
    }

    static boolean fits(Layer layer) {
        return layer.isSpatial() && layer.channelAxis() >= 0;
    }

    private static String suggestion(Layers layers) {
        List<Layer> all =
                new ArrayList<>(
                        layers.matching(layer -> fits(layer) && layers.inLoop(layer).isEmpty()));
        all.removeIf(layer -> !layers.get(layer.name()).value().equals(layer.value()));
        Collections.reverse(all);
        if (all.isEmpty()) {
            return "\n  the network has none";
        }
        return "\n  last ones: "
                + String.join(", ", all.stream().limit(5).map(Layer::toString).toList());
    }
}
