package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Write the products of what moves, repeats, drops or sums up whole axes. */
final class ArrangementProducts {
    private ArrangementProducts() {}

    /** Return the product, or null if the operator is of another family. */
    static @Nullable Product of(
            Operator operator,
            Shape in,
            Shape out,
            int position,
            String g,
            Graph graph,
            Node node) {
        if (operator instanceof Operator.Identity) {
            return new Product(g, Product.Kind.SAME);
        }
        if (operator instanceof Operator.Reshape || operator instanceof Operator.Flatten) {
            return Product.view("reshape", g, sizes(in));
        }
        if (operator instanceof Operator.Permute o) {
            Integer[] back = new Integer[o.axes().size()];
            for (int i = 0; i < back.length; i++) {
                back[o.axes().get(i)] = i;
            }
            return Product.view("permute", g, Arrays.toString(back));
        }
        if (operator instanceof Operator.Pad o) {
            String result = g;
            for (int axis = 0; axis < o.before().size(); axis++) {
                long before = o.before().get(axis);
                long after = o.after().get(axis);
                if (before < 0 || after < 0) {
                    return null;
                }
                if (before != 0 || after != 0) {
                    result = Aten.cut(result, axis, before, after);
                }
            }
            return new Product(result, result.equals(g) ? Product.Kind.SAME : Product.Kind.VIEW);
        }
        if (operator instanceof Operator.Crop o) {
            return new Product(Aten.pad(g, o.before(), o.after(), 0), Product.Kind.FRESH);
        }
        if (operator instanceof Operator.Concat o) {
            long start = 0;
            for (int i = 0; i < position; i++) {
                start += graph.type(node.inputs().get(i)).shape().get(o.axis());
            }
            return Product.view("narrow", g, o.axis(), start, in.get(o.axis()));
        }
        if (operator instanceof Operator.Mean o) {
            String kept = g;
            if (!o.keep()) {
                long[] sizes = in.getShape().clone();
                o.axes().forEach(axis -> sizes[axis] = 1);
                kept = call("reshape", g, Arrays.toString(sizes));
            }
            long count = 1;
            for (int axis : o.axes()) {
                count *= in.get(axis);
            }
            return spread(kept, in, count);
        }
        return null;
    }

    /** Return equal shares of a gradient. */
    static Product spread(String g, Shape in, long count) {
        return new Product(call("expand", call("div", g, count), sizes(in)), Product.Kind.SPREAD);
    }

    static String sizes(Shape shape) {
        return Arrays.toString(shape.getShape());
    }
}
