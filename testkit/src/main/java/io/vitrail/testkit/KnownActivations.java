package io.vitrail.testkit;

import static io.vitrail.api.graph.Operator.Pointwise.Function.ABS;
import static io.vitrail.api.graph.Operator.Pointwise.Function.EXP;
import static io.vitrail.api.graph.Operator.Pointwise.Function.LOG;
import static io.vitrail.api.graph.Operator.Pointwise.Function.LOG_SIGMOID;
import static io.vitrail.api.graph.Operator.Pointwise.Function.NEGATE;
import static io.vitrail.api.graph.Operator.Pointwise.Function.SOFTSIGN;
import static io.vitrail.api.graph.Operator.Pointwise.Function.SPARSE_PLUS;
import static io.vitrail.api.graph.Operator.Pointwise.Function.SPARSE_SIGMOID;
import static io.vitrail.api.graph.Operator.Pointwise.Function.SQUARE;
import static io.vitrail.api.graph.Operator.Pointwise.Function.SQUARE_PLUS;
import static io.vitrail.api.graph.Operator.Pointwise.Function.SQUARE_ROOT;
import static io.vitrail.api.graph.Operator.Pointwise.Function.TANH_SHRINK;
import static io.vitrail.testkit.KnownOutput.n;
import static io.vitrail.testkit.KnownOutput.row;

import io.vitrail.api.graph.Operator;
import java.util.List;
import java.util.stream.Stream;

/** What functions of each element give; numbers with a tail come from Python's math module. */
final class KnownActivations {
    private static final double[] POINTS = {-7.5, -2, -0.5, 0, 0.25, 1.5, 8};
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private KnownActivations() {}

    static List<KnownOutput> all() {
        return Stream.of(activations(), functions()).flatMap(List::stream).toList();
    }

    private static List<KnownOutput> activations() {
        return List.of(
                at(new Operator.Relu(), 0, 0, 0, 0, 0.25, 1.5, 8),
                at(new Operator.LeakyRelu(0.1), -0.75, -0.2, -0.05, 0, 0.25, 1.5, 8),
                at(new Operator.Clip(0, 6, false), 0, 0, 0, 0, 0.25, 1.5, 6),
                at(new Operator.Clip(-1, 1, true), -1, -1, -0.5, 0, 0.25, 1, 1),
                at(
                        new Operator.Elu(1, 1, 1),
                        -0.9994469156298522,
                        -0.8646647167633873,
                        -0.3934693402873666,
                        0,
                        0.25,
                        1.5,
                        8),
                at(
                        new Operator.Elu(1.6733, 1.0507, 1),
                        -1.7571639122863496,
                        -1.520198434517577,
                        -0.691772734030965,
                        0,
                        0.262675,
                        1.57605,
                        8.4056),
                at(
                        new Operator.Elu(2, 1, 0.5),
                        -1.9529645082879818,
                        -1.2642411176571153,
                        -0.44239843385719024,
                        0,
                        0.25,
                        1.5,
                        8),
                at(
                        new Operator.Gelu(false),
                        -2.393918396847994e-13,
                        -0.04550026389635842,
                        -0.15426876936299344,
                        0,
                        0.14967658142073093,
                        1.399789198096713,
                        7.999999999999995),
                at(
                        new Operator.Gelu(true),
                        0,
                        -0.04540230591222494,
                        -0.15428599017485606,
                        0,
                        0.149675350701685,
                        1.3995715769802328,
                        8),
                at(
                        new Operator.Silu(),
                        -0.004145839776926997,
                        -0.2384058440442351,
                        -0.1887703343990727,
                        0,
                        0.14054412522144952,
                        1.2263617142904655,
                        7.997317198956269),
                at(
                        new Operator.Mish(),
                        -0.004146985642582228,
                        -0.2525014826957089,
                        -0.22074377465173,
                        0,
                        0.1695724096638176,
                        1.4033782663958028,
                        7.999998200644843),
                at(
                        new Operator.Softplus(2),
                        1.5295113685686024e-07,
                        0.009074963958904869,
                        0.15663084375911143,
                        0.34657359027997264,
                        0.48703849209005334,
                        1.524293675786871,
                        8.000000056267584),
                at(
                        new Operator.HardSwish(),
                        0,
                        -1 / 3.0,
                        -0.20833333333333334,
                        0,
                        0.13541666666666666,
                        1.125,
                        8),
                at(new Operator.HardSigmoid(), 0, 1 / 6.0, 2.5 / 6, 0.5, 3.25 / 6, 0.75, 1),
                at(
                        new Operator.Sigmoid(),
                        0.0005527786369235996,
                        0.11920292202211755,
                        0.3775406687981454,
                        0.5,
                        0.5621765008857981,
                        0.8175744761936437,
                        0.9996646498695336),
                at(
                        new Operator.Tanh(),
                        -0.9999993881955461,
                        -0.9640275800758169,
                        -0.46211715726000974,
                        0,
                        0.24491866240370913,
                        0.9051482536448664,
                        0.9999997749296758),
                at(new Operator.HardSigmoid(0.2), 0, 0.1, 0.4, 0.5, 0.55, 0.8, 1),
                at(new Operator.GeneralRelu(6, 0.1, 1), -0.85, -0.3, -0.15, -0.1, -0.075, 1.5, 6),
                at(new Operator.GeneralRelu(6, 0.1, 0), -0.75, -0.2, -0.05, 0, 0.25, 1.5, 6),
                at(new Operator.GeneralRelu(6, 0, 0), 0, 0, 0, 0, 0.25, 1.5, 6),
                at(new Operator.GeneralRelu(INFINITY, 0, 0), 0, 0, 0, 0, 0.25, 1.5, 8),
                at(new Operator.GeneralRelu(INFINITY, 0, 1), 0, 0, 0, 0, 0, 1.5, 8),
                at(new Operator.Shrink(0.5, false), -7.5, -2, 0, 0, 0, 1.5, 8),
                at(new Operator.Shrink(0.5, true), -7, -1.5, 0, 0, 0, 1, 7.5),
                at(new Operator.Threshold(0.25, -3), -3, -3, -3, -3, -3, 1.5, 8),
                at(new Operator.Scale(-2, 0.5), 15.5, 4.5, 1.5, 0.5, 0, -2.5, -15.5),
                at(new Operator.Identity(), POINTS));
    }

    private static List<KnownOutput> functions() {
        return List.of(
                at(ABS, 7.5, 2, 0.5, 0, 0.25, 1.5, 8),
                at(
                        EXP,
                        0.0005530843701478336,
                        0.1353352832366127,
                        0.6065306597126334,
                        1,
                        1.2840254166877414,
                        4.4816890703380645,
                        2980.9579870417283),
                at(NEGATE, 7.5, 2, 0.5, 0, -0.25, -1.5, -8),
                at(SQUARE, 56.25, 4, 0.25, 0, 0.0625, 2.25, 64),
                at(SOFTSIGN, -7.5 / 8.5, -2 / 3.0, -1 / 3.0, 0, 0.2, 0.6, 8 / 9.0),
                at(
                        LOG_SIGMOID,
                        -7.500552931475361,
                        -2.1269280110429727,
                        -0.9740769841801067,
                        -0.6931471805599453,
                        -0.5759394198788436,
                        -0.2014132779827524,
                        -0.00033540637289576885),
                at(
                        TANH_SHRINK,
                        -6.500000611804454,
                        -1.035972419924183,
                        -0.03788284273999026,
                        0,
                        0.005081337596290869,
                        0.5948517463551336,
                        7.000000225070324),
                at(
                        SQUARE_PLUS,
                        0.13104367406500605,
                        0.41421356237309515,
                        0.7807764064044151,
                        1,
                        1.1327822185373186,
                        2,
                        8.123105625617661),
                at(SPARSE_PLUS, 0, 0, 0.0625, 0.25, 0.390625, 1.5, 8),
                at(SPARSE_SIGMOID, 0, 0, 0.25, 0.5, 0.625, 1, 1),
                row(
                        "logarithm",
                        new Operator.Pointwise(LOG),
                        n(1, Math.E, 0.25),
                        n(0, 1, -1.3862943611198906)),
                row(
                        "square root",
                        new Operator.Pointwise(SQUARE_ROOT),
                        n(0, 2.25, 9),
                        n(0, 1.5, 3)),
                row(
                        "softmax",
                        new Operator.Softmax(1),
                        n(1, 2, 4),
                        n(0.04201006613406605, 0.11419519938459449, 0.8437947344813395)),
                row(
                        "log softmax",
                        new Operator.LogSoftmax(1),
                        n(1, 2, 4),
                        n(-3.1698460195562856, -2.1698460195562856, -0.16984601955628567)));
    }

    private static KnownOutput at(Operator operator, double... expected) {
        return row(operator.toString(), operator, POINTS, expected);
    }

    private static KnownOutput at(Operator.Pointwise.Function function, double... expected) {
        return at(new Operator.Pointwise(function), expected);
    }
}
