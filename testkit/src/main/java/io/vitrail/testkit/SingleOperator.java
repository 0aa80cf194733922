package io.vitrail.testkit;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.GraphSource;
import io.vitrail.api.graph.Layout;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A network of one operator, in double; its layer is {@code op}.
 *
 * @param takes the shapes of the inputs, without the batch
 * @param gives the shape of the output, without the batch
 */
record SingleOperator(
        String name,
        Operator operator,
        Map<String, Parameter> weights,
        List<List<Long>> takes,
        List<Long> gives) {

    /**
     * Return the network: the operator alone; for a constant, its sum with the input; for what says
     * yes or no, the input where it says yes, else twice that.
     */
    GraphSource network() {
        return new SketchedSource(
                name,
                DataType.FLOAT64,
                layout(),
                sketch -> {
                    Value[] inputs = new Value[takes.size()];
                    for (int i = 0; i < inputs.length; i++) {
                        inputs[i] = sketch.input("x" + i, sizes(takes.get(i)));
                    }
                    sketch.output(
                            "y",
                            operator instanceof Operator.Constant
                                    ? sum(sketch, inputs[0])
                                    : operator instanceof Operator.Compare
                                            ? chosen(sketch, inputs[0])
                                            : sketch.node("op", operator, weights, gives, inputs));
                });
    }

    private Value chosen(Sketch sketch, Value input) {
        Value truth = sketch.truth("op", operator, gives, input);
        Value twice = sketch.node("twice", new Operator.Scale(2, 0), Map.of(), gives, input);
        return sketch.node("where", new Operator.Select(), Map.of(), gives, truth, input, twice);
    }

    private Layout layout() {
        boolean last =
                OperatorCase.inLayout(operator, Layout.CHANNELS_LAST)
                        .filter(operator::equals)
                        .isPresent();
        return last ? Layout.CHANNELS_LAST : Layout.CHANNELS_FIRST;
    }

    private Value sum(Sketch sketch, Value input) {
        Value constant = sketch.nodeOf("op", operator, weights, new Shape(sizes(gives)));
        return sketch.node("add", new Operator.Add(), Map.of(), gives, input, constant);
    }

    /** Return the inputs for a batch, each array's elements in order. */
    NDList inputs(NDManager manager, int items, List<double[]> elements) {
        NDList inputs = new NDList();
        for (int i = 0; i < takes.size(); i++) {
            Shape shape = new Shape(items).addAll(new Shape(sizes(takes.get(i))));
            inputs.add(manager.create(elements.get(i), shape));
        }
        return inputs;
    }

    static long[] sizes(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    static List<Long> l(long... sizes) {
        return LongStream.of(sizes).boxed().toList();
    }
}
