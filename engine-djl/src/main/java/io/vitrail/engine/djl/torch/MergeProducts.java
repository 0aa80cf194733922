package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import org.jspecify.annotations.Nullable;

/** Write the products of what makes one array of two. */
final class MergeProducts {
    private MergeProducts() {}

    /** Return the product, or null if the operator is of another family. */
    static @Nullable Product of(
            Operator operator, Shape in, Shape out, int position, String g, Product.Saved saved) {
        if (operator instanceof Operator.Add
                || operator instanceof Operator.Subtract && position == 0) {
            return in.equals(out)
                    ? new Product(g, Product.Kind.SAME)
                    : Product.view("sum_to_size", g, ArrangementProducts.sizes(in));
        }
        if (operator instanceof Operator.Subtract) {
            return summed(call("neg", g), in, out);
        }
        if (operator instanceof Operator.Multiply) {
            return summed(call("mul", g, saved.input(1 - position)), in, out);
        }
        if (operator instanceof Operator.Divide) {
            String by = saved.input(1);
            return position == 0
                    ? summed(call("div", g, by), in, out)
                    : summed(call("neg", call("div", call("mul", g, saved.output()), by)), in, out);
        }
        return null;
    }

    private static Product summed(String text, Shape in, Shape out) {
        return new Product(
                in.equals(out) ? text : call("sum_to_size", text, ArrangementProducts.sizes(in)),
                Product.Kind.FRESH);
    }
}
