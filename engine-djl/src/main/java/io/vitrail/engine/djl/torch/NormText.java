package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;
import static io.vitrail.engine.djl.torch.NodeText.number;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Write normalisations as TorchScript. */
final class NormText {
    private NormText() {}

    /** Return the expression, or null if the operator is of another family. */
    static @Nullable String of(Node node, String x, UnaryOperator<String> weight) {
        Operator operator = node.operator();
        if (operator instanceof Operator.BatchNorm o) {
            if (o.axis() == 1) {
                return batchNorm(o, x, weight);
            }
            String moved = batchNorm(o, call("movedim", x, o.axis(), 1), weight);
            return call("movedim", moved, 1, o.axis());
        }
        if (operator instanceof Operator.LayerNorm o) {
            return layerNorm(o, x, node, weight);
        }
        if (operator instanceof Operator.GroupNorm o) {
            return Aten.channelsFirst(
                    x,
                    o.layout(),
                    in ->
                            call(
                                    "group_norm",
                                    in,
                                    o.groups(),
                                    weight.apply("weight"),
                                    weight.apply("bias"),
                                    number(o.epsilon()),
                                    "False"));
        }
        if (operator instanceof Operator.UnitNorm o) {
            String squares = call("sum", call("mul", x, x), o.axes(), "True");
            return call(
                    "div", x, call("sqrt", call("clamp", squares, number(o.epsilon()), "None")));
        }
        return null;
    }

    private static String batchNorm(Operator.BatchNorm o, String in, UnaryOperator<String> weight) {
        return call(
                "batch_norm",
                in,
                weight.apply("weight"),
                weight.apply("bias"),
                weight.apply("mean"),
                weight.apply("variance"),
                "False",
                "0.1",
                number(o.epsilon()),
                "False");
    }

    private static String layerNorm(
            Operator.LayerNorm o, String x, Node node, UnaryOperator<String> weight) {
        Shape shape = node.outputs().get(0).shape();
        List<Integer> axes = o.axes().stream().sorted().toList();
        List<Integer> last =
                IntStream.range(shape.dimension() - axes.size(), shape.dimension())
                        .boxed()
                        .toList();
        List<Long> sizes = new ArrayList<>();
        axes.forEach(axis -> sizes.add(shape.get(axis)));
        boolean moved = !axes.equals(last);
        String result =
                call(
                        "layer_norm",
                        moved ? call("movedim", x, axes, last) : x,
                        sizes,
                        weight.apply("weight"),
                        weight.apply("bias"),
                        number(o.epsilon()),
                        "False");
        return moved ? call("movedim", result, last, axes) : result;
    }
}
