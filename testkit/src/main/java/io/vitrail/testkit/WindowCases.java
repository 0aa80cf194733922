package io.vitrail.testkit;

import static io.vitrail.testkit.OperatorCase.NONE;
import static io.vitrail.testkit.OperatorCase.PICTURE;
import static io.vitrail.testkit.OperatorCase.one;
import static io.vitrail.testkit.SingleOperator.l;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Convolutions and pools over one, two and three axes, padded and cut in every way. */
final class WindowCases {
    private static final List<Long> TWO = l(2, 2);
    private static final List<Long> ONE = l(1, 1);

    private WindowCases() {}

    static List<OperatorCase> all() {
        return Stream.of(convolutions(), transposed(), maxima(), means())
                .flatMap(List::stream)
                .toList();
    }

    private static List<OperatorCase> convolutions() {
        return List.of(
                one(
                        "conv2d, strides, one-sided padding, dilation",
                        new Operator.Convolution(l(2, 1), l(1, 0), l(0, 2), l(1, 2), 1),
                        Map.of("weight", l(3, 2, 3, 2), "bias", l(3)),
                        PICTURE,
                        l(3, 3, 7)),
                one(
                        "conv2d, groups",
                        new Operator.Convolution(ONE, ONE, ONE, ONE, 2),
                        Map.of("weight", l(4, 1, 3, 3)),
                        PICTURE,
                        l(4, 6, 7)),
                one(
                        "conv1d",
                        new Operator.Convolution(l(2), l(1), l(1), l(1), 1),
                        Map.of("weight", l(2, 3, 3), "bias", l(2)),
                        l(3, 8),
                        l(2, 4)),
                one(
                        "conv3d",
                        new Operator.Convolution(l(1, 2, 1), l(0, 1, 0), l(1, 1, 0), l(1, 1, 1), 1),
                        Map.of("weight", l(2, 2, 2, 3, 1), "bias", l(2)),
                        l(2, 3, 4, 3),
                        l(2, 3, 2, 3)));
    }

    private static List<OperatorCase> transposed() {
        return List.of(
                one(
                        "transposed conv2d",
                        transposed(TWO, ONE, l(0, 1), ONE, 1),
                        Map.of("weight", l(2, 3, 3, 3), "bias", l(3)),
                        l(2, 3, 4),
                        l(3, 6, 7)),
                one(
                        "transposed conv2d, more cut behind, groups",
                        transposed(TWO, l(0, 1), l(1, 2), ONE, 2),
                        Map.of("weight", l(2, 1, 3, 3), "bias", l(2)),
                        l(2, 3, 4),
                        l(2, 6, 6)),
                one(
                        "transposed conv2d, dilation, no bias",
                        transposed(ONE, l(1, 0), l(0, 1), TWO, 1),
                        Map.of("weight", l(2, 1, 2, 2)),
                        l(2, 3, 4),
                        l(1, 4, 5)),
                one(
                        "transposed conv1d, gaps and much behind",
                        transposed(l(3), l(0), l(-4), l(1), 1),
                        Map.of("weight", l(2, 2, 1), "bias", l(2)),
                        l(2, 3),
                        l(2, 11)),
                one(
                        "transposed conv3d",
                        transposed(l(2, 1, 1), l(0, 0, 0), l(0, 1, 0), l(1, 1, 1), 1),
                        Map.of("weight", l(1, 2, 2, 2, 2), "bias", l(2)),
                        l(1, 2, 2, 3),
                        l(2, 4, 2, 4)));
    }

    private static Operator transposed(
            List<Long> strides,
            List<Long> before,
            List<Long> after,
            List<Long> dilations,
            long groups) {
        return new Operator.TransposedConvolution(
                strides, before, after, dilations, groups, Layout.CHANNELS_FIRST);
    }

    private static List<OperatorCase> maxima() {
        return List.of(
                plain("max pool", maximum(l(3, 2), TWO, l(1, 0), l(1, 0), l(1, 2), false), 3, 3),
                plain("max pool, ceil", maximum(l(3, 3), TWO, l(0, 0), l(0, 0), ONE, true), 3, 3),
                plain(
                        "max pool, padded behind",
                        maximum(l(3, 2), TWO, l(0, 0), ONE, ONE, false),
                        3,
                        4),
                plain(
                        "max pool, padded more in front",
                        maximum(TWO, ONE, ONE, l(1, 0), ONE, false),
                        7,
                        7),
                plain(
                        "max pool, ceil, padded behind",
                        maximum(l(3, 2), l(2, 3), l(0, 0), ONE, ONE, true),
                        3,
                        3),
                one(
                        "max pool over one axis",
                        maximum(l(3), l(2), l(0), l(1), l(1), false),
                        NONE,
                        l(2, 8),
                        l(2, 4)),
                one(
                        "max pool over three axes",
                        maximum(l(2, 2, 2), l(1, 2, 2), l(0, 0, 0), l(1, 0, 1), l(1, 1, 1), false),
                        NONE,
                        l(2, 2, 4, 3),
                        l(2, 2, 2, 2)));
    }

    private static List<OperatorCase> means() {
        return List.of(
                plain("average pool, padding counts", mean(l(3, 3), ONE, ONE, false, true), 3, 4),
                plain("average pool, padding does not", mean(l(3, 3), ONE, ONE, true, false), 4, 4),
                plain(
                        "average pool, padded behind, padding counts",
                        mean(l(3, 2), l(0, 0), ONE, false, true),
                        3,
                        4),
                plain(
                        "average pool, padded behind, padding does not",
                        mean(l(3, 2), l(0, 0), ONE, false, false),
                        3,
                        4),
                plain(
                        "average pool, every place, padding does not",
                        new Operator.AveragePool(
                                l(2, 3), ONE, l(0, 1), ONE, false, false, Layout.CHANNELS_FIRST),
                        6,
                        7),
                plain(
                        "average pool, ceil, padded behind",
                        mean(TWO, l(0, 0), l(1, 2), true, false),
                        3,
                        4),
                one(
                        "average pool over one axis",
                        mean(l(3), l(0), l(1), false, false),
                        NONE,
                        l(2, 8),
                        l(2, 4)),
                one(
                        "average pool over three axes",
                        mean(l(2, 2, 2), l(0, 0, 0), l(0, 0, 1), false, false),
                        NONE,
                        l(2, 2, 4, 3),
                        l(2, 1, 2, 2)),
                plain("global average", new Operator.AdaptiveAveragePool(ONE), 1, 1),
                plain("adaptive average", new Operator.AdaptiveAveragePool(l(4, 3)), 4, 3),
                one(
                        "adaptive average over three axes",
                        new Operator.AdaptiveAveragePool(l(1, 2, 1)),
                        NONE,
                        l(2, 2, 4, 3),
                        l(2, 1, 2, 1)));
    }

    private static OperatorCase plain(String name, Operator operator, long height, long width) {
        return one(name, operator, NONE, PICTURE, l(2, height, width));
    }

    private static Operator maximum(
            List<Long> kernel,
            List<Long> strides,
            List<Long> before,
            List<Long> after,
            List<Long> dilations,
            boolean ceil) {
        return new Operator.MaxPool(
                kernel, strides, before, after, dilations, ceil, Layout.CHANNELS_FIRST);
    }

    /** Strides of 2. */
    private static Operator mean(
            List<Long> kernel,
            List<Long> before,
            List<Long> after,
            boolean ceil,
            boolean countPadding) {
        List<Long> strides = kernel.stream().map(k -> 2L).toList();
        return new Operator.AveragePool(
                kernel, strides, before, after, ceil, countPadding, Layout.CHANNELS_FIRST);
    }
}
