package io.vitrail.engine.djl.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How one node is computed, and how it is differentiated.
 *
 * @param forward from operands to outputs; only operators that MXNet can record
 * @param product the vector-Jacobian product in closed form; null where MXNet's tape is asked
 * @param tape how the tape is used
 * @param joins whether the tape may hold more nodes than this one, by the shapes of the inputs
 */
record Kernel(
        Function<Operands, NDList> forward,
        @Nullable Product product,
        Tape tape,
        Predicate<List<Shape>> joins) {

    /** How MXNet's tape is used; with MKL-DNN on, two operators need care. */
    enum Tape {
        /** As it is. */
        PLAIN,
        /** In training mode: a maximum pool's gradient is wrong by its own size in the other. */
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
         * Return the gradient at each input.
         *
         * @param x the operands of the node; its owner owns what is made
         * @param outputs what the node computed
         * @param heads the gradient at each output
         */
        List<NDArray> of(Operands x, NDList outputs, NDList heads);
    }

    /** Create a kernel that the tape differentiates, among others or by itself. */
    static Kernel taped(Function<Operands, NDArray> forward) {
        return new Kernel(x -> new NDList(forward.apply(x)), null, Tape.PLAIN, shapes -> true);
    }

    /** Create a kernel that the tape differentiates in training mode. */
    static Kernel trained(Function<Operands, NDArray> forward) {
        return new Kernel(x -> new NDList(forward.apply(x)), null, Tape.TRAINING, shapes -> true);
    }

    /** Create a kernel with a product in closed form, which the tape does not have. */
    static Kernel explicit(Function<Operands, NDArray> forward, Product product) {
        return new Kernel(x -> new NDList(forward.apply(x)), product, Tape.PLAIN, shapes -> false);
    }

    /** Return the same, held to be as right on the tape as in closed form where shapes allow it. */
    Kernel joining(Predicate<List<Shape>> where) {
        return new Kernel(forward, product, tape, where);
    }

    /** Return the same, for runs by itself alone. */
    Kernel alone() {
        return joining(shapes -> false);
    }
}
