package io.vitrail.testkit;

import static io.vitrail.testkit.Sketch.stored;
import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.types.DataType;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Make tiny networks whose answers can be worked out by hand.
 *
 * <p>All weights are small integers, so float results are exact. Each takes a batch of any size.
 */
public final class TinyNetworks {
    private static final Map<String, Parameter> NONE = Map.of();

    private TinyNetworks() {}

    /** Return {@link #m1(DataType)} in float. */
    public static GraphSource m1() {
        return m1(DataType.FLOAT32);
    }

    /**
     * Create a convolution and a linear layer, each with a ReLU.
     *
     * <p>Input {@code x} (N, 1, 4, 4). {@code conv1}: 1 to 2 channels, 3x3 of ones, bias -50, -75;
     * {@code relu1}; {@code flatten}; {@code linear}: 8 to 4, every row 1,1,1,1,1,-1,-1,-1; {@code
     * relu2}. At 0..15, class 0: guided backpropagation gives 0,1,1,1 / 1,3,3,2 / 1,3,3,2 /
     * 1,2,2,1; Grad-CAM without ReLU 11.25,13.5 / 20.25,22.5 at {@code conv1} and 0,4 / 28,32.5 at
     * {@code relu1}.
     */
    public static GraphSource m1(DataType type) {
        double[] row = {1, 1, 1, 1, 1, -1, -1, -1};
        double[] rows = new double[32];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row[i % 8];
        }
        double[] ones = new double[18];
        Arrays.fill(ones, 1);
        Map<String, Parameter> conv =
                Map.of(
                        "weight", weight("conv1.weight", type, List.of(2L, 1L, 3L, 3L), ones),
                        "bias", weight("conv1.bias", type, List.of(2L), -50, -75));
        Map<String, Parameter> linear =
                Map.of("weight", weight("linear.weight", type, List.of(4L, 8L), rows));
        Operator convolution =
                new Operator.Convolution(
                        List.of(1L, 1L), List.of(0L, 0L), List.of(0L, 0L), List.of(1L, 1L), 1);
        return new SketchedSource(
                "m1",
                type,
                sketch -> {
                    Value x = sketch.input("x", 1, 4, 4);
                    Value c = sketch.node("conv1", convolution, conv, List.of(2L, 2L, 2L), x);
                    Value r =
                            sketch.node("relu1", new Operator.Relu(), NONE, List.of(2L, 2L, 2L), c);
                    Value f =
                            sketch.node(
                                    "flatten", new Operator.Flatten(1, 3), NONE, List.of(8L), r);
                    Value l = sketch.node("linear", new Operator.Linear(), linear, List.of(4L), f);
                    sketch.output(
                            "y", sketch.node("relu2", new Operator.Relu(), NONE, List.of(4L), l));
                });
    }

    /**
     * Create {@link #m1()} as Keras would keep it: pictures with their channels last, the kernel
     * stored (h, w, in, out), the matrix (in, out) and in the order in which channels last flatten.
     *
     * <p>Input {@code x} (N, 4, 4, 1); the same layers, so the same answers.
     */
    public static GraphSource m1ChannelsLast() {
        DataType type = DataType.FLOAT32;
        double[] column = {1, 1, 1, -1, 1, -1, 1, -1}; // channel 0 all 1, channel 1 its first only
        double[] columns = new double[32];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = column[i / 4];
        }
        double[] ones = new double[18];
        Arrays.fill(ones, 1);
        List<Long> kernel = List.of(3L, 3L, 1L, 2L);
        List<Long> used = List.of(2L, 1L, 3L, 3L);
        Map<String, Parameter> conv =
                Map.of(
                        "weight", stored("conv1", type, kernel, List.of(3, 2, 0, 1), used, ones),
                        "bias", weight("conv1.bias", type, List.of(2L), -50, -75));
        List<Long> turned = List.of(8L, 4L);
        List<Long> matrix = List.of(4L, 8L);
        Map<String, Parameter> linear =
                Map.of("weight", stored("linear", type, turned, List.of(1, 0), matrix, columns));
        List<Long> one = List.of(1L, 1L);
        List<Long> zero = List.of(0L, 0L);
        Operator convolution =
                new Operator.Convolution(one, zero, zero, one, 1, Layout.CHANNELS_LAST);
        List<Long> picture = List.of(2L, 2L, 2L);
        Operator relu = new Operator.Relu();
        return new SketchedSource(
                "m1-channels-last",
                type,
                Layout.CHANNELS_LAST,
                sketch -> {
                    Value x = sketch.input("x", 4, 4, 1);
                    Value c = sketch.node("conv1", convolution, conv, picture, x);
                    Value r = sketch.node("relu1", relu, NONE, picture, c);
                    Operator flatten = new Operator.Flatten(1, 3);
                    Value f = sketch.node("flatten", flatten, NONE, List.of(8L), r);
                    Value l = sketch.node("linear", new Operator.Linear(), linear, List.of(4L), f);
                    sketch.output("y", sketch.node("relu2", relu, NONE, List.of(4L), l));
                });
    }

    /**
     * Create three linear layers with a ReLU before the last.
     *
     * <p>Input {@code x} (N, 3). {@code linear0}: identity; {@code linear1}: 3 to 4, ones, bias
     * -10, 1, 1, 1; {@code relu}; {@code linear2}: 4 to 2, ones, bias -1, 1. At 0,100,0 the
     * pre-activation of {@code relu} is 90, 101, 101, 101 and the output 392, 394.
     */
    public static GraphSource m2() {
        DataType type = DataType.FLOAT32;
        Map<String, Parameter> identity =
                Map.of(
                        "weight",
                        weight("linear0.weight", type, List.of(3L, 3L), 1, 0, 0, 0, 1, 0, 0, 0, 1));
        double[] ones = new double[12];
        Arrays.fill(ones, 1);
        Map<String, Parameter> up =
                Map.of(
                        "weight", weight("linear1.weight", type, List.of(4L, 3L), ones),
                        "bias", weight("linear1.bias", type, List.of(4L), -10, 1, 1, 1));
        Map<String, Parameter> down =
                Map.of(
                        "weight",
                        weight("linear2.weight", type, List.of(2L, 4L), Arrays.copyOf(ones, 8)),
                        "bias",
                        weight("linear2.bias", type, List.of(2L), -1, 1));
        return new SketchedSource(
                "m2",
                type,
                sketch -> {
                    Operator linear = new Operator.Linear();
                    Value x = sketch.input("x", 3);
                    Value a = sketch.node("linear0", linear, identity, List.of(3L), x);
                    Value b = sketch.node("linear1", linear, up, List.of(4L), a);
                    Value r = sketch.node("relu", new Operator.Relu(), NONE, List.of(4L), b);
                    sketch.output("y", sketch.node("linear2", linear, down, List.of(2L), r));
                });
    }

    /**
     * Create one activation between two linear layers.
     *
     * <p>Input {@code x} (N, 3); {@code linear1}: identity; {@code activation}; {@code linear2}:
     * the only output 1, -2, 3 times its inputs. So the gradient at the activation's output is
     * 1,-2,3 and at the input f'(x) times that; a guided rule leaves f'(x) times 1,0,3.
     */
    public static GraphSource activation(Operator activation) {
        DataType type = DataType.FLOAT32;
        Map<String, Parameter> identity =
                Map.of(
                        "weight",
                        weight("linear1.weight", type, List.of(3L, 3L), 1, 0, 0, 0, 1, 0, 0, 0, 1));
        Map<String, Parameter> sum =
                Map.of("weight", weight("linear2.weight", type, List.of(1L, 3L), 1, -2, 3));
        return new SketchedSource(
                activation.kind() + "-net",
                type,
                sketch -> {
                    Operator linear = new Operator.Linear();
                    Value x = sketch.input("x", 3);
                    Value h = sketch.node("linear1", linear, identity, List.of(3L), x);
                    Value a = sketch.node("activation", activation, NONE, List.of(3L), h);
                    sketch.output("y", sketch.node("linear2", linear, sum, List.of(1L), a));
                });
    }

    /** Return {@link #activation} with a leaky ReLU of slope 1/2. */
    public static GraphSource leaky() {
        return activation(new Operator.LeakyRelu(0.5));
    }

    /**
     * Create a network whose ReLU shares its input with a shortcut.
     *
     * <p>Input {@code x} (N, 2); {@code linear1}: h = (x0 + x1, x0 - x1); {@code relu}: r; {@code
     * add}: r + h; {@code linear2}: y = (s0 - s1, s1 - s0). At 3,1: h = 4,2; class 0: the gradient
     * at {@code add} is 1,-1, so at h it is 1[h>0] g + g = 2,-2 and at x 0,4. A guided rule at the
     * ReLU's own branch leaves 1,0 of its share: 2,-1 at h and 1,3 at x. (One that clamps the
     * shared input, as hooks on tensors do, would give 2,2.)
     */
    public static GraphSource residual() {
        DataType type = DataType.FLOAT32;
        Map<String, Parameter> mix =
                Map.of("weight", weight("linear1.weight", type, List.of(2L, 2L), 1, 1, 1, -1));
        Map<String, Parameter> differences =
                Map.of("weight", weight("linear2.weight", type, List.of(2L, 2L), 1, -1, -1, 1));
        return new SketchedSource(
                "residual",
                type,
                sketch -> {
                    Operator linear = new Operator.Linear();
                    Value x = sketch.input("x", 2);
                    Value h = sketch.node("linear1", linear, mix, List.of(2L), x);
                    Value r = sketch.node("relu", new Operator.Relu(), NONE, List.of(2L), h);
                    Value s = sketch.node("add", new Operator.Add(), NONE, List.of(2L), r, h);
                    sketch.output("y", sketch.node("linear2", linear, differences, List.of(2L), s));
                });
    }

    /**
     * Create a network with two inputs and two outputs.
     *
     * <p>Inputs {@code a} (N, 2) and {@code b} (N, 3). {@code linearA}: (a0, a1); {@code linearB}:
     * (b0 + b1, b2); {@code add}; {@code relu}; {@code head}: p = (h0, h1, h0 + h1), the first
     * output; {@code side}: q = b0 - b2, the second, which no part of {@code a} reaches. At a =
     * 1,-5 and b = 2,3,4: h = 6,0; p = 6,0,6; q = -2.
     */
    public static GraphSource twoInputs() {
        DataType type = DataType.FLOAT32;
        Map<String, Parameter> ofA =
                Map.of("weight", weight("linearA.weight", type, List.of(2L, 2L), 1, 0, 0, 1));
        Map<String, Parameter> ofB =
                Map.of("weight", weight("linearB.weight", type, List.of(2L, 3L), 1, 1, 0, 0, 0, 1));
        Map<String, Parameter> head =
                Map.of("weight", weight("head.weight", type, List.of(3L, 2L), 1, 0, 0, 1, 1, 1));
        Map<String, Parameter> side =
                Map.of("weight", weight("side.weight", type, List.of(1L, 3L), 1, 0, -1));
        return new SketchedSource(
                "two-inputs",
                type,
                sketch -> {
                    Operator linear = new Operator.Linear();
                    Value a = sketch.input("a", 2);
                    Value b = sketch.input("b", 3);
                    Value fromA = sketch.node("linearA", linear, ofA, List.of(2L), a);
                    Value fromB = sketch.node("linearB", linear, ofB, List.of(2L), b);
                    Value s =
                            sketch.node("add", new Operator.Add(), NONE, List.of(2L), fromA, fromB);
                    Value h = sketch.node("relu", new Operator.Relu(), NONE, List.of(2L), s);
                    sketch.output("p", sketch.node("head", linear, head, List.of(3L), h));
                    sketch.output("q", sketch.node("side", linear, side, List.of(1L), b));
                });
    }

    /**
     * Create a network that ends in a softmax.
     *
     * <p>Input {@code x} (N, 2); {@code linear1}: identity; {@code relu}; {@code logits}: (2 r0, r0
     * + r1, r1); {@code softmax}.
     */
    public static GraphSource softmax() {
        DataType type = DataType.FLOAT32;
        Map<String, Parameter> identity =
                Map.of("weight", weight("linear1.weight", type, List.of(2L, 2L), 1, 0, 0, 1));
        Map<String, Parameter> logits =
                Map.of("weight", weight("logits.weight", type, List.of(3L, 2L), 2, 0, 1, 1, 0, 1));
        return new SketchedSource(
                "softmax-net",
                type,
                sketch -> {
                    Operator linear = new Operator.Linear();
                    Value x = sketch.input("x", 2);
                    Value h = sketch.node("linear1", linear, identity, List.of(2L), x);
                    Value r = sketch.node("relu", new Operator.Relu(), NONE, List.of(2L), h);
                    Value l = sketch.node("logits", linear, logits, List.of(3L), r);
                    sketch.output(
                            "probabilities",
                            sketch.node("softmax", new Operator.Softmax(1), NONE, List.of(3L), l));
                });
    }
}
