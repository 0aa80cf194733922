package io.vitrail.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.vitrail.api.Source;
import io.vitrail.api.Target;
import io.vitrail.api.Values;
import io.vitrail.api.VitrailException;
import io.vitrail.api.graph.Axes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The confidence x class probability of one predicted box an item.
 *
 * <p>Which box that is, the pass itself says: no second run.
 *
 * @param model its name, for messages
 * @param number the box, the best first, from 0
 * @param fixed the box of the only item, whatever the network predicts; empty to look
 */
record BoxTarget(
        String model,
        String spelling,
        Detector detector,
        BoxReader reader,
        int number,
        List<FoundBox> fixed)
        implements Target {
    BoxTarget {
        fixed = List.copyOf(fixed);
    }

    /** Return this target for the box that one item has now. */
    BoxTarget fixedAt(List<Values> outputs, int item) {
        FoundBox box = box(outputs, item);
        return new BoxTarget(model, spelling, detector, reader, number, List.of(box));
    }

    @Override
    public List<Source> sources() {
        return IntStream.range(0, detector.heads().size())
                .<Source>mapToObj(Source.Output::new)
                .toList();
    }

    @Override
    public long[] classes(NDList values) {
        return boxes(values).stream().mapToLong(FoundBox::classIndex).toArray();
    }

    @Override
    public NDArray score(NDList values) {
        List<FoundBox> boxes = boxes(values);
        NDArray total = part(values.get(0), 0, boxes);
        for (int i = 1; i < values.size(); i++) {
            total = total.add(part(values.get(i), i, boxes));
        }
        return total;
    }

    /** Return the scores of the items whose box is in this output, 0 for the others. */
    private NDArray part(NDArray output, int index, List<FoundBox> boxes) {
        Detector.Head head = detector.heads().get(index);
        long[] confidences = new long[boxes.size()];
        long[] classes = new long[boxes.size()];
        float[] here = new float[boxes.size()];
        for (int n = 0; n < here.length; n++) {
            FoundBox box = boxes.get(n);
            if (box.head() == index) {
                confidences[n] = head.position(box.anchor(), box.cell(), 4);
                classes[n] =
                        head.position(
                                box.anchor(),
                                box.cell(),
                                Detector.BEFORE_CLASSES + box.classIndex());
                here[n] = 1;
            }
        }
        NDArray rows = output.reshape(boxes.size(), -1);
        NDManager manager = rows.getManager();
        NDArray mask = manager.create(here).toType(rows.getDataType(), false);
        return probability(rows, confidences).mul(probability(rows, classes)).mul(mask);
    }

    private static NDArray probability(NDArray rows, long[] positions) {
        NDArray index = rows.getManager().create(positions, new Shape(positions.length, 1));
        return rows.gather(index, 1).reshape(positions.length).getNDArrayInternal().sigmoid();
    }

    private List<FoundBox> boxes(NDList values) {
        int items = Math.toIntExact(values.head().getShape().get(0));
        if (!fixed.isEmpty()) {
            return IntStream.range(0, items).mapToObj(n -> fixed.get(0)).toList();
        }
        List<Values> outputs =
                values.stream().map(array -> Values.copyOf(array, Axes.NONE)).toList();
        List<FoundBox> boxes = new ArrayList<>();
        for (int n = 0; n < items; n++) {
            boxes.add(box(outputs, n));
        }
        return boxes;
    }

    private FoundBox box(List<Values> outputs, int item) {
        List<FoundBox> found = reader.boxes(detector, outputs, item);
        if (number < found.size()) {
            return found.get(number);
        }
        throw VitrailException.input(
                model
                        + ": target '"
                        + spelling
                        + "': "
                        + (found.isEmpty()
                                ? "no box is predicted"
                                : found.size() == 1
                                        ? "the only box is box:0"
                                        : "the boxes are box:0 to box:" + (found.size() - 1))
                        + " with a score of "
                        + reader.threshold()
                        + " or more\n  do:  see them with vitrail predict, "
                        + (found.size() == BoxReader.MOST
                                ? "or raise --threshold: of more boxes the best "
                                        + BoxReader.MOST
                                        + " are told"
                                : "or lower --threshold"));
    }
}
