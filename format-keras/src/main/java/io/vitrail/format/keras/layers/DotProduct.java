package io.vitrail.format.keras.layers;

import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.KerasLayer;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sum the products of two arrays along one axis of each, item by item.
 *
 * <p>What is left of the axes of the first comes before what is left of the second; two vectors
 * give one number, of shape (N, 1).
 */
final class DotProduct implements KerasLayer {
    @Override
    public Set<String> classNames() {
        return Set.of("Dot");
    }

    @Override
    public List<Value> read(LayerBuilder layer) {
        List<Value> inputs = layer.inputs(2);
        List<Long> given = layer.config().integers("axes");
        Value a = inputs.get(0);
        Value b = inputs.get(1);
        int of = Axis.one(layer, given.get(0), layer.rank(a));
        int with = Axis.one(layer, given.get(given.size() - 1), layer.rank(b));
        if (of == 0 || with == 0 || given.size() > 2) {
            throw layer.refusal("has the axes " + given, "an axis of each input is known");
        }
        if (layer.config().flag("normalize", false)) {
            a = layer.add(new Operator.UnitNorm(List.of(of), 1e-12), a);
            b = layer.add(new Operator.UnitNorm(List.of(with), 1e-12), b);
        }
        List<Long> left = others(layer, a, of);
        List<Long> right = others(layer, b, with);
        long length = layer.shape(a).get(of);
        Value rows = matrix(layer, a, of, false, List.of(-1L, product(left), length));
        Value columns = matrix(layer, b, with, true, List.of(-1L, length, product(right)));
        Value product = layer.add(new Operator.MatMul(), rows, columns);
        List<Long> sizes = new ArrayList<>(List.of(-1L));
        sizes.addAll(left);
        sizes.addAll(right);
        if (sizes.size() == 1) {
            sizes.add(1L);
        }
        return List.of(layer.add(new Operator.Reshape(sizes), product));
    }

    private static List<Long> others(LayerBuilder layer, Value x, int axis) {
        List<Long> sizes = new ArrayList<>();
        for (int i = 1; i < layer.rank(x); i++) {
            if (i != axis) {
                sizes.add(layer.shape(x).get(i));
            }
        }
        return sizes;
    }

    private static long product(List<Long> sizes) {
        return sizes.stream().reduce(1L, Math::multiplyExact);
    }

    /** Bring an axis in front of the others, or behind them, and join those. */
    private static Value matrix(
            LayerBuilder layer, Value x, int axis, boolean front, List<Long> sizes) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < layer.rank(x); i++) {
            if (i != axis) {
                order.add(i);
            }
        }
        order.add(front ? 1 : order.size(), axis);
        Value ordered = layer.add(new Operator.Permute(order), x);
        return layer.add(new Operator.Reshape(sizes), ordered);
    }
}
