package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Compare.Relation;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operations that make booleans, or choose by them: what a model computes its masks with. */
final class Truths {
    private static final Map<String, Relation> RELATIONS =
            Map.of(
                    "equal", Relation.EQUAL,
                    "notequal", Relation.NOT_EQUAL,
                    "not_equal", Relation.NOT_EQUAL,
                    "greater", Relation.GREATER,
                    "greaterequal", Relation.GREATER_OR_EQUAL,
                    "greater_equal", Relation.GREATER_OR_EQUAL,
                    "less", Relation.LESS,
                    "lessequal", Relation.LESS_OR_EQUAL,
                    "less_equal", Relation.LESS_OR_EQUAL);

    private Truths() {}

    static boolean has(String function) {
        return RELATIONS.containsKey(function)
                || switch (function.replace("_", "")) {
                    case "logicaland", "logicalor", "logicalnot", "any", "all", "where" -> true;
                    default -> false;
                };
    }

    static Value add(LayerBuilder layer, String function) {
        Relation relation = RELATIONS.get(function);
        if (relation != null) {
            return compared(layer, relation);
        }
        return switch (function.replace("_", "").toLowerCase(Locale.ROOT)) {
            case "logicaland" ->
                    layer.add(new Operator.Multiply(), truth(layer, 0), truth(layer, 1));
            case "logicalor" -> Masks.or(layer, truth(layer, 0), truth(layer, 1));
            case "logicalnot" -> Masks.not(layer, truth(layer, 0));
            case "any" -> any(layer, truth(layer, 0));
            case "all" -> Masks.not(layer, any(layer, Masks.not(layer, truth(layer, 0))));
            default -> chosen(layer);
        };
    }

    private static Value any(LayerBuilder layer, Value x) {
        return layer.add(new Operator.Max(Operations.axes(layer, x), Operations.keep(layer)), x);
    }

    private static Value truth(LayerBuilder layer, int position) {
        return Masks.truth(layer, array(layer, position));
    }

    private static Value array(LayerBuilder layer, int position) {
        if (argument(layer, position) instanceof Value value) {
            return value;
        }
        throw layer.refusal(
                "computes with " + argument(layer, position), "arrays are known in this place");
    }

    /** Keras 3 calls operands by number, TensorFlow by letter. */
    private static @Nullable Object argument(LayerBuilder layer, int position) {
        Object first = layer.argument(position, "x" + (position + 1));
        return first != null ? first : layer.argument(Integer.MAX_VALUE, position == 0 ? "x" : "y");
    }

    private static Value compared(LayerBuilder layer, Relation relation) {
        Value x = array(layer, 0);
        Object other = argument(layer, 1);
        if (other instanceof Number number) {
            return layer.add(new Operator.Compare(relation, number.doubleValue()), x);
        }
        Value difference = layer.add(new Operator.Subtract(), x, array(layer, 1));
        return layer.add(new Operator.Compare(relation, 0), difference);
    }

    private static Value chosen(LayerBuilder layer) {
        Value condition =
                layer.argument(0, "condition") instanceof Value value
                        ? Masks.truth(layer, value)
                        : truth(layer, 0);
        return layer.add(
                new Operator.Select(),
                condition,
                choice(layer, 1, "x1", "x"),
                choice(layer, 2, "x2", "y"));
    }

    private static Value choice(LayerBuilder layer, int position, String name, String other) {
        Object given = layer.argument(position, name);
        given = given == null ? layer.argument(Integer.MAX_VALUE, other) : given;
        if (given instanceof Value value) {
            return value;
        }
        if (given instanceof Number number) {
            return layer.constant("number", new Shape(1), number.doubleValue());
        }
        throw layer.refusal("chooses " + given, "arrays and numbers are known");
    }

    /** Booleans become numbers, or numbers booleans; all else is computed in one type. */
    static Value cast(LayerBuilder layer, Value x) {
        boolean truth = layer.type(x).type() == DataType.BOOLEAN;
        boolean wanted = "bool".equals(Settings.text(layer, "dtype"));
        if (truth == wanted) {
            return layer.add(new Operator.Identity(), x);
        }
        return truth ? Masks.numbers(layer, x) : Masks.truth(layer, x);
    }
}
