package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Write the products of what has weights, convolutions apart. */
final class WeightedProducts {
    private WeightedProducts() {}

    /** Return the product, or null if the operator is of another family. */
    static @Nullable Product of(Node node, Shape in, String g, Product.Saved saved) {
        Operator operator = node.operator();
        if (operator instanceof Operator.Linear) {
            Derived weight = Derived.stored(node.parameters().get("weight"));
            return Product.fresh("matmul", g, saved.weight(weight));
        }
        if (operator instanceof Operator.BatchNorm o) {
            List<Parameter> sources = new ArrayList<>();
            String factor = "%f = " + NormFactors.factor(node, sources);
            Long[] sizes = new Long[in.dimension()];
            Arrays.fill(sizes, 1L);
            sizes[o.axis()] = -1L;
            String shaped = NormFactors.rounded(call("reshape", "%f", Arrays.toString(sizes)));
            return Product.fresh(
                    "mul", g, saved.weight(new Derived(sources, List.of(factor, shaped))));
        }
        if (operator instanceof Operator.Prelu
                && node.parameters().get("weight").shape().dimension() <= 1) {
            Parameter weight = node.parameters().get("weight");
            Long[] sizes = new Long[in.dimension()];
            Arrays.fill(sizes, 1L);
            if (weight.shape().size() > 1) {
                sizes[1] = -1L;
            }
            Derived shaped =
                    new Derived(
                            List.of(weight),
                            List.of(call("reshape", "$0", Arrays.toString(sizes))));
            String below = call("mul", g, saved.weight(shaped));
            return Product.fresh("where", call("gt", saved.input(0), 0), g, below);
        }
        return null;
    }
}
