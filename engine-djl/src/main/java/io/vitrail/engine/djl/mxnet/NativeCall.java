package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MXNet's own operators, by name.
 *
 * <p>The attribute {@value #ORDER} says how inputs and weights are mixed, {@code x0 p0 p1}: the
 * node's first input, then its parameters {@code p0} and {@code p1}; {@code p0+p1} stands for their
 * elements in one row. The others are MXNet's own.
 */
public final class NativeCall {
    /** The attribute that names the operands in order. */
    public static final String ORDER = "vitrail.operands";

    private static final Set<String> PREFIXES =
            Set.of("_contrib_", "_linalg_", "_sparse_", "_image_", "_random_");
    // their gradient needs what only a forward pass in training mode leaves behind
    private static final Set<String> TRAINED = Set.of("Pooling", "Pooling_v1");

    // move or pick elements, so that no layout is theirs, and all have a gradient
    private static final Set<String> JOINING =
            Set.of(
                    "_copy",
                    "broadcast_like",
                    "expand_dims",
                    "negative",
                    "ones_like",
                    "Pad",
                    "repeat",
                    "slice",
                    "slice_axis",
                    "slice_like",
                    "squeeze",
                    "stack",
                    "SwapAxis",
                    "tile",
                    "transpose",
                    "zeros_like");

    private NativeCall() {}

    /** Return whether an operator may be part of a symbol that we write. */
    static boolean joins(Operator.Native operator) {
        return JOINING.contains(operator.name());
    }

    static void addTo(Kernels.Table table) {
        table.putNode(Operator.Native.class, NativeCall::kernel);
    }

    private static Kernel kernel(Node node) {
        Operator.Native own = (Operator.Native) node.operator();
        if (!own.engine().equals(MxNetEngine.NAME)) {
            throw Kernels.refused(node, "runs on " + own.engine() + " only, not on mxnet");
        }
        Map<String, String> attributes = new LinkedHashMap<>(own.attributes());
        String order = attributes.remove(ORDER);
        List<String> operands = order.isEmpty() ? List.of() : List.of(order.split(" "));
        String name = name(own.name());
        if (name.equals("RNN")) {
            return FusedRnn.kernel(x -> operands(operands, x), attributes);
        }
        return new Kernel(
                x -> x.calls(name, operands(operands, x), attributes),
                null,
                tape(name),
                joins(own),
                joins(own) ? NativeProducts.of(name, attributes) : null);
    }

    private static Kernel.Tape tape(String name) {
        if (name.equals("LRN")) {
            return Kernel.Tape.UNBLOCKED;
        }
        return TRAINED.contains(name) ? Kernel.Tape.TRAINING : Kernel.Tape.PLAIN;
    }

    /** Return an operator's name as DJL lists it, without the prefix that says where it lives. */
    public static String name(String operator) {
        return PREFIXES.stream()
                .filter(operator::startsWith)
                .findFirst()
                .map(prefix -> operator.substring(prefix.length()))
                .orElse(operator);
    }

    private static NDList operands(List<String> operands, Operands x) {
        NDList list = new NDList(operands.size());
        for (String operand : operands) {
            String[] parts = operand.split("\\+");
            list.add(parts.length == 1 ? operand(operand, x) : joined(parts, x));
        }
        return list;
    }

    private static NDArray operand(String operand, Operands x) {
        return operand.startsWith("x")
                ? x.x(Integer.parseInt(operand.substring(1)))
                : x.need(operand);
    }

    private static NDArray joined(String[] operands, Operands x) {
        NDList rows = new NDList(operands.length);
        for (String operand : operands) {
            rows.add(x.reshaped(operand(operand, x), -1));
        }
        return x.call("Concat", rows, "dim", 0, "num_args", rows.size());
    }
}
