package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One node as it ran, with what its vector-Jacobian product needs. */
final class Recording {
    private final Kernel kernel;
    private final Operands operands;
    private final List<Integer> tracked;
    private final NDList marked;
    private final NDList outputs;

    private Recording(
            Kernel kernel,
            Operands operands,
            List<Integer> tracked,
            NDList marked,
            NDList outputs) {
        this.kernel = kernel;
        this.operands = operands;
        this.tracked = tracked;
        this.marked = marked;
        this.outputs = outputs;
    }

    /** Return the outputs of a node, computed without a tape. */
    static NDList plain(
            Node node, NDList inputs, Function<Parameter, NDArray> weights, NDManager owner) {
        return computed(Kernels.of(node), operands(node, inputs, weights, owner));
    }

    /**
     * Run a node so that it can be differentiated.
     *
     * @param tracked the positions of the inputs with respect to which it can be
     * @param weights the array of each parameter
     * @param owner owns what is made
     */
    static Recording of(
            Node node,
            NDList inputs,
            List<Integer> tracked,
            Function<Parameter, NDArray> weights,
            NDManager owner) {
        Kernel kernel = Kernels.of(node);
        NDList own = new NDList(inputs.size());
        NDList marked = new NDList();
        for (int i = 0; i < inputs.size(); i++) {
            own.add(Libmxnet.alias(inputs.get(i), owner));
            if (tracked.contains(i)) {
                marked.add(own.get(i));
            }
        }
        Operands operands = operands(node, own, weights, owner);
        if (kernel.product() != null) {
            return new Recording(kernel, operands, tracked, marked, computed(kernel, operands));
        }
        Libmxnet.mark(marked);
        NDList outputs = Libmxnet.taped(kernel.training(), () -> computed(kernel, operands));
        return new Recording(kernel, operands, tracked, marked, outputs);
    }

    private static Operands operands(
            Node node, NDList inputs, Function<Parameter, NDArray> weights, NDManager owner) {
        return new Operands(
                node,
                inputs,
                name -> {
                    Parameter parameter = node.parameters().get(name);
                    return parameter == null ? null : weights.apply(parameter);
                },
                owner,
                null);
    }

    /** What lies between inputs and outputs is let go of; a tape keeps what it needs. */
    private static NDList computed(Kernel kernel, Operands x) {
        try (NDManager scratch = x.owner().newSubManager()) {
            NDList made = kernel.forward().apply(x.in(scratch));
            NDList outputs = new NDList(made.size());
            for (NDArray array : made) {
                // an input or a weight may come out as it went in
                boolean fresh = array.getManager() == scratch;
                NDArray output = fresh ? array : Libmxnet.alias(array, x.owner());
                output.attach(x.owner());
                outputs.add(output);
            }
            return outputs;
        }
    }

    /** Return the inputs. */
    NDList inputs() {
        return operands.inputs();
    }

    /** Return the outputs, on the tape where there is one. */
    NDList outputs() {
        return outputs;
    }

    /**
     * Return the gradient at each input, null where the outputs do not depend on it or it is not
     * wanted.
     *
     * @param heads the gradient at each output, null where it is zero
     * @param wanted positions of inputs
     * @param owner owns what comes out
     */
    List<@Nullable NDArray> product(
            List<@Nullable NDArray> heads, List<Integer> wanted, NDManager owner) {
        List<@Nullable NDArray> found =
                new ArrayList<>(Collections.nCopies(operands.inputs().size(), null));
        List<Integer> places = wanted.stream().filter(tracked::contains).toList();
        if (places.isEmpty() || heads.stream().allMatch(java.util.Objects::isNull)) {
            return found;
        }
        NDList reached = new NDList();
        NDList gradients = new NDList();
        for (int k = 0; k < heads.size(); k++) {
            NDArray head = heads.get(k);
            if (head != null) {
                reached.add(outputs.get(k));
                gradients.add(
                        kernel.tape() == Kernel.Tape.UNBLOCKED ? unblocked(head, owner) : head);
            }
        }
        if (kernel.product() != null) {
            explicit(gradients, places, owner, found);
            return found;
        }
        NDList variables = new NDList();
        places.forEach(i -> variables.add(operands.inputs().get(i)));
        NDList made = Libmxnet.backward(reached, gradients, variables, kernel.training(), owner);
        for (int i = 0; i < places.size(); i++) {
            found.set(places.get(i), made.get(i));
        }
        return found;
    }

    /** The zeros stand for the sizes as they are; MXNet copies, in row-major order. */
    private static NDArray unblocked(NDArray head, NDManager owner) {
        List<Integer> same = Collections.nCopies(head.getShape().dimension(), 0);
        return Calls.invoke(owner, "Reshape", head, "shape", same);
    }

    private void explicit(
            NDList heads, List<Integer> places, NDManager owner, List<@Nullable NDArray> found) {
        Kernel.Product product = java.util.Objects.requireNonNull(kernel.product());
        try (NDManager scratch = owner.newSubManager()) {
            List<NDArray> all = product.of(operands.in(scratch), outputs, heads);
            for (int i : places) {
                // a head may come out as it went in, and twice
                found.set(i, Libmxnet.alias(all.get(i), owner));
            }
        }
    }
}
