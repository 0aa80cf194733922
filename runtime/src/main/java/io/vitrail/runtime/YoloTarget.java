package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * The score of a YOLO detector: confidence times class, summed over grid and boxes.
 *
 * <p>An output has {@code boxes * (5 + classes)} channels: for each box x, y, width, height,
 * confidence, then the classes.
 *
 * @param channelAxis of the output
 * @param boxes the number of boxes a cell
 * @param which the class, or -1 for all
 * @param sigmoid whether the output still needs a sigmoid
 * @see <a href="https://arxiv.org/abs/1804.02767">Redmon and Farhadi 2018</a>
 */
record YoloTarget(int channelAxis, int boxes, long which, boolean sigmoid) {
    private static final int CONFIDENCE = 4;

    /** Return the score of each item, of shape {@code (N)}. */
    NDArray score(NDArray output) {
        Shape shape = output.getShape();
        boolean first = channelAxis == 1;
        long channels = shape.get(channelAxis);
        long items = shape.get(0);
        NDArray split =
                first
                        ? output.reshape(items, boxes, channels / boxes, -1)
                        : output.reshape(items, -1, boxes, channels / boxes);
        int axis = first ? 2 : 3;
        String classes = which < 0 ? (CONFIDENCE + 1) + ":" : slice(CONFIDENCE + 1 + which);
        NDArray confidence = squashed(at(split, axis, slice(CONFIDENCE)));
        return FormulaTarget.sum(confidence.mul(squashed(at(split, axis, classes))));
    }

    /** Return the sum of the products on the tensor as it stands, without boxes or sigmoid. */
    static NDArray raw(NDArray output, int axis) {
        NDArray classes = at(output, axis, (CONFIDENCE + 1) + ":");
        return FormulaTarget.sum(at(output, axis, slice(CONFIDENCE)).mul(classes));
    }

    private NDArray squashed(NDArray array) {
        return sigmoid ? array.getNDArrayInternal().sigmoid() : array;
    }

    private static String slice(long from) {
        return from + ":" + (from + 1);
    }

    private static NDArray at(NDArray array, int axis, String slice) {
        return array.get(new NDIndex(":, ".repeat(axis) + slice));
    }
}
