package io.vitrail.testkit;

import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * An operator, one item of input and the output that its definition gives.
 *
 * <p>The numbers of the pointwise ones come from Python's {@code math} module, the others were
 * worked out by hand.
 */
record KnownOutput(
        String name,
        Operator operator,
        Map<String, Parameter> weights,
        List<Long> takes,
        double[] input,
        List<Long> gives,
        double[] expected) {
    private static final Map<String, Parameter> NONE = Map.of();
    private static final DataType DOUBLE = DataType.FLOAT64;
    private static final double[] POINTS = {-7.5, -2, -0.5, 0, 0.25, 1.5, 8};
    private static final double[] NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    private static final List<Long> SQUARE = l(1, 3, 3);

    static List<KnownOutput> all() {
        List<KnownOutput> all = new ArrayList<>();
        all.addAll(activations());
        all.addAll(windows());
        all.addAll(others());
        return all;
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
                        0.9999997749296758));
    }

    private static List<KnownOutput> windows() {
        List<Long> two = l(2, 2);
        List<Long> one = l(1, 1);
        List<Long> zero = l(0, 0);
        return List.of(
                new KnownOutput(
                        "conv2d pads below and to the right only",
                        new Operator.Convolution(two, zero, one, one, 1),
                        Map.of(
                                "weight", weight("w", DOUBLE, l(1, 1, 2, 2), 1, 2, 3, 4),
                                "bias", weight("b", DOUBLE, l(1), 10)),
                        SQUARE,
                        NINE,
                        l(1, 2, 2),
                        // 1+4+12+20, 3+18, 7+16, 9
                        n(47, 31, 33, 19)),
                square("max pool", new Operator.MaxPool(two, one, zero, one, false), n(5, 6, 8, 9)),
                square(
                        "max pool, last window cut",
                        new Operator.MaxPool(two, two, zero, one, true),
                        n(5, 6, 8, 9)),
                square(
                        "average pool, padding counts",
                        new Operator.AveragePool(two, two, one, false, true),
                        n(0.25, 1.25, 2.75, 7)),
                square(
                        "average pool, padding does not count",
                        new Operator.AveragePool(two, two, one, false, false),
                        n(1, 2.5, 5.5, 7)),
                square(
                        "adaptive average, windows overlap",
                        new Operator.AdaptiveAveragePool(two),
                        n(3, 4, 6, 7)));
    }

    private static List<KnownOutput> others() {
        return List.of(
                new KnownOutput(
                        "batch norm",
                        new Operator.BatchNorm(1),
                        Map.of(
                                "mean", weight("m", DOUBLE, l(2), 1, 2),
                                "variance", weight("v", DOUBLE, l(2), 3, 8),
                                "weight", weight("w", DOUBLE, l(2), 4, 6),
                                "bias", weight("b", DOUBLE, l(2), 0, 100)),
                        l(2, 1, 2),
                        n(1, 2, 2, 5),
                        l(2, 1, 2),
                        n(0, 2, 100, 106)),
                new KnownOutput(
                        "prelu",
                        new Operator.Prelu(),
                        Map.of("weight", weight("w", DOUBLE, l(2), 0.5, 0.25)),
                        l(2, 1, 2),
                        n(-1, 2, -2, 5),
                        l(2, 1, 2),
                        n(-0.5, 2, -0.5, 5)),
                new KnownOutput(
                        "softmax",
                        new Operator.Softmax(1),
                        NONE,
                        l(3),
                        n(1, 2, 4),
                        l(3),
                        n(0.04201006613406605, 0.11419519938459449, 0.8437947344813395)),
                new KnownOutput(
                        "log softmax",
                        new Operator.LogSoftmax(1),
                        NONE,
                        l(3),
                        n(1, 2, 4),
                        l(3),
                        n(-3.1698460195562856, -2.1698460195562856, -0.16984601955628567)),
                new KnownOutput(
                        "mean",
                        new Operator.Mean(List.of(2, 3), false),
                        NONE,
                        SQUARE,
                        NINE,
                        l(1),
                        n(5)),
                new KnownOutput(
                        "permute",
                        new Operator.Permute(List.of(0, 2, 1)),
                        NONE,
                        l(2, 3),
                        n(1, 2, 3, 4, 5, 6),
                        l(3, 2),
                        n(1, 4, 2, 5, 3, 6)),
                new KnownOutput(
                        "pad",
                        new Operator.Pad(l(0, 1, 0), l(0, 0, 1), 7),
                        NONE,
                        l(1, 2),
                        n(1, 2),
                        l(2, 3),
                        n(7, 7, 7, 1, 2, 7)));
    }

    private static KnownOutput at(Operator operator, double... expected) {
        return new KnownOutput(operator.toString(), operator, NONE, l(7), POINTS, l(7), expected);
    }

    private static KnownOutput square(String name, Operator operator, double[] expected) {
        return new KnownOutput(name, operator, NONE, SQUARE, NINE, l(1, 2, 2), expected);
    }

    private static List<Long> l(long... sizes) {
        return LongStream.of(sizes).boxed().toList();
    }

    private static double[] n(double... numbers) {
        return numbers;
    }

    GraphSource network() {
        return new SketchedSource(
                name,
                DOUBLE,
                sketch ->
                        sketch.output(
                                "y",
                                sketch.node(
                                        "op",
                                        operator,
                                        weights,
                                        gives,
                                        sketch.input("x", sizes(takes)))));
    }

    NDList inputs(NDManager manager) {
        return new NDList(manager.create(input, new Shape(1).addAll(new Shape(sizes(takes)))));
    }

    private static long[] sizes(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
