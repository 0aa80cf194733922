package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.List;

/** Write a resizing of one, two or three spatial axes as TorchScript. */
final class ResizeText {
    private static final List<String> BY_AXES = List.of("linear1d", "bilinear2d", "trilinear3d");

    private ResizeText() {}

    static String of(Operator.Resize o, String x, Node node) {
        return Aten.channelsFirst(x, o.layout(), in -> resized(o, in, node));
    }

    private static String resized(Operator.Resize o, String in, Node node) {
        int axes = o.sizes().size();
        String scales = ", None".repeat(axes); // of the sizes
        if (o.interpolation() == Operator.Resize.Interpolation.NEAREST) {
            return "torch._upsample_nearest_exact"
                    + axes
                    + "d("
                    + in
                    + ", "
                    + o.sizes()
                    + scales
                    + ")";
        }
        if (o.antialias()) {
            return antialiased(o, in, node);
        }
        return "torch.upsample_"
                + BY_AXES.get(axes - 1)
                + "("
                + in
                + ", "
                + o.sizes()
                + ", False"
                + scales
                + ")";
    }

    /** Libtorch antialiases pictures only: a row is a picture of one line, a volume two in turn. */
    private static String antialiased(Operator.Resize o, String in, Node node) {
        List<Long> sizes = o.sizes();
        if (sizes.size() == 2) {
            return antialiased(in, sizes.get(0), sizes.get(1));
        }
        if (sizes.size() == 1) {
            return call("squeeze", antialiased(call("unsqueeze", in, 2), 1, sizes.get(0)), 2);
        }
        Shape shape = node.outputs().get(0).shape();
        long channels = shape.get(o.layout() == Layout.CHANNELS_FIRST ? 1 : 4);
        String slices = antialiased(call("flatten", in, 1, 2), sizes.get(1), sizes.get(2));
        String columns = call("flatten", call("unflatten", slices, 1, List.of(channels, -1)), 3, 4);
        return call(
                "unflatten",
                antialiased(columns, sizes.get(0), sizes.get(1) * sizes.get(2)),
                3,
                List.of(sizes.get(1), sizes.get(2)));
    }

    private static String antialiased(String in, long height, long width) {
        return call("_upsample_bilinear2d_aa", in, List.of(height, width), "False", "None", "None");
    }
}
