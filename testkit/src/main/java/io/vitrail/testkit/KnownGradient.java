package io.vitrail.testkit;

import static io.vitrail.testkit.KnownOutput.NONE;
import static io.vitrail.testkit.KnownOutput.n;
import static io.vitrail.testkit.SingleOperator.l;
import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.List;
import java.util.Map;

/**
 * An operator, one item of input that stands on its kinks and ties, and the gradient of the
 * output's sum that the operator's page promises there.
 */
record KnownGradient(SingleOperator network, List<double[]> input, List<double[]> expected) {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final DataType DOUBLE = DataType.FLOAT64;

    static List<KnownGradient> all() {
        List<Long> two = l(2, 2);
        List<Long> zero = l(0, 0);
        List<Long> one = l(1, 1);
        Operator last =
                new Operator.MaxPool(two, two, zero, zero, one, false, Layout.CHANNELS_LAST);
        Operator padded =
                new Operator.MaxPool(two, two, zero, one, one, false, Layout.CHANNELS_FIRST);
        return List.of(
                at(new Operator.Relu(), n(0), n(0)),
                at(new Operator.LeakyRelu(0.25), n(0), n(0.25)),
                at(new Operator.Clip(0, 6, false), n(0, 6), n(0, 0)),
                at(new Operator.Clip(0, 6, true), n(0, 6), n(1, 1)),
                at(new Operator.Clip(0, INFINITY, true), n(0), n(1)),
                at(new Operator.GeneralRelu(6, 0.25, 1), n(0, 1, 2, 6, 7), n(0.25, 0.25, 1, 0, 0)),
                at(new Operator.GeneralRelu(6, 0.25, 0), n(0, 6), n(0.25, 0)),
                at(new Operator.GeneralRelu(6, 0, 0), n(-1, 0, 1, 6, 7), n(0, 0, 1, 0, 0)),
                at(new Operator.GeneralRelu(INFINITY, 0, 0), n(-1, 0, 1), n(0, 0, 1)),
                at(new Operator.GeneralRelu(INFINITY, 0, 1), n(1, 2), n(0, 1)),
                prelu("weights of a vector", l(2), 0.5, 0.25),
                prelu("weights that broadcast", l(1, 2), 0, 0),
                at(new Operator.Max(List.of(1), true), n(2, 1, 2), n(0.5, 0, 0.5)),
                tied("maximum", new Operator.Maximum()),
                tied("minimum", new Operator.Minimum()),
                pool("max pool", last, l(2, 2, 1), n(1, 1, 1, 1), l(1, 1, 1), n(1, 0, 0, 0)),
                pool(
                        "max pool, padded",
                        padded,
                        l(1, 2, 3),
                        n(2, 3, 5, 3, 3, 5),
                        l(1, 1, 2),
                        n(0, 1, 1, 0, 0, 0)));
    }

    private static KnownGradient at(Operator operator, double[] input, double[] expected) {
        List<Long> takes = l(input.length);
        List<Long> gives = operator instanceof Operator.Max ? l(1) : takes;
        return pool(operator.toString(), operator, takes, input, gives, expected);
    }

    private static KnownGradient pool(
            String name,
            Operator operator,
            List<Long> takes,
            double[] input,
            List<Long> gives,
            double[] expected) {
        return new KnownGradient(
                new SingleOperator(name, operator, NONE, List.of(takes), gives),
                List.of(input),
                List.of(expected));
    }

    private static KnownGradient prelu(String name, List<Long> shape, double... expected) {
        Map<String, Parameter> weights = Map.of("weight", weight("w", DOUBLE, shape, 0.5, 0.25));
        List<Long> takes = shape.size() == 1 ? l(2, 1) : l(1, 2);
        return new KnownGradient(
                new SingleOperator(
                        "prelu, " + name, new Operator.Prelu(), weights, List.of(takes), takes),
                List.of(n(0, 0)),
                List.of(expected));
    }

    private static KnownGradient tied(String name, Operator operator) {
        return new KnownGradient(
                new SingleOperator(name, operator, NONE, List.of(l(2), l(2)), l(2)),
                List.of(n(3, -1), n(3, -1)),
                List.of(n(1, 1), n(0, 0)));
    }

    String name() {
        return network.name();
    }

    NDList inputs(NDManager manager) {
        return network.inputs(manager, 1, input);
    }
}
