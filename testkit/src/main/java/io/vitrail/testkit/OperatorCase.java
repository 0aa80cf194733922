package io.vitrail.testkit;

import static io.vitrail.testkit.Sketch.weight;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One neutral operator as a network of its own, in double, on numbers that keep away from every
 * kink.
 *
 * @param weights the shapes of its parameters
 * @param takes the shapes of the inputs, without the batch
 * @param gives the shape of the output, without the batch
 */
record OperatorCase(
        String name,
        Operator operator,
        Map<String, List<Long>> weights,
        List<List<Long>> takes,
        List<Long> gives) {
    static final Map<String, List<Long>> NONE = Map.of();
    static final List<Long> PICTURE = List.of(2L, 6L, 7L);
    static final int ITEMS = 2;

    /** Return a case for each neutral operator and each layout, some in several settings. */
    static List<OperatorCase> all() {
        List<OperatorCase> all = new ArrayList<>();
        all.addAll(WindowCases.all());
        all.addAll(NormCases.all());
        all.addAll(ActivationCases.all());
        all.addAll(ArrangementCases.all());
        all.addAll(SequenceCases.all());
        List.copyOf(all).forEach(each -> each.channelsLast().ifPresent(all::add));
        return all;
    }

    static OperatorCase one(
            String name,
            Operator operator,
            Map<String, List<Long>> weights,
            List<Long> takes,
            List<Long> gives) {
        return new OperatorCase(name, operator, weights, List.of(takes), gives);
    }

    /** Return the same with channels last, if the operator has a layout. */
    Optional<OperatorCase> channelsLast() {
        return inLayout(operator, Layout.CHANNELS_LAST)
                .filter(last -> !last.equals(operator))
                .map(
                        last ->
                                new OperatorCase(
                                        name + ", channels last",
                                        last,
                                        weights,
                                        takes.stream().map(OperatorCase::moved).toList(),
                                        moved(gives)));
    }

    private static List<Long> moved(List<Long> shape) {
        List<Long> moved = new ArrayList<>(shape.subList(1, shape.size()));
        moved.add(shape.get(0));
        return moved;
    }

    static Optional<Operator> inLayout(Operator operator, Layout layout) {
        if (operator instanceof Operator.Convolution o) {
            return Optional.of(
                    new Operator.Convolution(
                            o.strides(), o.before(), o.after(), o.dilations(), o.groups(), layout));
        }
        if (operator instanceof Operator.TransposedConvolution o) {
            return Optional.of(
                    new Operator.TransposedConvolution(
                            o.strides(), o.before(), o.after(), o.dilations(), o.groups(), layout));
        }
        if (operator instanceof Operator.MaxPool o) {
            return Optional.of(
                    new Operator.MaxPool(
                            o.kernel(),
                            o.strides(),
                            o.before(),
                            o.after(),
                            o.dilations(),
                            o.ceil(),
                            layout));
        }
        if (operator instanceof Operator.AveragePool o) {
            return Optional.of(
                    new Operator.AveragePool(
                            o.kernel(),
                            o.strides(),
                            o.before(),
                            o.after(),
                            o.ceil(),
                            o.countPadding(),
                            layout));
        }
        if (operator instanceof Operator.GroupNorm o) {
            return Optional.of(new Operator.GroupNorm(o.groups(), o.epsilon(), layout));
        }
        if (operator instanceof Operator.Resize o) {
            return Optional.of(
                    new Operator.Resize(o.sizes(), o.interpolation(), o.antialias(), layout));
        }
        return Optional.empty();
    }

    GraphSource network() {
        Map<String, Parameter> filled = new LinkedHashMap<>();
        weights.forEach((weight, shape) -> filled.put(weight, filled(weight, shape)));
        return new SingleOperator(name, operator, filled, takes, gives).network();
    }

    /** Return two items of numbers from -5 to 5 that differ, or of their size where they must. */
    NDList inputs(NDManager manager) {
        List<double[]> elements = new ArrayList<>();
        for (int i = 0; i < takes.size(); i++) {
            long size = ITEMS * new Shape(SingleOperator.sizes(takes.get(i))).size();
            elements.add(spread((int) size, 11 * i));
        }
        if (operator instanceof Operator.Pointwise o
                && (o.function() == Operator.Pointwise.Function.LOG
                        || o.function() == Operator.Pointwise.Function.SQUARE_ROOT)) {
            elements.forEach(OperatorCase::makePositive);
        }
        if (operator instanceof Operator.Embedding) {
            elements.forEach(OperatorCase::makeRows);
        }
        return new SingleOperator(name, operator, Map.of(), takes, gives)
                .inputs(manager, ITEMS, elements);
    }

    /** Numbers of three rows, with a half that is cut off. */
    private static void makeRows(double[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i % 3 + 0.5;
        }
    }

    private static void makePositive(double[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = 0.5 + Math.abs(numbers[i]);
        }
    }

    private static Parameter filled(String name, List<Long> shape) {
        int size = (int) new Shape(SingleOperator.sizes(shape)).size();
        double[] numbers = spread(size, name.length());
        if (name.equals("variance")) {
            makePositive(numbers);
        } else {
            for (int i = 0; i < size; i++) {
                numbers[i] /= 4; // of either sign and about 1
            }
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
}
