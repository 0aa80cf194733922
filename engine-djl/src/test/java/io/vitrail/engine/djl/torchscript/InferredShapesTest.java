package io.vitrail.engine.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Node;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.engine.djl.torch.NodeText;
import io.vitrail.engine.djl.torch.Script;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Shapes that are inferred are those that libtorch makes; what it refuses is not inferred. */
class InferredShapesTest {
    private final Random random = new Random(5);
    private int inferred;
    private int refused;

    private static Parameter weight(long... shape) {
        Shape sizes = new Shape(shape);
        return new Parameter(
                "w",
                sizes,
                DataType.FLOAT32,
                () -> ByteBuffer.allocateDirect((int) (4 * sizes.size())));
    }

    private static Map<String, Parameter> weights(Object... namesAndWeights) {
        Map<String, Parameter> weights = new LinkedHashMap<>();
        for (int i = 0; i < namesAndWeights.length; i += 2) {
            weights.put((String) namesAndWeights[i], (Parameter) namesAndWeights[i + 1]);
        }
        return weights;
    }

    /** Compare with what libtorch makes; whatever it refuses must not be inferred. */
    private void check(Operator operator, Map<String, Parameter> parameters, Shape... in) {
        Shape made = made(operator, parameters, in);
        Shape said = InferredShapes.of(operator, parameters, List.of(in));
        if (said != null) {
            assertThat(said).as(operator + " of " + List.of(in)).isEqualTo(made);
            inferred++;
        } else {
            refused++;
        }
    }

    /** Compare where libtorch is known to accept it: it must be inferred. */
    private void known(Operator operator, Map<String, Parameter> parameters, Shape... in) {
        int before = inferred;
        check(operator, parameters, in);
        assertThat(inferred).as(operator + " of " + List.of(in)).isEqualTo(before + 1);
    }

    private static @Nullable Shape made(
            Operator operator, Map<String, Parameter> parameters, Shape... in) {
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            values.add(new Value.Input(i));
        }
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
            NDList x = new NDList(manager.zeros(new Shape(1)));
            for (Shape shape : in) {
                x.add(manager.zeros(shape));
            }
            NDList p = new NDList(manager.zeros(new Shape(1)));
            NodeText text =
                    new NodeText(
                            value -> "x[" + (((Value.Input) value).index() + 1) + "]",
                            parameter -> {
                                p.add(manager.zeros(parameter.shape()));
                                return "p[" + (p.size() - 1) + "]";
                            });
            Node node = new Node("n", operator, values, parameters, List.of(), "here");
            String body = "return [" + text.expression(node) + "]";
            try (Script script = Script.compile(manager, body, true)) {
                return script.run(x, p).head().getShape();
            } catch (EngineException e) {
                return null;
            }
        }
    }

    private List<Long> some(int count, int from, int to) {
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add((long) from + random.nextInt(to - from + 1));
        }
        return numbers;
    }

    @Test
    void convolutionsOfAnyGeometry() {
        for (int i = 0; i < 60; i++) {
            int axes = 1 + random.nextInt(3);
            List<Long> kernel = some(axes, 1, 4);
            List<Long> sizes = some(axes, 1, 9);
            int groups = 1 + random.nextInt(2);
            long[] weight = new long[axes + 2];
            long[] x = new long[axes + 2];
            weight[0] = groups + random.nextInt(3);
            weight[1] = 2;
            x[0] = 2;
            x[1] = 2L * groups + (random.nextInt(8) == 0 ? 1 : 0);
            for (int k = 0; k < axes; k++) {
                weight[k + 2] = kernel.get(k);
                x[k + 2] = sizes.get(k);
            }
            List<Long> before = some(axes, 0, 2);
            List<Long> after = random.nextBoolean() ? before : some(axes, 0, 2);
            Operator operator =
                    new Operator.Convolution(
                            some(axes, 1, 3), before, after, some(axes, 1, 2), groups);
            check(
                    operator,
                    random.nextBoolean()
                            ? weights("weight", weight(weight))
                            : weights(
                                    "weight",
                                    weight(weight),
                                    "bias",
                                    weight(weight[0] + (random.nextInt(8) == 0 ? 1 : 0))),
                    new Shape(x));
        }
        assertThat(inferred).isGreaterThan(15);
        assertThat(refused).isGreaterThan(5);
    }

    @Test
    void poolsOfAnyGeometry() {
        for (int i = 0; i < 60; i++) {
            int axes = 1 + random.nextInt(3);
            long[] x = new long[axes + 2];
            List<Long> sizes = some(axes + 2, 1, 8);
            for (int k = 0; k < x.length; k++) {
                x[k] = sizes.get(k);
            }
            List<Long> kernel = some(axes, 1, 4);
            List<Long> strides = some(axes, 1, 4);
            List<Long> padding =
                    kernel.stream()
                            .map(size -> (long) random.nextInt((int) (size / 2 + 1)))
                            .toList();
            boolean ceil = random.nextBoolean();
            check(
                    new Operator.MaxPool(kernel, strides, padding, some(axes, 1, 2), ceil),
                    Map.of(),
                    new Shape(x));
            check(
                    new Operator.AveragePool(kernel, strides, padding, ceil, random.nextBoolean()),
                    Map.of(),
                    new Shape(x));
            known(new Operator.AdaptiveAveragePool(some(axes, 1, 5)), Map.of(), new Shape(x));
        }
        assertThat(inferred).isGreaterThan(90);
        assertThat(refused).isGreaterThan(10);
    }

    @Test
    void whatNetworksAreMadeOfBesides() {
        Shape plane = new Shape(2, 6, 4, 5);
        known(new Operator.Relu(), Map.of(), plane);
        known(new Operator.Clip(0, 6, false), Map.of(), plane);
        known(new Operator.HardSwish(), Map.of(), plane);
        known(
                new Operator.BatchNorm(1e-5),
                weights("mean", weight(6), "variance", weight(6), "weight", weight(6)),
                plane);
        known(
                new Operator.Linear(),
                weights("weight", weight(3, 5), "bias", weight(3)),
                new Shape(2, 4, 5));
        known(new Operator.Softmax(1), Map.of(), plane);
        known(new Operator.LogSoftmax(3), Map.of(), plane);
        known(new Operator.Mean(List.of(2, 3), false), Map.of(), plane);
        known(new Operator.Mean(List.of(3, 1), true), Map.of(), plane);
        known(new Operator.Flatten(1, 3), Map.of(), plane);
        known(new Operator.Flatten(2, 2), Map.of(), plane);
        known(new Operator.Reshape(List.of(2L, -1L, 20L)), Map.of(), plane);
        known(new Operator.Reshape(List.of(240L)), Map.of(), plane);
        known(new Operator.Permute(List.of(0, 3, 1, 2)), Map.of(), plane);
        known(new Operator.Concat(1), Map.of(), plane, new Shape(2, 1, 4, 5), plane);
        known(new Operator.Add(), Map.of(), plane, new Shape(6, 1, 1));
        known(new Operator.Multiply(), Map.of(), new Shape(2, 6, 1, 1), plane);
        known(
                new Operator.Pad(List.of(0L, 0L, 1L, 2L), List.of(0L, 1L, 0L, 3L), 0),
                Map.of(),
                plane);
        known(new Operator.Constant(), weights("value", weight(3, 1)));
    }

    @Test
    void whatDoesNotFitIsLeftToLibtorch() {
        Shape plane = new Shape(2, 6, 4, 5);
        check(new Operator.Add(), Map.of(), plane, new Shape(5, 1, 1));
        check(new Operator.Linear(), weights("weight", weight(3, 4)), plane);
        check(new Operator.Softmax(4), Map.of(), plane);
        check(new Operator.Mean(List.of(1, 1), false), Map.of(), plane);
        check(new Operator.Flatten(2, 1), Map.of(), plane);
        check(new Operator.Reshape(List.of(7L, -1L)), Map.of(), plane);
        check(new Operator.Reshape(List.of(-1L, -1L)), Map.of(), plane);
        check(new Operator.Permute(List.of(0, 1, 1, 2)), Map.of(), plane);
        check(new Operator.Concat(1), Map.of(), plane, new Shape(2, 6, 4, 4));
        check(
                new Operator.BatchNorm(1e-5),
                weights("mean", weight(5), "variance", weight(5)),
                plane);
        assertThat(inferred).isZero();
    }

    @Test
    void arraysThatNoMemoryHoldsAreLeftToLibtorch() {
        Operator wide =
                new Operator.Pad(List.of(0L, 0L, 0L, 0L), List.of(0L, 0L, 60_000L, 60_000L), 0);

        assertThat(InferredShapes.of(wide, Map.of(), List.of(new Shape(1, 1, 1, 1)))).isNull();
    }

    @Test
    void halfPrecisionIsLeftToLibtorch() {
        Parameter half =
                new Parameter(
                        "w", new Shape(3, 5), DataType.FLOAT16, () -> ByteBuffer.allocate(30));

        assertThat(
                        InferredShapes.of(
                                new Operator.Linear(),
                                Map.of("weight", half),
                                List.of(new Shape(2, 5))))
                .isNull();
    }
}
