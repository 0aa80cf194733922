package io.vitrail.testkit;

import static io.vitrail.testkit.KnownOutput.NONE;
import static io.vitrail.testkit.KnownOutput.n;
import static io.vitrail.testkit.KnownOutput.one;
import static io.vitrail.testkit.KnownOutput.square;
import static io.vitrail.testkit.SingleOperator.l;
import static io.vitrail.testkit.Sketch.stored;
import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Resize.Interpolation;
import io.vitrail.api.graph.Parameter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What joins, resizes, moves and sums give. */
final class KnownArrangements {
    private static final DataType DOUBLE = DataType.FLOAT64;
    private static final double[] SIX = {1, 2, 3, 4, 5, 6};

    private KnownArrangements() {}

    static List<KnownOutput> all() {
        return Stream.of(merges(), resizes(), moves(), sequences()).flatMap(List::stream).toList();
    }

    private static List<KnownOutput> merges() {
        Parameter matrix = stored("w", DOUBLE, l(2, 3), List.of(1, 0), l(3, 2), SIX);
        return List.of(
                two("add", new Operator.Add(), n(6, 8, 7, 9)),
                two("subtract", new Operator.Subtract(), n(-4, -4, -1, -1)),
                two("multiply", new Operator.Multiply(), n(5, 12, 12, 20)),
                two("divide", new Operator.Divide(), n(0.2, 1 / 3.0, 0.75, 0.8)),
                two("maximum", new Operator.Maximum(), n(5, 6, 4, 5)),
                two("minimum", new Operator.Minimum(), n(1, 2, 3, 4)),
                two("matrix product", new Operator.MatMul(), n(13, 16, 31, 38)),
                new KnownOutput(
                        new SingleOperator(
                                "concat",
                                new Operator.Concat(2),
                                NONE,
                                List.of(l(2, 2), l(2, 1)),
                                l(2, 3)),
                        List.of(n(1, 2, 3, 4), n(5, 6)),
                        n(1, 2, 5, 3, 4, 6)),
                one(
                        "linear, matrix stored (in, out)",
                        new Operator.Linear(),
                        Map.of("weight", matrix, "bias", weight("b", DOUBLE, l(3), 0, 0, 100)),
                        l(2),
                        n(1, 10),
                        l(3),
                        n(41, 52, 163)),
                one(
                        "constant",
                        new Operator.Constant(),
                        Map.of("value", weight("v", DOUBLE, l(2), 5, 6)),
                        l(2),
                        n(1, 10),
                        l(2),
                        n(6, 16)));
    }

    /** 1, 2 / 3, 4 and 5, 6 / 4, 5. */
    private static KnownOutput two(String name, Operator operator, double[] expected) {
        return new KnownOutput(
                new SingleOperator(name, operator, NONE, List.of(l(2, 2), l(2, 2)), l(2, 2)),
                List.of(n(1, 2, 3, 4), n(5, 6, 4, 5)),
                expected);
    }

    private static List<KnownOutput> sequences() {
        return List.of(
                one(
                        "flip",
                        new Operator.Flip(List.of(1)),
                        NONE,
                        l(3, 1),
                        n(1, 2, 3),
                        l(3, 1),
                        n(3, 2, 1)),
                one(
                        "embedding, fractions cut off",
                        new Operator.Embedding(),
                        Map.of("weight", weight("w", DOUBLE, l(3, 2), SIX)),
                        l(3),
                        n(2, 0, 1.75),
                        l(3, 2),
                        n(5, 6, 1, 2, 3, 4)),
                new KnownOutput(
                        new SingleOperator(
                                "where",
                                new Operator.Select(),
                                NONE,
                                List.of(l(2, 1), l(2, 2), l(1)),
                                l(2, 2)),
                        List.of(n(1, 0), n(1, 2, 3, 4), n(9)),
                        n(1, 2, 9, 9)),
                // twice what does not hold
                compared(Operator.Compare.Relation.EQUAL, 2, 2, 6),
                compared(Operator.Compare.Relation.NOT_EQUAL, 1, 4, 3),
                compared(Operator.Compare.Relation.GREATER, 2, 4, 3),
                compared(Operator.Compare.Relation.GREATER_OR_EQUAL, 2, 2, 3),
                compared(Operator.Compare.Relation.LESS, 1, 4, 6),
                compared(Operator.Compare.Relation.LESS_OR_EQUAL, 1, 2, 6),
                new KnownOutput(
                        new SingleOperator(
                                "loop: sums so far",
                                SequenceCases.loop(new Operator.Add(), new Operator.Identity()),
                                NONE,
                                List.of(l(2), l(3, 2)),
                                l(3, 2)),
                        List.of(n(10, 0), n(1, 2, 3, 4, 5, 6)),
                        n(11, 2, 14, 6, 19, 12)));
    }

    private static KnownOutput compared(Operator.Compare.Relation relation, double... expected) {
        Operator compare = new Operator.Compare(relation, 2);
        return one(compare.kind(), compare, NONE, l(3), n(1, 2, 3), l(3), expected);
    }

    private static List<KnownOutput> resizes() {
        double[] steps = {0, 7, 14, 28};
        return List.of(
                square(
                        "nearest",
                        resize(Interpolation.NEAREST, false, 2, 2),
                        l(1, 2, 2),
                        1,
                        3,
                        7,
                        9),
                line("nearest, larger", Interpolation.NEAREST, false, n(1, 2), 1, 1, 2, 2),
                // centres at -1/4, 1/4, 3/4, 5/4
                line("bilinear", Interpolation.BILINEAR, false, n(0, 4), 0, 1, 3, 4),
                // centres at 1/2, 5/2
                line("bilinear, smaller", Interpolation.BILINEAR, false, steps, 3.5, 21),
                // a triangle of radius 2 at 1: weights 3/4, 3/4, 1/4, of 7/4 in all
                line("antialiased", Interpolation.BILINEAR, true, steps, 5, 19),
                one(
                        "antialiased over three axes",
                        resize(Interpolation.BILINEAR, true, 2, 1, 2),
                        NONE,
                        l(1, 4, 1, 4),
                        // the products of 0, 1, 2, 4 with themselves, times 49
                        n(0, 0, 0, 0, 0, 49, 98, 196, 0, 98, 196, 392, 0, 196, 392, 784),
                        l(1, 2, 1, 2),
                        n(25, 95, 95, 361)),
                one(
                        "bilinear over three axes",
                        resize(Interpolation.BILINEAR, false, 4, 1, 1),
                        NONE,
                        l(1, 2, 1, 1),
                        n(0, 4),
                        l(1, 4, 1, 1),
                        n(0, 1, 3, 4)));
    }

    private static Operator resize(Interpolation interpolation, boolean antialias, long... sizes) {
        return new Operator.Resize(l(sizes), interpolation, antialias, Layout.CHANNELS_FIRST);
    }

    private static KnownOutput line(
            String name,
            Interpolation interpolation,
            boolean antialias,
            double[] input,
            double... expected) {
        return one(
                name + ", one axis",
                resize(interpolation, antialias, expected.length),
                NONE,
                l(1, input.length),
                input,
                l(1, expected.length),
                expected);
    }

    private static List<KnownOutput> moves() {
        return List.of(
                square("mean", new Operator.Mean(List.of(2, 3), false), l(1), 5),
                square("mean, axis kept", new Operator.Mean(List.of(2), true), l(1, 1, 3), 4, 5, 6),
                square("max", new Operator.Max(List.of(2, 3), false), l(1), 9),
                square("max, axis kept", new Operator.Max(List.of(3), true), l(1, 3, 1), 3, 6, 9),
                square(
                        "crop",
                        new Operator.Crop(l(0, 0, 1, 0), l(0, 0, 0, 2)),
                        l(1, 2, 1),
                        n(4, 7)),
                six(
                        "tile",
                        new Operator.Tile(l(1, 1, 2)),
                        l(2, 6),
                        1,
                        2,
                        3,
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        4,
                        5,
                        6),
                six("reshape", new Operator.Reshape(l(-1, 3, 2)), l(3, 2), SIX),
                six("flatten", new Operator.Flatten(1, 2), l(6), SIX),
                six("permute", new Operator.Permute(List.of(0, 2, 1)), l(3, 2), 1, 4, 2, 5, 3, 6),
                one(
                        "pad",
                        new Operator.Pad(l(0, 1, 0), l(0, 0, 1), 7),
                        NONE,
                        l(1, 2),
                        n(1, 2),
                        l(2, 3),
                        n(7, 7, 7, 1, 2, 7)));
    }

    private static KnownOutput six(
            String name, Operator operator, List<Long> gives, double... expected) {
        return one(name, operator, NONE, l(2, 3), SIX, gives, expected);
    }
}
