package io.vitrail.engine.djl.torch;

import static io.vitrail.engine.djl.torch.Aten.call;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sum up the gradients of values from what their readers give.
 *
 * <p>A convolution's share is written down when the sum is needed, so that the sum with other
 * shares and the positive part are fused to it. What nobody else will read is written over.
 */
final class GradientSums {
    /**
     * What one reader of a value adds to its gradient.
     *
     * @param head the share itself, or, if a convolution is still to be run on it, the gradient
     *     behind that
     */
    private record Share(
            Gradient head, @Nullable PackedConvolution pending, @Nullable Value input) {}

    private final ScriptText text;
    private final UnaryOperator<String> read;
    private final Map<Value, List<Share>> shares = new HashMap<>();

    /**
     * Create it for one way back.
     *
     * @param read notes that a variable of the way forward is read, and returns it
     */
    GradientSums(ScriptText text, UnaryOperator<String> read) {
        this.text = text;
        this.read = read;
    }

    boolean has(Value value) {
        return shares.containsKey(value);
    }

    /** Add a share to a value's gradient. */
    void add(Value value, Gradient share) {
        add(value, new Share(share, null, null));
    }

    /** Add what a convolution gives back to its input. */
    void add(Value input, Gradient behind, PackedConvolution convolution) {
        add(input, new Share(behind, convolution, input));
    }

    /** Return a value's gradient, or the positive part of it; nothing can be added afterwards. */
    Gradient take(Value value, boolean positive) {
        return sum(shares.remove(value), positive);
    }

    private void add(Value value, Share share) {
        share.head().uses++;
        shares.computeIfAbsent(value, key -> new ArrayList<>()).add(share);
    }

    /** Write down a new gradient. */
    Gradient let(String expression, boolean last) {
        return new Gradient(text.let(expression), true, last);
    }

    private Gradient sum(List<Share> all, boolean positive) {
        List<Share> pending = new ArrayList<>();
        Gradient sum = null;
        for (Share share : all) {
            if (share.pending() == null) {
                share.head().uses--;
                sum = sum == null ? share.head() : plus(sum, share.head());
            } else if (share.pending().canAddGradient()) {
                pending.add(share); // last, for it can take up the sum
            } else {
                pending.add(0, share);
            }
        }
        for (int i = 0; i < pending.size() - 1; i++) {
            Gradient one = run(pending.get(i), false);
            sum = sum == null ? one : plus(sum, one);
        }
        if (pending.isEmpty()) {
            return positive ? positive(sum) : sum;
        }
        Share carrier = pending.get(pending.size() - 1);
        if (sum == null) {
            return run(carrier, positive);
        }
        if (carrier.pending().canAddGradient() && sum.isFree() && sum.last) {
            PackedConvolution packed = carrier.pending();
            String head = plane(carrier);
            carrier.head().uses--;
            String other = first(sum.name, packed);
            text.line("_ = " + packed.gradientTo(other, head, positive, text));
            return sum;
        }
        Gradient one = run(carrier, false);
        text.line("_ = " + call(positive ? "_add_relu_" : "add_", one.name, sum.name));
        return one;
    }

    private Gradient positive(Gradient sum) {
        if (sum.isFree()) {
            text.line("_ = " + call("relu_", sum.name));
            return sum;
        }
        return let(call("relu", sum.name), sum.last);
    }

    private Gradient plus(Gradient a, Gradient b) {
        if (!a.isFree() && !b.isFree()) {
            return let(call("add", a.name, b.name), a.last);
        }
        Gradient into = a.isFree() ? a : b;
        text.line("_ = " + call("add_", into.name, (into == a ? b : a).name));
        return into;
    }

    private Gradient run(Share share, boolean positive) {
        PackedConvolution packed = share.pending();
        String head = plane(share);
        share.head().uses--;
        Value input = share.input();
        String result =
                packed.gradient(
                        head,
                        positive,
                        () ->
                                call(
                                        "contiguous",
                                        first(read.apply(RewrittenForward.variable(input)), packed),
                                        "memory_format=2"),
                        text);
        return let(last(result, packed), true);
    }

    private String plane(Share share) {
        String head = first(share.head().name, share.pending());
        return share.head().last ? head : call("contiguous", head, "memory_format=2");
    }

    private static String first(String in, PackedConvolution packed) {
        return packed.layout() == Layout.CHANNELS_FIRST ? in : call("movedim", in, -1, 1);
    }

    private static String last(String plane, PackedConvolution packed) {
        return packed.layout() == Layout.CHANNELS_FIRST ? plane : call("movedim", plane, 1, -1);
    }
}
