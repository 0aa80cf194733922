package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

/**
 * A vector-Jacobian product in closed form.
 *
 * @param text an expression
 * @param kind what it makes
 */
record Product(String text, Kind kind) {
    /** What memory a product stands in. */
    enum Kind {
        /** New memory. */
        FRESH,
        /** New memory, or that of the gradient at the output, by {@code grad_input}. */
        ELEMENTWISE,
        /** The gradient at the output itself. */
        SAME,
        /** A view of the gradient at the output. */
        VIEW,
        /** A view in which each number stands for all of an axis, of new memory. */
        SPREAD
    }

    /** What of the way forward a product may read. */
    interface Saved {
        String input(int position);

        String output();

        /** Return the positions of the maxima of a pool. */
        String indices();

        String weight(Derived weight);
    }

    static Product fresh(String function, Object... arguments) {
        return new Product(call(function, arguments), Kind.FRESH);
    }

    static Product elementwise(String function, Object... arguments) {
        return new Product(call(function, arguments), Kind.ELEMENTWISE);
    }

    static Product view(String function, Object... arguments) {
        return new Product(call(function, arguments), Kind.VIEW);
    }
}
