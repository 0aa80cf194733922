package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one node is computed, and how it is differentiated.
 *
 * @param forward from operands to outputs; only operators that MXNet can record
 * @param product the vector-Jacobian product in closed form; null where MXNet's tape is asked
 * @param tape how the tape is used
 * @param joins whether a tape may hold more nodes than this one
 * @param closed the product as a symbol of MXNet's may hold it, among those of other nodes; null
 *     where it must be taped
 */
record Kernel(
        Function<Operands, NDList> forward,
        @Nullable Product product,
        Tape tape,
        boolean joins,
        @Nullable Product closed) {

    /** How MXNet's tape is used, where MKL-DNN is on. */
    enum Tape {
        /** As it is, in the mode of a forward pass: for what may do something else in training. */
        PLAIN,
        /**
         * In training mode. The gradient of a maximum pool is wrong by its own size in the other,
         * and that of a convolution slow: its weights lie in blocks that fit the forward pass.
         */
        TRAINING,
        /**
         * With heads in row-major order: the gradient of LRN is a tenth off where its head is in
         * MKL-DNN's blocks, as a convolution leaves it.
         */
        UNBLOCKED
    }

    /** A vector-Jacobian product in closed form. */
    interface Product {
        /**
         * Return the gradient at each input, or nothing where the outputs depend on none.
         *
         * @param x the operands of the node; its owner owns what is made
         * @param outputs what the node computed
         * @param heads the gradient at each output
         */
        List<NDArray> of(Operands x, NDList outputs, NDList heads);
    }

    /** Create a kernel that the tape differentiates, among others or by itself. */
    static Kernel taped(Function<Operands, NDArray> forward) {
        return new Kernel(x -> new NDList(forward.apply(x)), null, Tape.TRAINING, true, null);
    }

    /** Create a kernel with a product in closed form, which the tape does not have. */
    static Kernel explicit(Function<Operands, NDArray> forward, Product product) {
        return new Kernel(
                x -> new NDList(forward.apply(x)), product, Tape.TRAINING, false, product);
    }

    /** Return the same, held to be as right on a tape as in closed form. */
    Kernel joining() {
        return new Kernel(forward, product, tape, true, closed);
    }

    /** Return the same, for tapes of its own. */
    Kernel alone() {
        return new Kernel(forward, product, tape, false, closed);
    }

    /** Return the same with a product that symbols hold. */
    Kernel closed(Product product) {
        return new Kernel(forward, this.product, tape, joins, product);
    }

    /** Return whether its tape is recorded in training mode. */
    boolean training() {
        return tape == Tape.TRAINING;
    }
}
