package io.vitrail.testkit;

import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * One neutral operator as a network of its own, in double.
 *
 * @param takes the shapes of the inputs, without the batch
 * @param gives the shape of the output, without the batch
 */
record OperatorCase(
        String name,
        Operator operator,
        Map<String, List<Long>> weights,
        List<List<Long>> takes,
        List<Long> gives) {
    private static final Map<String, List<Long>> NONE = Map.of();
    private static final List<Long> PICTURE = List.of(2L, 6L, 7L);
    private static final int ITEMS = 2;

    /** Return a case for each neutral operator, some in several settings. */
    static List<OperatorCase> all() {
        List<OperatorCase> all = new ArrayList<>();
        all.addAll(weighted());
        all.addAll(pointwise());
        all.addAll(pooling());
        all.addAll(shaping());
        return all;
    }

    private static List<OperatorCase> weighted() {
        return List.of(
                one(
                        "conv2d, strides, one-sided padding, dilation",
                        new Operator.Convolution(l(2, 1), l(1, 0), l(0, 2), l(1, 2), 1),
                        Map.of("weight", l(3, 2, 3, 2), "bias", l(3)),
                        PICTURE,
                        l(3, 3, 7)),
                one(
                        "conv2d, groups",
                        new Operator.Convolution(l(1, 1), l(1, 1), l(1, 1), l(1, 1), 2),
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
                        "batch norm",
                        new Operator.BatchNorm(1e-3),
                        Map.of("mean", l(2), "variance", l(2), "weight", l(2), "bias", l(2)),
                        PICTURE,
                        PICTURE),
                one(
                        "batch norm, no scale, no shift, no space",
                        new Operator.BatchNorm(1e-5),
                        Map.of("mean", l(5), "variance", l(5)),
                        l(5),
                        l(5)),
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
                        "prelu, one weight a channel",
                        new Operator.Prelu(),
                        Map.of("weight", l(2)),
                        PICTURE,
                        PICTURE),
                one(
                        "prelu, one weight",
                        new Operator.Prelu(),
                        Map.of("weight", l(1)),
                        PICTURE,
                        PICTURE));
    }

    private static List<OperatorCase> pointwise() {
        Map<String, Operator> operators = new LinkedHashMap<>();
        operators.put("relu", new Operator.Relu());
        operators.put("leaky relu", new Operator.LeakyRelu(0.1));
        operators.put("relu6", new Operator.Clip(0, 2, false));
        operators.put("clamp", new Operator.Clip(-1, 1, true));
        operators.put("clamp, one end", new Operator.Clip(0, Double.POSITIVE_INFINITY, true));
        operators.put("elu", new Operator.Elu(1.5, 1, 1));
        operators.put("selu", new Operator.Elu(1.6732632423543772, 1.0507009873554805, 1));
        operators.put("celu", new Operator.Elu(2, 1, 0.5));
        operators.put("gelu", new Operator.Gelu(false));
        operators.put("gelu by tanh", new Operator.Gelu(true));
        operators.put("silu", new Operator.Silu());
        operators.put("mish", new Operator.Mish());
        operators.put("softplus", new Operator.Softplus(2));
        operators.put("hard swish", new Operator.HardSwish());
        operators.put("hard sigmoid", new Operator.HardSigmoid());
        operators.put("sigmoid", new Operator.Sigmoid());
        operators.put("tanh", new Operator.Tanh());
        operators.put("softmax", new Operator.Softmax(1));
        operators.put("log softmax", new Operator.LogSoftmax(1));
        return operators.entrySet().stream()
                .map(each -> one(each.getKey(), each.getValue(), NONE, l(20), l(20)))
                .toList();
    }

    private static List<OperatorCase> pooling() {
        List<Long> two = l(2, 2);
        return List.of(
                one(
                        "max pool",
                        new Operator.MaxPool(l(3, 2), two, l(1, 0), l(1, 2), false),
                        NONE,
                        PICTURE,
                        l(2, 3, 3)),
                one(
                        "max pool, ceil",
                        new Operator.MaxPool(l(3, 3), two, l(0, 0), l(1, 1), true),
                        NONE,
                        PICTURE,
                        l(2, 3, 3)),
                one(
                        "average pool, padding counts",
                        new Operator.AveragePool(l(3, 3), two, l(1, 1), false, true),
                        NONE,
                        PICTURE,
                        l(2, 3, 4)),
                one(
                        "average pool, padding does not count",
                        new Operator.AveragePool(l(3, 3), two, l(1, 1), true, false),
                        NONE,
                        PICTURE,
                        l(2, 4, 4)),
                one(
                        "global average",
                        new Operator.AdaptiveAveragePool(l(1, 1)),
                        NONE,
                        PICTURE,
                        l(2, 1, 1)),
                one(
                        "adaptive average",
                        new Operator.AdaptiveAveragePool(l(4, 3)),
                        NONE,
                        PICTURE,
                        l(2, 4, 3)),
                one("mean", new Operator.Mean(List.of(2, 3), false), NONE, PICTURE, l(2)),
                one(
                        "mean, axis kept",
                        new Operator.Mean(List.of(1), true),
                        NONE,
                        PICTURE,
                        l(1, 6, 7)));
    }

    private static List<OperatorCase> shaping() {
        List<List<Long>> broadcast = List.of(l(3, 4), l(1, 4));
        return List.of(
                new OperatorCase("add", new Operator.Add(), NONE, broadcast, l(3, 4)),
                new OperatorCase("subtract", new Operator.Subtract(), NONE, broadcast, l(3, 4)),
                new OperatorCase("multiply", new Operator.Multiply(), NONE, broadcast, l(3, 4)),
                new OperatorCase(
                        "concat",
                        new Operator.Concat(1),
                        NONE,
                        List.of(l(1, 4), l(2, 4), l(1, 4)),
                        l(4, 4)),
                one("pad", new Operator.Pad(l(0, 1, 0), l(0, 0, 2), 0.5), NONE, l(3, 4), l(4, 6)),
                one("reshape", new Operator.Reshape(l(ITEMS, 2, -1)), NONE, l(3, 4), l(2, 6)),
                one("flatten", new Operator.Flatten(1, 3), NONE, PICTURE, l(84)),
                one(
                        "permute",
                        new Operator.Permute(List.of(0, 3, 1, 2)),
                        NONE,
                        PICTURE,
                        l(7, 2, 6)),
                one(
                        "constant",
                        new Operator.Constant(),
                        Map.of("value", l(3, 4)),
                        l(3, 4),
                        l(3, 4)));
    }

    private static OperatorCase one(
            String name,
            Operator operator,
            Map<String, List<Long>> weights,
            List<Long> takes,
            List<Long> gives) {
        return new OperatorCase(name, operator, weights, List.of(takes), gives);
    }

    private static List<Long> l(long... sizes) {
        return LongStream.of(sizes).boxed().toList();
    }

    /** Return the network: the operator alone, or, for a constant, its sum with the input. */
    GraphSource network() {
        Map<String, Parameter> filled = new LinkedHashMap<>();
        weights.forEach((weight, shape) -> filled.put(weight, filled(weight, shape)));
        return new SketchedSource(
                name,
                DataType.FLOAT64,
                sketch -> {
                    Value[] inputs = new Value[takes.size()];
                    for (int i = 0; i < inputs.length; i++) {
                        inputs[i] = sketch.input("x" + i, sizes(takes.get(i)));
                    }
                    Value last =
                            operator instanceof Operator.Constant
                                    ? sketch.nodeOf("op", operator, filled, new Shape(sizes(gives)))
                                    : sketch.node("op", operator, filled, gives, inputs);
                    if (operator instanceof Operator.Constant) {
                        last =
                                sketch.node(
                                        "add",
                                        new Operator.Add(),
                                        Map.of(),
                                        gives,
                                        inputs[0],
                                        last);
                    }
                    sketch.output("y", last);
                });
    }

    /** Return two items of numbers from -5 to 5 that differ and keep away from every kink. */
    NDList inputs(NDManager manager) {
        NDList inputs = new NDList();
        for (int i = 0; i < takes.size(); i++) {
            Shape shape = new Shape(ITEMS).addAll(new Shape(sizes(takes.get(i))));
            inputs.add(manager.create(spread((int) shape.size(), 11 * i), shape));
        }
        return inputs;
    }

    private static Parameter filled(String name, List<Long> shape) {
        int size = (int) new Shape(sizes(shape)).size();
        double[] numbers = spread(size, name.length());
        for (int i = 0; i < size; i++) {
            // a variance is positive, the others are of either sign and about 1
            numbers[i] = name.equals("variance") ? 0.5 + Math.abs(numbers[i]) : numbers[i] / 4;
        }
        return weight(name, DataType.FLOAT64, shape, numbers);
    }

    private static double[] spread(int size, int shift) {
        double[] numbers = new double[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = (37 * i + shift) % 101 / 10.1 - 4.987;
        }
        return numbers;
    }

    private static long[] sizes(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
