package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.Aten.truth;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Write the products of pools and resizings. */
final class WindowProducts {
    private WindowProducts() {}

    /** Return whether the forward pass must keep the positions of maxima. */
    static boolean hasIndices(Operator operator) {
        return operator instanceof Operator.MaxPool pool
                && pool.kernel().size() == 2
                && WindowText.ownPadding(pool.kernel(), pool.before(), pool.after());
    }

    /** Return the product, or null if the operator is of another family. */
    static @Nullable Product of(Operator operator, Shape in, String g, Product.Saved saved) {
        if (operator instanceof Operator.MaxPool o && hasIndices(o)) {
            return new Product(
                    Aten.channelsFirst(
                            g,
                            o.layout(),
                            head ->
                                    call(
                                            "max_pool2d_with_indices_backward",
                                            head,
                                            first(saved.input(0), o.layout()),
                                            o.kernel(),
                                            o.strides(),
                                            o.before(),
                                            o.dilations(),
                                            truth(o.ceil()),
                                            saved.indices())),
                    Product.Kind.FRESH);
        }
        if (operator instanceof Operator.AveragePool o
                && o.kernel().size() == 2
                && WindowText.ownPadding(o.kernel(), o.before(), o.after())) {
            return new Product(
                    Aten.channelsFirst(
                            g,
                            o.layout(),
                            head ->
                                    call(
                                            "avg_pool2d_backward",
                                            head,
                                            first(saved.input(0), o.layout()),
                                            o.kernel(),
                                            o.strides(),
                                            o.before(),
                                            truth(o.ceil()),
                                            truth(o.countPadding()),
                                            "None")),
                    Product.Kind.FRESH);
        }
        if (operator instanceof Operator.AdaptiveAveragePool o && o.size().size() == 2) {
            return o.size().equals(List.of(1L, 1L))
                    ? ArrangementProducts.spread(g, in, in.get(2) * in.get(3))
                    : Product.fresh("_adaptive_avg_pool2d_backward", g, saved.input(0));
        }
        if (operator instanceof Operator.Resize o && o.sizes().size() == 2 && !o.antialias()) {
            boolean nearest = o.interpolation() == Operator.Resize.Interpolation.NEAREST;
            boolean first = o.layout() == Layout.CHANNELS_FIRST;
            long[] s = in.getShape();
            String from = Arrays.toString(first ? s : new long[] {s[0], s[3], s[1], s[2]});
            return new Product(
                    Aten.channelsFirst(
                            g,
                            o.layout(),
                            head ->
                                    nearest
                                            ? call(
                                                    "_upsample_nearest_exact2d_backward",
                                                    head,
                                                    o.sizes(),
                                                    from,
                                                    "None",
                                                    "None")
                                            : call(
                                                    "upsample_bilinear2d_backward",
                                                    head,
                                                    o.sizes(),
                                                    from,
                                                    "False",
                                                    "None",
                                                    "None")),
                    Product.Kind.FRESH);
        }
        return null;
    }

    private static String first(String in, Layout layout) {
        return layout == Layout.CHANNELS_FIRST ? in : call("movedim", in, -1, 1);
    }
}
