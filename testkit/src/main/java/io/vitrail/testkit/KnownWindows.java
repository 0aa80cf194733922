package io.vitrail.testkit;

import static io.vitrail.testkit.KnownOutput.NINE;
import static io.vitrail.testkit.KnownOutput.SQUARE;
import static io.vitrail.testkit.KnownOutput.n;
import static io.vitrail.testkit.KnownOutput.one;
import static io.vitrail.testkit.KnownOutput.square;
import static io.vitrail.testkit.SingleOperator.l;
import static io.vitrail.testkit.Sketch.stored;
import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What convolutions and pools give, with padding on one side, kernels in a foreign order, cuts. */
final class KnownWindows {
    private static final DataType DOUBLE = DataType.FLOAT64;
    private static final List<Long> TWO = l(2, 2);
    private static final List<Long> ONE = l(1, 1);
    private static final List<Long> ZERO = l(0, 0);
    private static final List<Long> FOUR = l(1, 2, 2);

    private KnownWindows() {}

    static List<KnownOutput> all() {
        return Stream.of(convolutions(), transposed(), pools()).flatMap(List::stream).toList();
    }

    private static List<KnownOutput> convolutions() {
        Parameter bias = weight("b", DOUBLE, l(1), 10);
        // channels 0 and 1 of the input times 1, 2 and 3, 4: an output for each factor
        Parameter depthwise =
                stored("w", DOUBLE, l(1, 1, 2, 2), List.of(2, 3, 0, 1), l(4, 1, 1, 1), 1, 2, 3, 4);
        // stored in, out
        Parameter pointwise =
                stored("w", DOUBLE, l(1, 1, 2, 2), List.of(3, 2, 0, 1), l(2, 2, 1, 1), 1, 2, 3, 4);
        return List.of(
                one(
                        "conv2d pads below and to the right only",
                        new Operator.Convolution(TWO, ZERO, ONE, ONE, 1),
                        Map.of(
                                "weight",
                                weight("w", DOUBLE, l(1, 1, 2, 2), 1, 2, 3, 4),
                                "bias",
                                bias),
                        SQUARE,
                        NINE,
                        FOUR,
                        // 1+4+12+20, 3+18, 7+16, 9
                        n(47, 31, 33, 19)),
                one(
                        "conv2d, channels last, kernel stored (h, w, in, out)",
                        new Operator.Convolution(ONE, ZERO, ZERO, ONE, 1, Layout.CHANNELS_LAST),
                        Map.of("weight", pointwise),
                        l(1, 2, 2),
                        n(1, 10, 2, 20),
                        l(1, 2, 2),
                        // 1*1+3*10, 2*1+4*10, twice that
                        n(31, 42, 62, 84)),
                one(
                        "conv2d, kernel stored (h, w, in, out)",
                        new Operator.Convolution(ONE, ZERO, ZERO, ONE, 1),
                        Map.of("weight", pointwise),
                        l(2, 1, 2),
                        n(1, 2, 10, 20),
                        l(2, 1, 2),
                        n(31, 62, 42, 84)),
                one(
                        "conv2d, one kernel a channel, stored (h, w, in, multiple)",
                        new Operator.Convolution(ONE, ZERO, ZERO, ONE, 2, Layout.CHANNELS_LAST),
                        Map.of("weight", depthwise),
                        l(1, 1, 2),
                        n(1, 10),
                        l(1, 1, 4),
                        n(1, 2, 30, 40)));
    }

    /** 1 and 2, each spread as 1, 10, 100 at a distance of 2: 1, 10, 102, 20, 200; bias 5. */
    private static List<KnownOutput> transposed() {
        return List.of(
                spread("nothing cut", 0, 0, 6, 15, 107, 25, 205),
                spread("cut in front", 1, 0, 15, 107, 25, 205),
                spread("cut behind", 0, 1, 6, 15, 107, 25),
                spread("cut more behind", 1, 2, 15, 107),
                spread("one place behind", 0, -1, 6, 15, 107, 25, 205, 5),
                spread("three places behind", 0, -3, 6, 15, 107, 25, 205, 5, 5, 5));
    }

    private static KnownOutput spread(String name, long before, long after, double... expected) {
        Map<String, Parameter> weights =
                Map.of(
                        "weight", weight("w", DOUBLE, l(1, 1, 3), 1, 10, 100),
                        "bias", weight("b", DOUBLE, l(1), 5));
        Operator operator =
                new Operator.TransposedConvolution(
                        l(2), l(before), l(after), l(1), 1, Layout.CHANNELS_FIRST);
        return one(
                "transposed conv1d, " + name,
                operator,
                weights,
                l(1, 2),
                n(1, 2),
                l(1, expected.length),
                expected);
    }

    private static List<KnownOutput> pools() {
        return List.of(
                square("max pool", maximum(ONE, ZERO, ZERO, false), FOUR, 5, 6, 8, 9),
                square(
                        "max pool, last window cut",
                        maximum(TWO, ZERO, ZERO, true),
                        FOUR,
                        5,
                        6,
                        8,
                        9),
                square("max pool, padded behind", maximum(TWO, ZERO, ONE, false), FOUR, 5, 6, 8, 9),
                square(
                        "max pool, padded in front",
                        maximum(TWO, ONE, ZERO, false),
                        FOUR,
                        1,
                        3,
                        7,
                        9),
                one(
                        "max pool, padding is less than any number",
                        maximum(TWO, ONE, ZERO, false),
                        Map.of(),
                        SQUARE,
                        n(-1, -2, -3, -4, -5, -6, -7, -8, -9),
                        FOUR,
                        n(-1, -2, -4, -5)),
                square("average, padding counts", mean(ONE, ONE, true), FOUR, 0.25, 1.25, 2.75, 7),
                square(
                        "average, padding does not count",
                        mean(ONE, ONE, false),
                        FOUR,
                        1,
                        2.5,
                        5.5,
                        7),
                square(
                        "average, padded behind, padding counts",
                        mean(ZERO, ONE, true),
                        FOUR,
                        n(3, 2.25, 3.75, 2.25)),
                square(
                        "average, padded behind, padding does not count",
                        mean(ZERO, ONE, false),
                        FOUR,
                        n(3, 4.5, 7.5, 9)),
                square(
                        "average pool, every place, padded behind, padding does not count",
                        new Operator.AveragePool(
                                TWO, ONE, l(0, 0), ONE, false, false, Layout.CHANNELS_FIRST),
                        SQUARE,
                        n(3, 4, 4.5, 6, 7, 7.5, 7.5, 8.5, 9)),
                square(
                        "adaptive average, windows overlap",
                        new Operator.AdaptiveAveragePool(TWO),
                        FOUR,
                        n(3, 4, 6, 7)));
    }

    private static Operator maximum(
            List<Long> strides, List<Long> before, List<Long> after, boolean ceil) {
        return new Operator.MaxPool(TWO, strides, before, after, ONE, ceil, Layout.CHANNELS_FIRST);
    }

    private static Operator mean(List<Long> before, List<Long> after, boolean countPadding) {
        return new Operator.AveragePool(
                TWO, TWO, before, after, false, countPadding, Layout.CHANNELS_FIRST);
    }
}
