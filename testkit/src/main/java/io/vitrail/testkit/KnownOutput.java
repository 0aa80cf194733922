package io.vitrail.testkit;

import static io.vitrail.testkit.SingleOperator.l;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An operator, one item of input and the output that its definition gives.
 *
 * <p>Unless said otherwise the numbers were worked out by hand.
 */
record KnownOutput(SingleOperator network, List<double[]> input, double[] expected) {
    static final Map<String, Parameter> NONE = Map.of();
    static final double[] NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    static final List<Long> SQUARE = l(1, 3, 3);

    static List<KnownOutput> all() {
        return Stream.of(
                        KnownActivations.all(),
                        KnownWindows.all(),
                        KnownNorms.all(),
                        KnownArrangements.all())
                .flatMap(List::stream)
                .toList();
    }

    static KnownOutput one(
            String name,
            Operator operator,
            Map<String, Parameter> weights,
            List<Long> takes,
            double[] input,
            List<Long> gives,
            double[] expected) {
        return new KnownOutput(
                new SingleOperator(name, operator, weights, List.of(takes), gives),
                List.of(input),
                expected);
    }

    /** As many numbers in as out, one axis. */
    static KnownOutput row(String name, Operator operator, double[] input, double[] expected) {
        List<Long> shape = l(input.length);
        return one(name, operator, NONE, shape, input, shape, expected);
    }

    /** The numbers from 1 to 9 in a square. */
    static KnownOutput square(
            String name, Operator operator, List<Long> gives, double... expected) {
        return one(name, operator, NONE, SQUARE, NINE, gives, expected);
    }

    static double[] n(double... numbers) {
        return numbers;
    }

    String name() {
        return network.name();
    }

    NDList inputs(NDManager manager) {
        return network.inputs(manager, 1, input);
    }
}
