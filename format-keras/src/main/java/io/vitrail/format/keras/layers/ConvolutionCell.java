package io.vitrail.format.keras.layers;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.graph.Operator;
import io.vitrail.api.graph.Parameter;
import io.vitrail.api.graph.Value;
import io.vitrail.format.keras.LayerBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cell of a convolutional LSTM, whose states are pictures. */
record ConvolutionCell(LayerBuilder layer) implements LoopedCell {
    private static final String FOLDER = "conv_lstm_cell";

    @Override
    public String kind() {
        return "conv_lstm" + axes() + "d";
    }

    private int axes() {
        return Windows.spatialAxes(layer);
    }

    private long filters() {
        return layer.config().integer("filters");
    }

    /** Convolve all pictures of all steps at once. */
    @Override
    public Value prepare(Value sequence) {
        Shape shape = layer.shape(sequence);
        if (shape.dimension() != axes() + 3) {
            throw layer.refusal(
                    "reads " + shape + ", where it takes steps of " + axes() + " axes of space",
                    "save the model again");
        }
        List<Long> picture = Shaping.sizes(layer, sequence);
        picture.remove(1);
        Value flat = layer.add(new Operator.Reshape(picture), sequence);
        Value made = convolved(layer.part("input", FOLDER + axes() + "D", "cell"), flat);
        List<Long> steps = Shaping.sizes(layer, made);
        steps.add(1, shape.get(1));
        return layer.add(new Operator.Reshape(steps), made);
    }

    private Value convolved(LayerBuilder cell, Value flat) {
        List<Long> kernel = Windows.each(layer, "kernel_size", axes(), List.of());
        List<Long> strides = Windows.each(layer, "strides", axes(), List.of(1L));
        List<Long> dilations = Windows.each(layer, "dilation_rate", axes(), List.of(1L));
        Windows.Padding padding =
                Windows.padding(
                        layer, Windows.sizes(layer, flat, axes()), kernel, strides, dilations);
        Map<String, Parameter> weights = new LinkedHashMap<>();
        long in = Windows.channels(layer, flat);
        weights.put("weight", Convolutions.kernel(cell, "kernel", 0, kernel, in, 4 * filters()));
        Convolutions.addBias(cell, weights, 2, 4 * filters());
        Operator convolution =
                new Operator.Convolution(
                        strides, padding.before(), padding.after(), dilations, 1, layer.layout());
        return cell.add(LayerBuilder.ITSELF, convolution, weights, flat);
    }

    /**
     * States have the shape of what the input's convolution makes, of a quarter of the channels.
     */
    @Override
    public List<Shape> states(Value sequence) {
        List<Long> kernel = Windows.each(layer, "kernel_size", axes(), List.of());
        List<Long> strides = Windows.each(layer, "strides", axes(), List.of(1L));
        List<Long> dilations = Windows.each(layer, "dilation_rate", axes(), List.of(1L));
        Shape shape = layer.shape(sequence);
        int first = layer.layout().channel(axes() + 2) == 1 ? 3 : 2;
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < axes(); i++) {
            sizes.add(shape.get(first + i));
        }
        Windows.Padding padding = Windows.padding(layer, sizes, kernel, strides, dilations);
        List<Long> state = new ArrayList<>();
        for (int i = 0; i < axes(); i++) {
            long whole = sizes.get(i) + padding.before().get(i) + padding.after().get(i);
            long extent = Windows.extent(kernel.get(i), dilations.get(i));
            state.add((whole - extent) / strides.get(i) + 1);
        }
        state.add(first == 3 ? 0 : state.size(), filters());
        Shape each = Convolutions.shape(state);
        return List.of(each, each);
    }

    @Override
    public List<Value> step(LayerBuilder step, Value x, List<Value> states) {
        List<Long> kernel = Windows.each(layer, "kernel_size", axes(), List.of());
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (long size : kernel) { // as mode same, whatever that of the input is
            before.add((size - 1) / 2);
            after.add(size - 1 - (size - 1) / 2);
        }
        List<Long> ones = Collections.nCopies(axes(), 1L);
        LayerBuilder recurrent = step.part("recurrent", FOLDER + axes() + "D", "cell");
        Parameter weight =
                Convolutions.kernel(
                        recurrent, "recurrent_kernel", 1, kernel, filters(), 4 * filters());
        Value turned =
                recurrent.add(
                        LayerBuilder.ITSELF,
                        new Operator.Convolution(ones, before, after, ones, 1, layer.layout()),
                        Map.of("weight", weight),
                        states.get(0));
        Value sums = step.add(new Operator.Add(), x, turned);
        return GateCell.lstm(step, sums, states.get(1), layer.layout().channel(axes() + 2));
    }
}
