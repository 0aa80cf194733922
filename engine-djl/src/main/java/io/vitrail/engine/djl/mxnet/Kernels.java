package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The kernel of every operator. */
final class Kernels {
    private static final Map<Class<?>, Function<Node, Kernel>> KNOWN = known();

    private Kernels() {}

    /**
     * Return the kernel of a node.
     *
     * @throws VitrailException if its operator does not run on MXNet
     */
    static Kernel of(Node node) {
        Function<Node, Kernel> kernel = KNOWN.get(node.operator().getClass());
        if (kernel == null) {
            throw refused(node, "does not run on mxnet");
        }
        return kernel.apply(node);
    }

    /** Return whether a node can be part of a symbol that we write. */
    static boolean compiles(Node node) {
        return !(node.operator() instanceof Operator.Native own) || NativeCall.joins(own);
    }

    /** Return whether a node's product can be part of a symbol that we write. */
    static boolean closed(Node node) {
        DataType type = node.outputs().get(0).type();
        return node.outputs().size() == 1
                && (type == DataType.FLOAT32 || type == DataType.FLOAT64)
                && of(node).closed() != null;
    }

    static VitrailException refused(Node node, String why) {
        String name =
                node.operator() instanceof Operator.Native own
                        ? own.name()
                        : node.operator().kind();
        return VitrailException.model(
                node.name() + ": operator '" + name + "' " + why + "\n  place: " + node.place());
    }

    private static Map<Class<?>, Function<Node, Kernel>> known() {
        Table table = new Table();
        Convolutions.addTo(table);
        TransposedConvolutions.addTo(table);
        Pools.addTo(table);
        Normalisations.addTo(table);
        Activations.addTo(table);
        Rectifiers.addTo(table);
        Reductions.addTo(table);
        Arithmetic.addTo(table);
        Arrangements.addTo(table);
        Resampling.addTo(table);
        NativeCall.addTo(table);
        return Map.copyOf(table.kernels);
    }

    /** Kernels while they are listed, by the type of operator. */
    static final class Table {
        private final Map<Class<?>, Function<Node, Kernel>> kernels = new HashMap<>();

        /** Put a kernel that depends on the operator's settings. */
        <O extends Operator> void put(Class<O> type, Function<O, Kernel> kernel) {
            kernels.put(type, node -> kernel.apply(type.cast(node.operator())));
        }

        /** Put a kernel that depends on the whole node. */
        void putNode(Class<? extends Operator> type, Function<Node, Kernel> kernel) {
            kernels.put(type, kernel);
        }
    }
}
