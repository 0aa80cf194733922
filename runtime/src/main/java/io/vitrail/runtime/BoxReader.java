package io.vitrail.runtime;

import io.vitrail.api.Values;
import io.vitrail.picture.Resampling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Read the boxes of a detector off its outputs.
 *
 * <p>Each box of each cell counts once for every class whose confidence x probability reaches the
 * threshold; of two boxes of one class that overlap too much, the better one stays. This is what
 * Darknet and keras-yolo3 do.
 *
 * @param anchors what the sidecar says of the boxes of a cell
 * @param threshold the least confidence x class probability, 0 to 1
 * @param overlap the most that two boxes of one class may share, intersection over union
 * @see <a href="https://arxiv.org/abs/1612.08242">Redmon and Farhadi 2016, Fig. 3</a>
 */
record BoxReader(Anchors anchors, double threshold, double overlap) {
    /** No picture has more that can be told apart; an untrained network has thousands. */
    static final int MOST = 100;

    /** A box as large as this is as large as any. */
    private static final double LARGEST = 1e6;

    /** Return the boxes of an item, the best first. */
    List<FoundBox> boxes(Detector detector, List<Values> outputs, int item) {
        List<FoundBox> candidates = new ArrayList<>();
        for (int i = 0; i < detector.heads().size(); i++) {
            candidates(detector, i, outputs.get(i), item, candidates);
        }
        candidates.sort(Comparator.comparingDouble(FoundBox::score).reversed());
        List<FoundBox> kept = new ArrayList<>();
        for (FoundBox one : candidates) {
            if (kept.size() == MOST) {
                break;
            }
            boolean covered =
                    kept.stream()
                            .anyMatch(
                                    better ->
                                            better.classIndex() == one.classIndex()
                                                    && better.overlap(one) > overlap);
            if (!covered) {
                kept.add(one);
            }
        }
        return kept;
    }

    private void candidates(
            Detector detector, int index, Values output, int item, List<FoundBox> candidates) {
        Detector.Head head = detector.heads().get(index);
        int from =
                item
                        * head.cells()
                        * head.anchors().size()
                        * (Detector.BEFORE_CLASSES + head.classes());
        for (int anchor = 0; anchor < head.anchors().size(); anchor++) {
            for (int cell = 0; cell < head.cells(); cell++) {
                double confidence = sigmoid(output.get(from + head.position(anchor, cell, 4)));
                for (int k = 0; confidence >= threshold && k < head.classes(); k++) {
                    int position = head.position(anchor, cell, Detector.BEFORE_CLASSES + k);
                    double score = confidence * sigmoid(output.get(from + position));
                    if (score >= threshold) {
                        Resampling.Box box = box(detector, head, output, from, anchor, cell);
                        candidates.add(new FoundBox(index, anchor, cell, k, score, box));
                    }
                }
            }
        }
    }

    private static Resampling.Box box(
            Detector detector, Detector.Head head, Values output, int from, int anchor, int cell) {
        double[] t = new double[4];
        for (int i = 0; i < t.length; i++) {
            t[i] = output.get(from + head.position(anchor, cell, i));
        }
        double x = (cell % head.columns() + sigmoid(t[0])) * detector.width() / head.columns();
        double y = (cell / head.columns() + sigmoid(t[1])) * detector.height() / head.rows();
        double width = Math.min(Math.exp(t[2]) * head.anchors().get(anchor).width(), LARGEST);
        double height = Math.min(Math.exp(t[3]) * head.anchors().get(anchor).height(), LARGEST);
        return new Resampling.Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
