package io.vitrail.engine.djl.torchscript;

import io.vitrail.api.graph.Parameter;
import io.vitrail.engine.djl.torchscript.Interpreter.Group;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bound what a model's code may ask for while it is recorded: a file is hostile until it was read.
 *
 * <p>Every bound lies far beyond what networks do. Beyond them libtorch ends the process (a stride
 * of 2^32 becomes 0 inside oneDNN, which then divides by it), or memory does.
 */
final class Limits {
    private static final long MAX_STEPS = 2_000_000; // statements and turns of loops
    private static final long MAX_ITEMS = 4_000_000; // of lists and texts, all together
    private static final int MAX_NODES = 20_000;
    private static final int MAX_RUNS = 2_000; // native calls, each compiled for itself

    /** Elements of an array that sizes in the code ask for: 1 GiB of floats. */
    private static final double MAX_ELEMENTS = 1 << 28;

    private static final long MAX_WINDOW = 65_535; // strides, paddings, kernels, groups
    private static final long MAX_GROWTH = 256; // strides and paddings beyond the kernel's reach
    private static final double MAX_SCALE = 1024; // of an enlargement
    private static final int MAX_RANK = 64; // libtorch's own, but it does not always look

    /** Operators whose sizes libtorch compares with what is there, or that only choose a part. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "view",
                    "reshape",
                    "unflatten",
                    "slice",
                    "select",
                    "split_with_sizes",
                    "tensor",
                    "as_tensor");

    /** Operators that make as many elements as a number says. */
    private static final Set<String> COUNTED =
            Set.of(
                    "linspace",
                    "logspace",
                    "eye",
                    "one_hot",
                    "tril_indices",
                    "triu_indices",
                    "repeat_interleave",
                    "hann_window",
                    "hamming_window",
                    "bartlett_window",
                    "blackman_window",
                    "kaiser_window",
                    "vander",
                    "bincount",
                    "histc",
                    "combinations",
                    "adaptive_avg_pool1d",
                    "adaptive_max_pool1d");

    private long steps;
    private long items;
    private int nodes;
    private int runs;

    /** Count a statement, or a turn of a loop. */
    void step(String place) {
        if (++steps > MAX_STEPS) {
            throw Refusal.at(place, "the code runs for more than " + MAX_STEPS + " steps");
        }
    }

    /** Count items of a list, or characters of a text, that are about to be made. */
    void items(long more, String place) {
        if (more < 0 || more > MAX_ITEMS || (items += more) > MAX_ITEMS) {
            throw Refusal.at(
                    place, "the code makes lists of more than " + MAX_ITEMS + " items in all");
        }
    }

    /** Count a node of the graph. */
    void node(String place) {
        if (++nodes > MAX_NODES) {
            throw Refusal.at(place, "the code calls more than " + MAX_NODES + " operators");
        }
    }

    /** Count a native call. */
    void run(String place) {
        if (++runs > MAX_RUNS) {
            throw Refusal.at(
                    place, "the code looks at shapes or values more than " + MAX_RUNS + " times");
        }
    }

    /**
     * Element types, layouts and memory formats are numbers, with which libtorch looks up without a
     * look.
     */
    private static void codes(String operator, Arguments a, String place) {
        a.named()
                .forEach(
                        (name, value) -> {
                            if (value instanceof Long code) {
                                switch (name) {
                                    case "dtype" -> code(code, 15, "element type", place);
                                    case "layout" -> code(code, 6, "layout", place);
                                    case "memory_format" -> code(code, 3, "memory format", place);
                                    default -> {}
                                }
                            }
                        });
        int from = operator.equals("to") ? 1 : operator.endsWith("softmax") ? 2 : -1;
        for (int at = from; at > 0 && at < Math.min(3, a.positional().size()); at++) {
            if (a.positional().get(at) instanceof Long code) {
                code(code, 15, "element type", place);
            }
        }
    }

    private static void code(long code, int last, String what, String place) {
        if (code < 0 || code > last) {
            throw Refusal.at(place, "there is no " + what + " " + code);
        }
    }

    /** Refuse sizes that no network has, before libtorch sees them. */
    static void check(String operator, Arguments a, String place) {
        codes(operator, a, place);
        boolean windowed =
                operator.contains("conv")
                        || operator.contains("pool")
                        || operator.equals("unfold")
                        || operator.equals("im2col")
                        || operator.equals("col2im")
                        || operator.equals("pixel_shuffle")
                        || operator.equals("pixel_unshuffle")
                        || operator.equals("channel_shuffle");
        for (Object argument : a.positional()) {
            check(operator, windowed, argument, place);
        }
        a.named().values().forEach(argument -> check(operator, windowed, argument, place));
        if (operator.contains("conv")) {
            checkGrowth(operator, a, place);
        }
        if (operator.equals("arange") || operator.equals("range")) {
            double from = a.positional().size() > 1 ? a.number(0, 0) : 0;
            double to = a.number(a.positional().size() > 1 ? 1 : 0, 0);
            double step = a.number(2, 1);
            if (!((to - from) / step <= MAX_ELEMENTS)) {
                throw tooLarge(operator, "a range from " + from + " to " + to, place);
            }
        }
    }

    /**
     * Padding makes a convolution's output larger than its input, and so do the strides of a
     * transposed one: by no more than the kernel's reach in any network that makes sense.
     */
    private static void checkGrowth(String operator, Arguments a, String place) {
        Parameter weight = a.weight(1);
        long reach = 1;
        for (int i = 2; weight != null && i < weight.shape().dimension(); i++) {
            reach = Math.max(reach, weight.shape().get(i));
        }
        List<Long> dilations = a.longs(operator.contains("transpose") ? 7 : 5);
        long spread = 1;
        if (dilations != null) {
            spread = dilations.stream().mapToLong(d -> d).max().orElse(1);
        }
        double most = Math.max(MAX_GROWTH, (double) reach * Math.min(spread, MAX_WINDOW));
        for (int index = 3; index <= 4; index++) {
            List<Long> sizes = a.longs(index);
            if (sizes != null && sizes.stream().anyMatch(size -> size > most)) {
                throw tooLarge(operator, sizes.toString(), place);
            }
        }
    }

    private static void check(
            String operator, boolean windowed, @Nullable Object argument, String place) {
        List<?> list =
                argument instanceof List<?> items
                        ? items
                        : argument instanceof Group group ? group.items() : null;
        if (list == null) {
            if (argument instanceof Number number
                    && (windowed && Math.abs(number.doubleValue()) > MAX_WINDOW
                            || COUNTED.contains(operator)
                                    && Math.abs(number.doubleValue()) > MAX_WINDOW)) {
                throw tooLarge(operator, argument.toString(), place);
            }
            return;
        }
        if (HARMLESS.contains(operator) || list.isEmpty()) {
            return;
        }
        double elements = 1;
        boolean whole = true;
        for (Object item : list) {
            if (!(item instanceof Number number)) {
                return; // tensors
            }
            double size = Math.abs(number.doubleValue());
            whole &= item instanceof Long;
            elements *= Math.max(1, size);
            if (windowed && !(size <= MAX_WINDOW) || !whole && !(size <= MAX_SCALE)) {
                throw tooLarge(operator, list.toString(), place);
            }
        }
        if (whole && (elements > MAX_ELEMENTS || list.size() > MAX_RANK)) {
            throw tooLarge(operator, list.toString(), place);
        }
    }

    private static Refusal tooLarge(String operator, String what, String place) {
        String shown = what.length() > 100 ? what.substring(0, 100) + "..." : what;
        return Refusal.at(
                place,
                "operator '" + operator + "' is asked for " + shown + ": no network is that");
    }
}
