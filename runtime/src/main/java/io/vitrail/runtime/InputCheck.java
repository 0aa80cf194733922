package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Model;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Graph;
import java.util.List;
import java.util.stream.Collectors;

/** Refuse arrays that a model cannot take, before it sees them. */
final class InputCheck {
    private InputCheck() {}

    /**
     * Check number, rank, size, type and values.
     *
     * <p>Sizes that the model's file states are not held against an input: a network traced at one
     * size often runs at another. What does not fit is refused by the engine.
     *
     * @throws VitrailException of kind {@code INPUT}
     */
    static void check(Model model, NDList arrays) {
        List<Graph.Port> ports = model.inputs();
        if (arrays.isEmpty() || !ports.isEmpty() && arrays.size() != ports.size()) {
            String given =
                    arrays.size() == 1
                            ? "there is 1 array"
                            : "there are " + arrays.size() + " arrays";
            throw refused(model, "input", given);
        }
        long items = -1;
        for (int i = 0; i < arrays.size(); i++) {
            NDArray array = arrays.get(i);
            String name = ports.isEmpty() ? "input " + i : "input '" + ports.get(i).name() + "'";
            Shape shape = array.getShape();
            if (shape.dimension() == 0) {
                throw refused(model, name, "a single number has no axis for the batch");
            }
            if (shape.size() == 0) {
                throw refused(model, name, "shape " + shape + " is empty");
            }
            if (!ports.isEmpty()) {
                fits(model, name, array, ports.get(i));
            }
            if (items >= 0 && shape.get(0) != items) {
                throw refused(
                        model,
                        name,
                        "its first axis has " + shape.get(0) + " items, that before " + items);
            }
            items = shape.get(0);
            finite(model, name, array);
        }
    }

    private static void fits(Model model, String name, NDArray array, Graph.Port port) {
        Shape declared = port.type().shape();
        if (declared.dimension() > 0 && declared.dimension() != array.getShape().dimension()) {
            throw refused(
                    model,
                    name,
                    "shape "
                            + array.getShape()
                            + " has "
                            + array.getShape().dimension()
                            + " axes, not "
                            + declared.dimension()
                            + (array.getShape().dimension() == declared.dimension() - 1
                                    ? ", the first of which is the batch: x[None] in numpy"
                                    : ""));
        }
        if (port.type().type().isInteger() && array.getDataType().isFloating()) {
            throw refused(
                    model,
                    name,
                    "type "
                            + array.getDataType().toString().toLowerCase(java.util.Locale.ROOT)
                            + " where whole numbers are wanted");
        }
    }

    /**
     * Where a sum is finite, so are its terms. One that is not may only be too large, so the terms
     * are looked at: a number minus itself is 0, unless it is NaN or infinite.
     */
    private static void finite(Model model, String name, NDArray array) {
        if (!array.getDataType().isFloating() || hasFiniteSum(array)) {
            return;
        }
        try (NDArray zeros = array.sub(array);
                NDArray sum = zeros.sum();
                NDArray wide = sum.toType(DataType.FLOAT64, true)) {
            if (Double.isNaN(wide.getDouble())) {
                throw refused(
                        model, name, "shape " + array.getShape() + " holds NaN or an infinity");
            }
        }
    }

    private static boolean hasFiniteSum(NDArray array) {
        try (NDArray sum = array.sum()) {
            return sum.getDataType() == DataType.FLOAT32 && Float.isFinite(sum.getFloat());
        }
    }

    private static VitrailException refused(Model model, String name, String what) {
        return VitrailException.input(
                model.name() + ": " + name + ": " + what + "\n  expected: " + expected(model));
    }

    /** Return what a model takes, in words. */
    static String expected(Model model) {
        if (model.inputs().isEmpty()) {
            return "one array an input, first axis the batch";
        }
        return model.inputs().stream().map(InputCheck::expected).collect(Collectors.joining(", "));
    }

    private static String expected(Graph.Port port) {
        Shape shape = port.type().shape();
        String sizes =
                shape.dimension() == 0
                        ? "of any rank, first axis the batch"
                        : java.util.stream.LongStream.of(shape.getShape())
                                .mapToObj(size -> size < 0 ? "?" : "" + size)
                                .collect(Collectors.joining(", ", "(", ")"));
        return "'" + port.name() + "' " + sizes;
    }
}
