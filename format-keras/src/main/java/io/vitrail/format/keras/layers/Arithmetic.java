package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import org.jspecify.annotations.Nullable;

/** Operations on two operands, each an array or a number. */
final class Arithmetic {
    private Arithmetic() {}

    /**
     * Add an operation.
     *
     * @param first the keyword of the first operand, also the first argument
     * @param second the keyword of the second operand, also the second argument
     */
    static Value pair(LayerBuilder layer, Operator operator, String first, String second) {
        Object a = layer.argument(0, first);
        Object b = layer.argument(1, second);
        if (a instanceof Value x && b instanceof Value y) {
            return layer.add(operator, x, y);
        }
        if (a instanceof Value x && b instanceof Number y) {
            return withNumber(layer, operator, x, y.doubleValue());
        }
        if (a instanceof Number x && b instanceof Value y) {
            return numberWith(layer, operator, x.doubleValue(), y);
        }
        throw layer.refusal(
                "computes with " + described(a) + " and " + described(b),
                "arrays and numbers are known");
    }

    private static String described(@Nullable Object operand) {
        return operand instanceof Value ? "an array" : String.valueOf(operand);
    }

    private static Value withNumber(LayerBuilder layer, Operator operator, Value x, double y) {
        if (operator instanceof Operator.Add) {
            return layer.add(new Operator.Scale(1, y), x);
        }
        if (operator instanceof Operator.Subtract) {
            return layer.add(new Operator.Scale(1, -y), x);
        }
        if (operator instanceof Operator.Multiply) {
            return layer.add(new Operator.Scale(y, 0), x);
        }
        return layer.add(operator, x, number(layer, y));
    }

    private static Value numberWith(LayerBuilder layer, Operator operator, double x, Value y) {
        if (operator instanceof Operator.Add || operator instanceof Operator.Multiply) {
            return withNumber(layer, operator, y, x);
        }
        if (operator instanceof Operator.Subtract) {
            return layer.add(new Operator.Scale(-1, x), y);
        }
        return layer.add(operator, number(layer, x), y);
    }

    private static Value number(LayerBuilder layer, double number) {
        return layer.constant("number", new Shape(1), number);
    }
}
