package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * A tensor while a model is recorded: a variable that several names may share.
 *
 * <p>Graph values never change, tensors do: an operation in place gives the tensor another value,
 * and whoever holds the same tensor sees it. A view follows its base; a write to a view goes back
 * into the base.
 */
final class Traced {
    /** What a tensor holds at a moment: a value of the graph, or a weight. */
    sealed interface Held {}

    /** A value that the graph computes. */
    record Computed(io.vitrail.api.graph.Value value) implements Held {}

    /** A weight of the model. */
    record Weight(Parameter parameter) implements Held {}

    /** How a view is computed from its base, and how a write goes back. */
    interface View {
        Held of(Held base);

        /** Return the base after the view was given a new value, or null if that is not known. */
        @Nullable Held written(Held base, Held view);
    }

    private Held held;
    private final @Nullable Traced base;
    private final @Nullable View view;
    private int writes; // of a base: how often it was written; of a view: how many it has seen

    /** A number that was turned into a tensor, as tracing does with sizes. */
    final @Nullable Number number;

    private Traced(Held held, @Nullable Traced base, @Nullable View view, @Nullable Number number) {
        this.held = held;
        this.base = base;
        this.view = view;
        this.number = number;
        this.writes = base == null ? 0 : base.root().writes;
    }

    static Traced of(Held held) {
        return new Traced(held, null, null, null);
    }

    static Traced number(Held held, Number number) {
        return new Traced(held, null, null, number);
    }

    static Traced view(Held held, Traced base, View view) {
        return new Traced(held, base, view, null);
    }

    private Traced root() {
        Traced root = this;
        while (root.base != null) {
            root = root.base;
        }
        return root;
    }

    /** Return what the tensor holds now. */
    Held held() {
        if (base != null && view != null && writes != base.root().writes) {
            held = view.of(base.held());
            writes = base.root().writes;
        }
        return held;
    }

    /**
     * Give the tensor a new value, in place; false if it is a view through which nothing can be
     * written.
     */
    boolean write(Held changed) {
        if (base != null && view != null) {
            Held whole = view.written(base.held(), changed);
            if (whole == null || !base.write(whole)) {
                return false;
            }
            held = changed;
            writes = base.root().writes;
            return true;
        }
        held = changed;
        writes++;
        return true;
    }
}
