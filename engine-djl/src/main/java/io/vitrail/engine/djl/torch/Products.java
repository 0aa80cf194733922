package io.vitrail.engine.djl.torch;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import org.jspecify.annotations.Nullable;

/** Find the vector-Jacobian products that are known in closed form. */
final class Products {
    private Products() {}

    /** Says nothing of value: to learn whether there is a product. */
    static final Product.Saved DRY =
            new Product.Saved() {
                @Override
                public String input(int position) {
                    return "";
                }

                @Override
                public String output() {
                    return "";
                }

                @Override
                public String indices() {
                    return "";
                }

                @Override
                public String weight(Derived weight) {
                    return "";
                }
            };

    /**
     * Return the gradient at an input, or null where only a tape knows it.
     *
     * @param g the gradient at the only output
     */
    static @Nullable Product of(
            Graph graph, Node node, int position, String g, Product.Saved saved) {
        Operator operator = node.operator();
        Shape in = graph.type(node.inputs().get(position)).shape();
        Shape out = node.outputs().get(0).shape();
        Product product = ElementProducts.of(node, in, g, saved);
        if (product == null) {
            product = ArrangementProducts.of(operator, in, out, position, g, graph, node);
        }
        if (product == null) {
            product = MergeProducts.of(operator, in, out, position, g, saved);
        }
        if (product == null) {
            product = WindowProducts.of(operator, in, g, saved);
        }
        if (product == null) {
            product = WeightedProducts.of(node, in, g, saved);
        }
        return product;
    }
}
