package io.vitrail.testkit;

import static io.vitrail.testkit.OperatorCase.NONE;
import static io.vitrail.testkit.OperatorCase.PICTURE;
import static io.vitrail.testkit.OperatorCase.one;
import static io.vitrail.testkit.SingleOperator.l;

import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Operator.Resize.Interpolation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What joins arrays, moves, repeats or drops their parts, or sums up whole axes. */
final class ArrangementCases {
    private ArrangementCases() {}

    static List<OperatorCase> all() {
        return Stream.of(merges(), resizes(), moves()).flatMap(List::stream).toList();
    }

    private static List<OperatorCase> merges() {
        return List.of(
                broadcast("add", new Operator.Add()),
                broadcast("subtract", new Operator.Subtract()),
                broadcast("multiply", new Operator.Multiply()),
                broadcast("divide", new Operator.Divide()),
                broadcast("maximum", new Operator.Maximum()),
                broadcast("minimum", new Operator.Minimum()),
                new OperatorCase(
                        "matrix product",
                        new Operator.MatMul(),
                        NONE,
                        List.of(l(2, 3, 4), l(1, 4, 2)),
                        l(2, 3, 2)),
                new OperatorCase(
                        "concat",
                        new Operator.Concat(1),
                        NONE,
                        List.of(l(1, 4), l(2, 4), l(1, 4)),
                        l(4, 4)),
                one(
                        "linear",
                        new Operator.Linear(),
                        Map.of("weight", l(4, 5), "bias", l(4)),
                        l(5),
                        l(4)),
                one(
                        "linear on rows, no bias",
                        new Operator.Linear(),
                        Map.of("weight", l(4, 5)),
                        l(3, 5),
                        l(3, 4)),
                one(
                        "constant",
                        new Operator.Constant(),
                        Map.of("value", l(3, 4)),
                        l(3, 4),
                        l(3, 4)));
    }

    private static OperatorCase broadcast(String name, Operator operator) {
        return new OperatorCase(name, operator, NONE, List.of(l(3, 4), l(1, 4)), l(3, 4));
    }

    private static List<OperatorCase> resizes() {
        List<Long> volume = l(2, 2, 4, 3);
        return List.of(
                resize("nearest", Interpolation.NEAREST, false, PICTURE, 4, 10),
                resize("nearest, one axis", Interpolation.NEAREST, false, l(2, 5), 8),
                resize("nearest, three axes", Interpolation.NEAREST, false, volume, 3, 2, 5),
                resize("bilinear", Interpolation.BILINEAR, false, PICTURE, 4, 10),
                resize("bilinear, one axis", Interpolation.BILINEAR, false, l(2, 5), 8),
                resize("bilinear, three axes", Interpolation.BILINEAR, false, volume, 3, 2, 5),
                resize("antialiased", Interpolation.BILINEAR, true, PICTURE, 3, 10),
                resize("antialiased, one axis", Interpolation.BILINEAR, true, l(2, 5), 2),
                resize("antialiased, three axes", Interpolation.BILINEAR, true, volume, 1, 3, 2));
    }

    private static OperatorCase resize(
            String name,
            Interpolation interpolation,
            boolean antialias,
            List<Long> takes,
            long... sizes) {
        Operator resize =
                new Operator.Resize(l(sizes), interpolation, antialias, Layout.CHANNELS_FIRST);
        List<Long> gives = Stream.concat(Stream.of(takes.get(0)), l(sizes).stream()).toList();
        return one("resize, " + name, resize, NONE, takes, gives);
    }

    private static List<OperatorCase> moves() {
        return List.of(
                one("mean", new Operator.Mean(List.of(2, 3), false), NONE, PICTURE, l(2)),
                one(
                        "mean, axis kept",
                        new Operator.Mean(List.of(1), true),
                        NONE,
                        PICTURE,
                        l(1, 6, 7)),
                one("max", new Operator.Max(List.of(2, 3), false), NONE, PICTURE, l(2)),
                one(
                        "max, axis kept",
                        new Operator.Max(List.of(1), true),
                        NONE,
                        PICTURE,
                        l(1, 6, 7)),
                one("pad", new Operator.Pad(l(0, 1, 0), l(0, 0, 2), 0.5), NONE, l(3, 4), l(4, 6)),
                one(
                        "crop",
                        new Operator.Crop(l(0, 1, 0, 2), l(0, 0, 3, 1)),
                        NONE,
                        PICTURE,
                        l(1, 3, 4)),
                one("tile", new Operator.Tile(l(1, 2, 1)), NONE, l(3, 4), l(6, 4)),
                one("identity", new Operator.Identity(), NONE, l(3, 4), l(3, 4)),
                one(
                        "reshape",
                        new Operator.Reshape(l(OperatorCase.ITEMS, 2, -1)),
                        NONE,
                        l(3, 4),
                        l(2, 6)),
                one("flatten", new Operator.Flatten(1, 3), NONE, PICTURE, l(84)),
                one(
                        "permute",
                        new Operator.Permute(List.of(0, 3, 1, 2)),
                        NONE,
                        PICTURE,
                        l(7, 2, 6)));
    }
}
