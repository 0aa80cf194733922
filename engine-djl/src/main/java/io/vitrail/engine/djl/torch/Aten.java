package io.vitrail.engine.djl.torch;

import io.vitrail.api.graph.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Spell calls of libtorch's operators. */
final class Aten {
    private static final String END = Long.toString(Long.MAX_VALUE);

    private Aten() {}

    /** Return the call of a function; arguments are expressions, whole numbers or lists of such. */
    static String call(String function, Object... arguments) {
        return "torch."
                + function
                + Arrays.stream(arguments)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    static String truth(boolean value) {
        return value ? "True" : "False";
    }

    /**
     * Return what surrounds an array with a value on its last axes; negative numbers cut off.
     *
     * @param before one number an axis, as many as there are axes to change
     */
    static String pad(String in, List<Long> before, List<Long> after, double value) {
        List<Long> pairs = new ArrayList<>(); // the last axis first
        for (int i = before.size() - 1; i >= 0; i--) {
            pairs.add(before.get(i));
            pairs.add(after.get(i));
        }
        return call("constant_pad_nd", in, pairs, NodeText.number(value));
    }

    /** Return a view without the first and last positions of an axis. */
    static String cut(String in, int axis, long before, long after) {
        return call("slice", in, axis, before, after == 0 ? END : "-" + after, 1);
    }

    /** Return a view of the first positions of an axis, of all if there are no more. */
    static String first(String in, int axis, long count) {
        return call("slice", in, axis, 0, count, 1);
    }

    /**
     * Return what an operator of {@code (N, C, ...)} makes of an array of a layout, in that layout.
     *
     * <p>Moving the channels is a view, and the view of an array with channels last is what
     * libtorch calls the memory format of that name: its operators run on it and keep it, nothing
     * is copied.
     */
    static String channelsFirst(String in, Layout layout, UnaryOperator<String> operator) {
        if (layout == Layout.CHANNELS_FIRST) {
            return operator.apply(in);
        }
        return call("movedim", operator.apply(call("movedim", in, -1, 1)), 1, -1);
    }
}
