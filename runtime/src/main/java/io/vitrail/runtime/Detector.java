package io.vitrail.runtime;

import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Layers;
import io.vitrail.api.graph.ArrayType;
import io.vitrail.api.graph.Axes;
import io.vitrail.api.graph.Graph;
import io.vitrail.api.graph.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A detector of the kind of YOLOv3: every output is a grid of cells, each with a few boxes of
 * {@code x, y, width, height, confidence, classes...}.
 *
 * @param heads its outputs, in order
 * @param width of the input, in pixels
 * @param height of the input, in pixels
 * @see <a href="https://arxiv.org/abs/1804.02767">Redmon and Farhadi 2018</a>
 */
record Detector(List<Head> heads, int width, int height) {
    /** Numbers of a box before those of the classes. */
    static final int BEFORE_CLASSES = 5;

    Detector {
        heads = List.copyOf(heads);
    }

    /**
     * One output.
     *
     * @param channelsLast whether the numbers of a cell stand side by side
     * @param anchors the boxes of a cell
     */
    record Head(boolean channelsLast, int rows, int columns, int classes, List<Anchor> anchors) {
        Head {
            anchors = List.copyOf(anchors);
        }

        int cells() {
            return rows * columns;
        }

        /** Return where a number of a box stands in an item's part of the output. */
        int position(int anchor, int cell, int number) {
            int channel = anchor * (BEFORE_CLASSES + classes) + number;
            return channelsLast
                    ? cell * anchors.size() * (BEFORE_CLASSES + classes) + channel
                    : channel * cells() + cell;
        }
    }

    /**
     * What came of looking.
     *
     * @param problem why it is no detector whose boxes can be read; empty if it is one
     */
    record Recognition(Optional<Detector> detector, String problem) {
        private static Recognition not(String problem) {
            return new Recognition(Optional.empty(), problem);
        }
    }

    /** Find out whether a network is such a detector. */
    static Recognition recognise(Layers layers, Anchors anchors) {
        List<Graph.Result> outputs = layers.graph().outputs();
        ArrayType input = layers.inputs().isEmpty() ? null : layers.inputs().get(0).type();
        if (input == null || layers.inputs().size() > 1 || input.axes().spatial().size() != 2) {
            return Recognition.not("it does not take one picture");
        }
        long height = input.shape().get(input.axes().spatial().get(0));
        long width = input.shape().get(input.axes().spatial().get(1));
        int boxes = anchors.boxesOfCell(outputs.size());
        List<Head> heads = new ArrayList<>();
        long[] strides = new long[outputs.size()];
        for (int i = 0; i < outputs.size(); i++) {
            ArrayType type = layers.type(outputs.get(i).value());
            String problem = problem(layers, i, boxes, height, width);
            if (!problem.isEmpty()) {
                return Recognition.not(
                        "output '" + outputs.get(i).name() + "' " + type.shape() + " " + problem);
            }
            Head head = head(type, boxes);
            if (!heads.isEmpty() && heads.get(0).classes() != head.classes()) {
                return Recognition.not("its outputs differ in their number of classes");
            }
            heads.add(head);
            strides[i] = height / head.rows();
        }
        List<List<Anchor>> sizes = anchors.ofOutputs(strides);
        if (sizes.isEmpty()) {
            return Recognition.not(
                    "the sizes of its boxes are not known; say them with vitrail sidecar MODEL"
                            + " --anchors 10x13,16x30,...");
        }
        List<Head> sized = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            Head head = heads.get(i);
            sized.add(
                    new Head(
                            head.channelsLast,
                            head.rows,
                            head.columns,
                            head.classes,
                            sizes.get(i)));
        }
        return new Recognition(Optional.of(new Detector(sized, (int) width, (int) height)), "");
    }

    private static Head head(ArrayType type, int boxes) {
        Shape shape = type.shape();
        Axes axes = type.axes();
        return new Head(
                axes.channel() == 3,
                (int) shape.get(axes.spatial().get(0)),
                (int) shape.get(axes.spatial().get(1)),
                (int) shape.get(axes.channel()) / boxes - BEFORE_CLASSES,
                List.of());
    }

    private static String problem(Layers layers, int output, int boxes, long height, long width) {
        ArrayType type = layers.type(layers.graph().outputs().get(output).value());
        Axes axes = type.axes();
        if (type.shape().dimension() != 4 || axes.spatial().size() != 2 || axes.channel() < 1) {
            return "is no grid of cells with channels";
        }
        long channels = type.shape().get(axes.channel());
        if (channels % boxes != 0 || channels / boxes <= BEFORE_CLASSES) {
            return "has no channels for " + boxes + " boxes x (5 + classes)";
        }
        long rows = type.shape().get(axes.spatial().get(0));
        long columns = type.shape().get(axes.spatial().get(1));
        // a map of classes for each pixel may well have 21 channels: a detector's cells are larger
        if (rows < 1
                || columns < 1
                || height % rows != 0
                || width % columns != 0
                || height / rows != width / columns
                || height / rows < 2) {
            return "is no grid of square cells over " + height + " x " + width + " pixels";
        }
        boolean squashed =
                layers.finalActivation(output)
                        .filter(layer -> layer.operator() instanceof Operator.Sigmoid)
                        .isPresent();
        return squashed ? "ends in a sigmoid, so that its boxes are written in another way" : "";
    }
}
